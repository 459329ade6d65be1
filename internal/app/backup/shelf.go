package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"warder/internal/kit/fault"
)

const (
	fileEnds     = ".age"
	describeEnds = ".json"
	filePrefix   = "warder-"
)

// shelf is the folder of backups. Beside each file lies what is known of it; a
// file without that is none of Warder's and is left alone.
type shelf struct{ dir string }

// path is where a backup of a moment goes.
func (s shelf) path(at time.Time) string {
	return filepath.Join(s.dir, filePrefix+at.UTC().Format("20060102T150405Z")+fileEnds)
}

// clear makes the folder and removes what a run that was killed left.
func (s shelf) clear() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of backups: %w", err)
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("read the folder of backups: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filePrefix) && strings.HasSuffix(e.Name(), ".tmp") {
			if err := os.Remove(filepath.Join(s.dir, e.Name())); err != nil {
				return fmt.Errorf("remove an unfinished backup: %w", err)
			}
		}
	}
	return nil
}

// list returns the backups, newest first.
func (s shelf) list() ([]Made, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the folder of backups: %w", err)
	}
	var all []Made
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), fileEnds) {
			continue
		}
		if made, err := s.read(e.Name()); err == nil {
			all = append(all, made)
		}
	}
	slices.SortFunc(all, func(a, b Made) int { return b.Made.Compare(a.Made) })
	return all, nil
}

// read returns what is known of a backup that is there.
func (s shelf) read(name string) (made Made, err error) {
	missing := fault.New(fault.NotFound, "there is no backup %q", name)
	if filepath.Base(name) != name || !strings.HasPrefix(name, filePrefix) || !strings.HasSuffix(name, fileEnds) {
		return Made{}, missing
	}
	info, err := os.Stat(filepath.Join(s.dir, name))
	if err != nil {
		return Made{}, missing
	}
	text, err := os.ReadFile(filepath.Join(s.dir, name+describeEnds))
	if err != nil {
		return Made{}, missing
	}
	if err := json.Unmarshal(text, &made); err != nil || made.Name != name || made.Bytes != info.Size() {
		return Made{}, missing
	}
	return made, nil
}

// put describes a backup that was made, and removes the oldest beyond keep.
func (s shelf) put(made Made, keep int) error {
	if err := describe(filepath.Join(s.dir, made.Name+describeEnds), made); err != nil {
		return fmt.Errorf("describe the backup: %w", err)
	}
	all, err := s.list()
	if err != nil {
		return err
	}
	for _, old := range tooMany(all, made, keep) {
		path := filepath.Join(s.dir, old.Name)
		if err := errors.Join(os.Remove(path), os.Remove(path+describeEnds)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}

// tooMany returns those of all, newest first, that go because one was made. That
// one never goes. Those that seem newer were made while the clock was ahead: nobody
// knows how old they are, and they go first.
func tooMany(all []Made, made Made, keep int) []Made {
	var past, ahead []Made
	for _, old := range all {
		switch {
		case old.Name == made.Name:
		case old.Made.After(made.Made):
			ahead = append(ahead, old)
		default:
			past = append(past, old)
		}
	}
	others := append(past, ahead...)
	return others[min(max(keep-1, 0), len(others)):]
}
