package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"golang.org/x/sys/unix"

	"warder/internal/kit/fault"
)

// Maker makes backup files.
type Maker struct {
	Source     Source
	Recipients []age.Recipient
	Now        func() time.Time
	// Free tells how many bytes the disk of a path has left; nil asks the system.
	Free func(path string) (uint64, error)
	// Told hears how far a backup is; nil for nobody.
	Told func(Progress)
}

// Progress is how far a backup is.
type Progress struct {
	Part  string `json:"part"`  // which part is written; "verify" at the end
	Bytes int64  `json:"bytes"` // so far
}

// Made is what is known of a finished backup without opening it.
type Made struct {
	Name     string          `json:"name"`
	Made     time.Time       `json:"made"`
	Took     float64         `json:"took" doc:"seconds, with the verification"`
	Bytes    int64           `json:"bytes"`
	SHA256   string          `json:"sha256"`
	Program  string          `json:"program" doc:"version that made it"`
	Verified time.Time       `json:"verified" doc:"when the file was read back, decrypted and compared"`
	Parts    map[string]Part `json:"parts"`
}

// Make writes a backup to path, which must not exist, and verifies it. Before it
// has its name it is whole and on the disk; after a failure nothing is left.
func (m *Maker) Make(ctx context.Context, path string) (made Made, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return Made{}, fault.New(fault.Conflict, "%s exists already: name another file", path)
	}
	began := m.Now()
	unfinished := path + ".tmp"
	defer func() {
		if err != nil {
			_ = os.Remove(unfinished) // what stays is removed by the next backup
			err = m.full(path, err)
		}
	}()
	opens, bytes, err := m.writeFile(ctx, unfinished, began)
	if err != nil {
		return Made{}, err
	}
	m.tell(Progress{Part: "verify", Bytes: bytes})
	found, sum, err := verify(ctx, unfinished, opens)
	if err != nil {
		return Made{}, fmt.Errorf("the backup was written and is not what was to be written; it was removed: %w", err)
	}
	made = Made{Name: filepath.Base(path), Made: began.UTC(), Bytes: bytes, SHA256: sum, Program: found.Head.Program,
		Verified: m.Now().UTC(), Took: m.Now().Sub(began).Seconds(), Parts: found.Parts}
	return made, errors.Join(os.Rename(unfinished, path), syncPath(filepath.Dir(path)))
}

// writeFile writes and encrypts, up to the fsync. It returns what opens the file.
func (m *Maker) writeFile(ctx context.Context, path string, began time.Time) (opens age.Identity, bytes int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("begin the backup: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(&roomWriter{ctx: ctx, to: f, path: path, free: m.free()}, 1<<20)
	sealed, opener, err := seal(out, m.Recipients)
	if err != nil {
		return nil, 0, err
	}
	if err := m.writeArchive(ctx, sealed, began); err != nil {
		return nil, 0, err
	}
	for _, step := range []func() error{sealed.Close, out.Flush, f.Sync} {
		if err := step(); err != nil {
			return nil, 0, fmt.Errorf("finish the backup: %w", err)
		}
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("finish the backup: %w", err)
	}
	// What is verified comes from the disk, not from the memory of the system.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) // advice; some disks take none
	return opener(), info.Size(), nil
}

func (m *Maker) writeArchive(ctx context.Context, w io.Writer, began time.Time) error {
	var done int64
	a, err := newArchive(w, began, func(part string, n int) {
		done += int64(n)
		m.tell(Progress{Part: part, Bytes: done})
	})
	if err != nil {
		return err
	}
	head := m.Source.Head
	head.Kind, head.Format, head.Made = kind, format, began.UTC()
	if err := a.addJSON(headName, head); err != nil {
		return err
	}
	if err := m.Source.write(ctx, a); err != nil {
		return err
	}
	return a.close()
}

func (m *Maker) tell(p Progress) {
	if m.Told != nil {
		m.Told(p)
	}
}

// verify reads a file from the disk as a restore does.
func verify(ctx context.Context, path string, opens age.Identity) (*Contents, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	sum := sha256.New()
	found, err := Check(ctx, io.TeeReader(bufio.NewReaderSize(f, 1<<20), sum), []age.Identity{opens})
	return found, hex.EncodeToString(sum.Sum(nil)), err
}

// interruptible ends reading with its context.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

// describe writes beside a backup what is known of it.
func describe(path string, made Made) error {
	text, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(path, append(text, '\n'))
}

// writeWhole gives a file its name after its bytes are on the disk.
func writeWhole(path string, text []byte) error {
	f, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".tmp"))
	}
	return errors.Join(os.Rename(path+".tmp", path), syncPath(filepath.Dir(path)))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
