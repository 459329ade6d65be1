// Package regular reads regular files whole, and nothing else: to open a pipe
// that nobody writes to waits for ever, where no signal and no context reaches,
// and a device has no end. So each file is looked at before it is opened.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrKind is the error of what is there and is no regular file.
var ErrKind = errors.New("is no regular file")

// Read reads a file of a folder that has at most so many bytes. A link is
// followed.
func Read(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil {
		err = check(info, most)
	}
	if err != nil {
		return nil, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return whole(f, most)
}

// ReadPath is Read for a path of the system.
func ReadPath(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = check(info, most)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return whole(f, most)
}

// whole reads what it is let: the file may have grown meanwhile.
func whole(f fs.File, most int64) ([]byte, error) {
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

func check(info fs.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return ErrKind
	case info.Size() > most:
		return fmt.Errorf("has %d bytes; it may have %d", info.Size(), most)
	}
	return nil
}
