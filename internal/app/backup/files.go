package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// writeFiles writes whatever lies in the data directory and is no engine's, and
// the configuration. It comes first: a log of what the database did must not be
// ahead of it.
func (s *Source) writeFiles(ctx context.Context, a *archive) error {
	if s.Config != "" {
		if err := a.addFile(configPart+"/"+filepath.Base(s.Config), s.Config); err != nil {
			return err
		}
	}
	for _, n := range s.Named {
		err := eachFile(ctx, n.Path, func(string) bool { return false }, func(name, path string) error {
			if name == "." {
				name = filepath.Base(path)
			}
			return a.addFile(configPart+"/"+n.Key+"/"+filepath.ToSlash(name), path)
		})
		if err != nil {
			return err
		}
	}
	return eachFile(ctx, s.Data, s.leftOut, func(name, path string) error {
		return a.addFile(filesPart+"/"+filepath.ToSlash(name), path)
	})
}

// eachFile hands over every file below a folder, or the file itself, but what is
// left out. Files that go away meanwhile are none.
func eachFile(ctx context.Context, root string, leftOut func(name string) bool, take func(name, path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("look for files to back up: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if leftOut(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		err = take(name, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// leftOut tells what is no plain file of a backup: what the engines hand over
// themselves, what is unfinished, and what belongs to this machine's process.
func (s *Source) leftOut(name string) bool {
	switch top, rest, _ := strings.Cut(filepath.ToSlash(name), "/"); top {
	case exchangeFolder, workFolder, "upgrades", "lock":
		return true
	case eventsFolder:
		return rest != "" && rest != quarantine && !strings.HasPrefix(rest, quarantine+"/") || strings.HasSuffix(rest, ".tmp")
	case "warder.db", "warder.db-wal", "warder.db-shm", "warder.db-journal":
		return true
	}
	if strings.HasSuffix(name, ".tmp") {
		return true
	}
	for _, path := range s.Except {
		if path == filepath.Join(s.Data, name) {
			return true
		}
	}
	return false
}
