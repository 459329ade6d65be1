package follow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"warder/internal/stage/source"
)

// mostFiles bounds what one source follows at a time.
const mostFiles = 256

// resume opens the files of saved cursors: those that still stand in their
// place, and those that were rotated away within their folder meanwhile.
func (f *Follower) resume(ctx context.Context) error {
	cursors, err := f.cursors.FileCursors(ctx, f.in.Source().ID)
	if err != nil {
		return fmt.Errorf("read how far files were read: %w", err)
	}
	f.known = len(cursors) > 0
	f.closeAll() // of a try that failed half way
	f.gone = nil
	for _, c := range cursors {
		t, err := f.reopen(c)
		switch {
		case err != nil:
			return fmt.Errorf("resume %s: %w", c.Path, err)
		case t == nil:
			f.gone = append(f.gone, c.Identity)
			f.log.Warn("a file that was followed is gone; lines behind the cursor, if there were any, are lost", "path", c.Path, "offset", c.Offset)
		default:
			f.tails[t.identity] = t
		}
	}
	return nil
}

// reopen finds the file of a cursor by its identity and head; nil when it is gone.
func (f *Follower) reopen(c source.FileCursor) (*tail, error) {
	for _, path := range candidates(c) {
		t, info, err := openTail(path)
		if err != nil {
			continue // vanished, or not ours to read
		}
		if t.identity == c.Identity {
			same, err := sameContent(t.file, info.Size(), c)
			if err != nil {
				return nil, errors.Join(err, t.file.Close())
			}
			if same {
				t.offset, t.generation, t.head, t.headLen, t.saved = c.Offset, c.Generation, c.Head, c.HeadLen, c
				t.path, t.grew = c.Path, f.now()
				return t, nil
			}
		}
		_ = t.file.Close()
	}
	return nil, nil
}

// mostNeighbours bounds the search for a file that was renamed.
const mostNeighbours = 10000

// candidates are the path of a cursor and the regular files beside it.
func candidates(c source.FileCursor) []string {
	out := []string{c.Path}
	dir, base := filepath.Split(c.Path)
	d, err := os.Open(filepath.Clean(dir))
	if err != nil {
		return out
	}
	defer d.Close()
	entries, _ := d.ReadDir(mostNeighbours) // what could be read is looked at
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		info, err := e.Info()
		if e.Name() != base && err == nil && info.Mode().IsRegular() && identityOf(path, info) == c.Identity {
			out = append(out, path)
		}
	}
	return out
}

// discover opens files that match and are not followed yet, and notes which of
// the others left their place.
func (f *Follower) discover() error {
	for _, t := range f.tails {
		t.listed = false
	}
	var errs []error
	for _, pattern := range f.o.Paths {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return fmt.Errorf("look for %s: %w", pattern, err)
		}
		for _, path := range paths {
			errs = append(errs, f.see(path))
		}
	}
	return errors.Join(errs...)
}

// see notes that a path exists.
func (f *Follower) see(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // in the middle of a rotation
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	if t := f.tails[identityOf(path, info)]; t != nil {
		t.listed, t.path = true, path
		return nil
	}
	if len(f.tails) >= mostFiles {
		return fmt.Errorf("follow %s: %d files are followed already, the most for one source", path, mostFiles)
	}
	t, info, err := openTail(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if f.tails[t.identity] != nil { // renamed between the two looks
		return t.file.Close()
	}
	t.grew = f.now()
	if f.o.Start == source.StartEnd && !f.known {
		if err := t.skipToEnd(info.Size()); err != nil {
			return errors.Join(err, t.file.Close())
		}
	}
	f.tails[t.identity] = t
	return nil
}

// ordered lists files so that one that was rotated away is read before its
// successor.
func (f *Follower) ordered() []*tail {
	out := make([]*tail, 0, len(f.tails))
	for _, t := range f.tails {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *tail) int {
		if a.listed != b.listed {
			if b.listed {
				return -1
			}
			return 1
		}
		return strings.Compare(a.path, b.path)
	})
	return out
}
