package events

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Disk is the file system that segments lie on. Tests hand in one that forgets,
// like a disk in a power cut, what was not synced, or one that is full.
type Disk interface {
	// Create makes a file anew, readable by its owner only.
	Create(path string) (File, error)
	Open(path string) (File, error)
	Rename(from, to string) error
	Remove(path string) error
	MakeFolder(path string) error
	// SyncFolder makes the names in a folder durable.
	SyncFolder(path string) error
	List(folder string) ([]Entry, error)
}

// File is an open file. Sync returns when its bytes are durable.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Sync() error
	Size() (int64, error)
}

// Entry is one name in a folder.
type Entry struct {
	Name   string
	Folder bool
	Size   int64
}

// osDisk is the operating system's.
type osDisk struct{}

type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (osDisk) Create(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) Open(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) Rename(from, to string) error { return os.Rename(from, to) }

func (osDisk) Remove(path string) error { return os.Remove(path) }

func (osDisk) MakeFolder(path string) error { return os.MkdirAll(path, 0o700) }

func (osDisk) SyncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (osDisk) List(folder string) ([]Entry, error) {
	found, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, 0, len(found))
	for _, e := range found {
		entry := Entry{Name: e.Name(), Folder: e.IsDir()}
		if info, err := e.Info(); err == nil { // it may have gone meanwhile
			entry.Size = info.Size()
		}
		out = append(out, entry)
	}
	return out, nil
}

// makeFolder makes a folder below dir and sees that it survives a power cut.
func makeFolder(d Disk, dir, folder string) error {
	if err := d.MakeFolder(folder); err != nil {
		return err
	}
	for at := filepath.Dir(folder); ; at = filepath.Dir(at) {
		if err := d.SyncFolder(at); err != nil {
			return err
		}
		if len(at) <= len(dir) {
			return nil
		}
	}
}

// writeWhole writes a small file so that a crash leaves the old one or the new.
func writeWhole(d Disk, path string, body []byte) error {
	half := path + unfinished
	f, err := d.Create(half)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = errors.Join(d.Rename(half, path), d.SyncFolder(filepath.Dir(path)))
	}
	if err != nil {
		_ = d.Remove(half) // what stays is removed at the next start
	}
	return err
}

// mostSmall bounds a file that is read whole.
const mostSmall = 256 << 20

func readWhole(d Disk, path string) ([]byte, error) {
	f, err := d.Open(path)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(f, mostSmall+1))
	if err == nil && len(body) > mostSmall {
		err = fmt.Errorf("%s is larger than %d bytes", filepath.Base(path), mostSmall)
	}
	return body, errors.Join(err, f.Close())
}
