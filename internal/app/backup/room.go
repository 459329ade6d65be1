package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"warder/internal/kit/fault"
)

const (
	// reserve is what a backup leaves free: the way of events stops accepting when
	// its disk is nearly full, and a backup must not be what fills it.
	reserve = 256 << 20
	// lookEvery is how many bytes are written between two looks at the disk.
	lookEvery = 16 << 20
)

// errNoRoom says that a backup ended before it filled the disk.
var errNoRoom = errors.New("the disk has no room for the backup")

// roomWriter writes while the disk has room and its context goes on.
type roomWriter struct {
	ctx     context.Context
	to      io.Writer
	path    string
	free    func(path string) (uint64, error)
	written int64 // since the last look; the first write looks
	looked  bool
}

func (w *roomWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if !w.looked || w.written >= lookEvery {
		w.looked, w.written = true, 0
		if free, err := w.free(filepath.Dir(w.path)); err == nil && free < reserve+lookEvery {
			return 0, fmt.Errorf("%w: %d MiB are free, and %d MiB are left alone for the events that come in", errNoRoom, free>>20, reserve>>20)
		}
	}
	n, err := w.to.Write(p)
	w.written += int64(n)
	return n, err
}

func (m *Maker) free() func(string) (uint64, error) {
	if m.Free != nil {
		return m.Free
	}
	return func(path string) (uint64, error) {
		var st unix.Statfs_t
		if err := unix.Statfs(path, &st); err != nil {
			return 0, err
		}
		return st.Bavail * uint64(st.Bsize), nil
	}
}

// full says in words that there was no room.
func (m *Maker) full(path string, err error) error {
	if errors.Is(err, errNoRoom) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.New(fault.Unavailable, "no backup was made, because there is no room in %s: make room, or name another folder: %w", filepath.Dir(path), err)
	}
	return err
}
