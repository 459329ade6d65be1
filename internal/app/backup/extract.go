package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"warder/internal/kit/fault"
	"warder/internal/store"
)

const (
	rowsFolder   = "rows.tmp"        // of the database, until they are in it
	configFolder = "restored-config" // the configuration as it was, and what it names
)

// Extracted is a backup that was read to its end and found whole.
type Extracted struct {
	Contents
	dir string
}

// Extract decrypts a backup into an empty folder and compares it with its own
// list. After an error what is in the folder is worth nothing.
func Extract(ctx context.Context, r io.Reader, with []age.Identity, dir string) (*Extracted, error) {
	plain, err := unseal(&interruptible{ctx, r}, with)
	if err != nil {
		return nil, err
	}
	to := &folder{dir: dir, made: map[string]bool{}}
	found, err := read(plain, to)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return &Extracted{Contents: *found, dir: dir}, nil
}

// folder is a sink that lays entries down as the data directory has them.
type folder struct {
	checking
	dir  string
	made map[string]bool
}

func (f *folder) entry(name string, size int64, r io.Reader) error {
	if partOf(name) == storePart {
		return f.rows(name, r)
	}
	path, err := f.claim(name)
	if err != nil {
		return err
	}
	if path == "" {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	return f.write(filepath.Join(f.dir, path), r)
}

// rows keeps rows for later, and says now what is wrong with them.
func (f *folder) rows(name string, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := f.checking.entry(name, int64(len(data)), strings.NewReader(string(data))); err != nil {
		return err
	}
	return f.write(filepath.Join(f.dir, rowsFolder, filepath.FromSlash(strings.TrimPrefix(name, storePart+"/"))), strings.NewReader(string(data)))
}

// place says where an entry lies in the data directory; empty for nowhere.
func place(name string) (string, error) {
	part := partOf(name)
	below := filepath.FromSlash(strings.TrimPrefix(name, part+"/"))
	switch part {
	case eventsPart:
		return filepath.Join(eventsFolder, below), nil
	case exchangePart:
		return filepath.Join(exchangeFolder, below), nil
	case configPart:
		return filepath.Join(configFolder, below), nil
	}
	if strings.HasPrefix(below, configFolder+string(filepath.Separator)) {
		return "", nil // of the restore before; earlier versions backed it up
	}
	if leftOut(below) || strings.HasPrefix(below, rowsFolder) {
		return "", damaged("there is an entry %q, which is no file of a backup", name)
	}
	return below, nil
}

func (f *folder) write(path string, r io.Reader) (err error) {
	if parent := filepath.Dir(path); !f.made[parent] {
		if err := os.MkdirAll(parent, 0o700); err != nil {
			return unwritten(err)
		}
		f.made[parent] = true
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unwritten(err)
	}
	if _, err := io.Copy(writing{out}, r); err != nil {
		return errors.Join(err, out.Close())
	}
	if err := out.Close(); err != nil {
		return unwritten(err)
	}
	return nil
}

// writing tells failures of the disk from those of the backup.
type writing struct{ to io.Writer }

func (w writing) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil {
		err = unwritten(err)
	}
	return n, err
}

func unwritten(err error) error {
	return fault.New(fault.Unavailable, "what is in the backup cannot be written beside the data directory, so nothing was changed: %w", err)
}

// Chunks are the rows of the backup, for the database.
func (e *Extracted) Chunks(ctx context.Context, table string, take func(store.Chunk) error) error {
	entries, err := os.ReadDir(filepath.Join(e.dir, rowsFolder, table))
	if errors.Is(err, os.ErrNotExist) {
		return nil // a table without rows
	}
	if err != nil {
		return fmt.Errorf("read the rows of %s: %w", table, err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	slices.Sort(names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := os.ReadFile(filepath.Join(e.dir, rowsFolder, table, name))
		if err != nil {
			return fmt.Errorf("read the rows of %s: %w", table, err)
		}
		chunk, err := readChunk(storePart+"/"+table+"/"+name, data)
		if err != nil {
			return err
		}
		if err := take(chunk); err != nil {
			return err
		}
	}
	return nil
}

// ForgetRows removes the rows, once they are in the database.
func (e *Extracted) ForgetRows() error { return os.RemoveAll(filepath.Join(e.dir, rowsFolder)) }
