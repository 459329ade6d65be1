package events

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

const quarantine = "quarantine"

// verifyAtStart is how many bytes of segments, newest first, are read and
// compared with their sums before the store opens: what a crash can have torn is
// new. Older ones are compared when they are first read.
const verifyAtStart = 1 << 30

// load finds the segments of a folder and sets aside what is not whole.
func (s *Store) load() error {
	paths, err := s.files()
	if err != nil {
		return err
	}
	if paths, err = s.withoutEmptied(paths); err != nil {
		return err
	}
	var found []*segment
	for _, path := range paths {
		seg, err := s.loadSegment(path)
		switch {
		case errors.Is(err, errDamaged):
			s.report(s.setAside(path, err))
		case err != nil:
			return fmt.Errorf("segment %s: %w", filepath.Base(path), err)
		default:
			found = append(found, seg)
		}
	}
	slices.SortFunc(found, func(a, b *segment) int { return cmp.Or(cmp.Compare(a.After, b.After), cmp.Compare(a.path, b.path)) })
	if s.segments, err = withoutReplaced(s.verifySome(found)); err != nil {
		return err
	}
	if err := s.hideErased(); err != nil {
		return err
	}
	s.stored = max(s.emptied, s.floor)
	for _, seg := range s.segments {
		s.stored = max(s.stored, seg.Through)
	}
	s.appended, s.told = s.stored, s.stored
	return nil
}

// files lists the segments, and removes what a crash left unfinished: nobody was
// told that it is stored.
func (s *Store) files() (paths []string, err error) {
	entries, err := s.o.Disk.List(s.o.Dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		path := filepath.Join(s.o.Dir, e.Name)
		switch {
		case e.Folder && e.Name == quarantine:
			err = s.readQuarantine(path)
		case e.Folder && e.Name == erasures:
			err = s.readErasures(path)
		case e.Folder:
			paths, err = s.filesBelow(path, paths)
		case strings.HasPrefix(e.Name, markPrefix):
			s.readMark(path)
		case strings.HasPrefix(e.Name, floorPrefix):
			s.readFloor(e.Name)
		default:
			paths, err = s.file(path, paths)
		}
		if err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func (s *Store) filesBelow(folder string, paths []string) ([]string, error) {
	entries, err := s.o.Disk.List(folder)
	for _, e := range entries {
		path := filepath.Join(folder, e.Name)
		if e.Folder {
			paths, err = s.filesBelow(path, paths)
		} else {
			paths, err = s.file(path, paths)
		}
		if err != nil {
			break
		}
	}
	return paths, err
}

func (s *Store) file(path string, paths []string) ([]string, error) {
	switch {
	case strings.HasSuffix(path, unfinished):
		return paths, s.o.Disk.Remove(path)
	case strings.HasSuffix(path, suffix):
		return append(paths, path), nil
	}
	return paths, nil
}

// readQuarantine notes what earlier runs set aside.
func (s *Store) readQuarantine(path string) error {
	entries, err := s.o.Disk.List(path)
	for _, e := range entries {
		s.damaged = append(s.damaged, e.Name)
	}
	return err
}

// loadSegment reads what a segment says about itself. When it cannot be read its
// sum tells whose fault that is.
func (s *Store) loadSegment(path string) (*segment, error) {
	seg := &segment{disk: s.o.Disk, path: path}
	seg.hold()
	err := seg.load()
	if errors.Is(err, errUnreadable) {
		return nil, cmp.Or(seg.verify(), err)
	}
	return seg, err
}

func (s *segment) load() error {
	if _, ok := sumOf(s.path); !ok {
		return fmt.Errorf("%w: its name has no sum", errDamaged)
	}
	r, err := openFile(s.disk, s.path)
	if err != nil {
		return err
	}
	defer r.Close()
	s.size = r.Size()
	s.meta, err = safely(func() (meta, error) { return readMeta(r) })
	return err
}

// verifySome verifies the newest segments, and those for whose sake others are
// about to be removed.
func (s *Store) verifySome(found []*segment) []*segment {
	here := map[string]bool{}
	for _, seg := range found {
		here[filepath.Base(seg.path)] = true
	}
	left := int64(verifyAtStart)
	for i := len(found) - 1; i >= 0; i-- {
		seg := found[i]
		left -= seg.size
		if left < 0 && !slices.ContainsFunc(seg.Replaces, func(name string) bool { return here[name] }) {
			continue
		}
		if err := seg.verify(); err != nil {
			s.report(s.setAside(seg.path, err))
			found = slices.Delete(found, i, i+1)
		}
	}
	return found
}

// withoutReplaced removes the segments whose events are in a larger one that was
// made of them: a crash came between its birth and their removal.
func withoutReplaced(found []*segment) ([]*segment, error) {
	replaced := map[string]bool{}
	for _, seg := range found {
		for _, name := range seg.Replaces {
			replaced[name] = true
		}
	}
	var left []*segment
	for _, seg := range found {
		if !replaced[filepath.Base(seg.path)] {
			left = append(left, seg)
			continue
		}
		if err := seg.remove(); err != nil {
			return nil, fmt.Errorf("remove a segment that was replaced: %w", err)
		}
	}
	return left, nil
}

// setAside moves a damaged segment out of the way and returns what to report.
func (s *Store) setAside(path string, why error) error {
	name := filepath.Base(path)
	folder := filepath.Join(s.o.Dir, quarantine)
	err := errors.Join(makeFolder(s.o.Disk, s.o.Dir, folder), s.o.Disk.Rename(path, filepath.Join(folder, name)))
	s.damaged = append(s.damaged, name)
	return errors.Join(fmt.Errorf("segment %s is set aside: %w", name, why), err)
}

// lose takes a segment that turned out to be damaged out of the store.
func (s *Store) lose(seg *segment, why error) {
	s.mu.Lock()
	err := s.without(seg, why)
	s.mu.Unlock()
	if err != nil {
		s.report(err)
	}
}

// without is lose with the lock held; it returns what to report.
func (s *Store) without(seg *segment, why error) error {
	at := slices.Index(s.segments, seg)
	if at < 0 {
		return nil // another search met it too
	}
	s.segments = slices.Delete(slices.Clone(s.segments), at, at+1)
	err := errors.Join(seg.shut(), s.setAside(seg.path, why))
	if seg.any() { // what was erased must not lie in the quarantine
		err = errors.Join(err, s.noteRewritten(seg, nil), s.removeQuarantined(filepath.Base(seg.path)))
	}
	return err
}
