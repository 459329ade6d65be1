package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"warder/internal/kit/fault"
)

// lostAndFound is what some file systems have at their root, for root only: the
// data directory, and each folder in it, may be a disk of its own.
const lostAndFound = "lost+found"

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
		if err := n.write(ctx, a); err != nil {
			return err
		}
	}
	if err := s.writeAudit(ctx, a); err != nil {
		return err
	}
	except, err := s.except()
	if err != nil {
		return err
	}
	out := func(name string) bool { return name == auditFolder || leftOut(name) || slices.Contains(except, name) }
	return eachFile(ctx, s.Data, out, func(name, path string) error {
		return a.addFile(filesPart+"/"+filepath.ToSlash(name), path)
	})
}

// writeAudit writes the audit's log while nothing is appended to it: an append may
// replace a file, so that a copy of before and after would have neither.
func (s *Source) writeAudit(ctx context.Context, a *archive) error {
	defer s.Still()()
	return eachFile(ctx, filepath.Join(s.Data, auditFolder), unfinished, func(name, path string) error {
		return a.addFile(filesPart+"/"+auditFolder+"/"+filepath.ToSlash(name), path)
	})
}

// write writes what a key names. A file that cannot be found fails the backup: a
// restore without it may not start.
func (n Named) write(ctx context.Context, a *archive) error {
	found := false
	err := eachFile(ctx, n.Path, func(string) bool { return false }, func(name, path string) error {
		if name == "." {
			name = filepath.Base(n.Path)
		}
		if err := a.addFile(configPart+"/"+n.Key+"/"+filepath.ToSlash(name), path); err != nil {
			return err
		}
		found = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("back up what %s names: %w", n.Key, err)
	}
	if info, err := os.Stat(n.Path); !found && (err != nil || !info.IsDir()) {
		return fault.New(fault.Unavailable, "%s names %s, and there is no file: put it back, or change the configuration and start Warder again", n.Key, n.Path)
	}
	return nil
}

// eachFile hands over every file below a folder, or the file itself, but what is
// left out. A link to the folder or to a file is followed; the path is where that
// leads. Files that go away meanwhile are none.
func eachFile(ctx context.Context, root string, leftOut func(name string) bool, take func(name, path string) error) error {
	root, err := filepath.EvalSymlinks(root) // the walk would not follow it
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for files to back up: %w", err)
	}
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
		if name == lostAndFound || leftOut(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !isFile(path, d) {
			return nil
		}
		err = take(name, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// isFile tells whether an entry is a file or a link to one.
func isFile(path string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// except returns the names below the data directory of what is no part of a
// backup, however its path and that of the directory are written.
func (s *Source) except() (names []string, err error) {
	data, err := realPath(s.Data)
	if err != nil {
		return nil, err
	}
	for _, path := range s.Except {
		if path, err = realPath(path); err != nil {
			return nil, err
		}
		if name, err := filepath.Rel(data, path); err == nil && filepath.IsLocal(name) && name != "." { // never everything
			names = append(names, name)
		}
	}
	return names, nil
}

// realPath is the one way to write a path; only its last part may be missing.
func realPath(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(whole); err == nil {
		return real, nil
	}
	if parent, err := filepath.EvalSymlinks(filepath.Dir(whole)); err == nil {
		return filepath.Join(parent, filepath.Base(whole)), nil
	}
	return whole, nil
}

// leftOut tells what is no plain file of a backup: what the engines hand over
// themselves, what is unfinished, and what belongs to this machine's process.
func leftOut(name string) bool {
	switch top, rest, _ := strings.Cut(filepath.ToSlash(name), "/"); top {
	case exchangeFolder, workFolder, configFolder, "upgrades", "lock":
		return true
	case eventsFolder:
		return rest != "" && rest != quarantine && !strings.HasPrefix(rest, quarantine+"/") || strings.HasSuffix(rest, ".tmp")
	case "warder.db", "warder.db-wal", "warder.db-shm", "warder.db-journal":
		return true
	}
	return unfinished(name)
}

func unfinished(name string) bool { return strings.HasSuffix(name, ".tmp") }
