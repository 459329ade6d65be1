package events

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"warder/internal/module"
)

// markPrefix begins the name of a mark: a file without bytes whose name says up
// to which offset on topic raw every event was removed. What a name says cannot
// be torn, and it keeps StoredThrough when no segment is left to say it.
const markPrefix = "emptied-"

func markName(through uint64) string { return fmt.Sprintf("%s%020d", markPrefix, through) }

// Empty removes every event, in memory and in segments, and keeps StoredThrough,
// which moves to what was appended. Segments in quarantine stay: they are for a
// person to decide on. A search that began before sees the events to its end.
//
// A crash leaves all events or none: they are gone from the moment in which the
// mark is durable, and the next start removes the segments that are left.
func (s *Store) Empty(context.Context) error {
	s.making.Lock() // no segment is half made
	defer s.making.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if len(s.segments) == 0 && s.active.empty() && s.moving == nil {
		return nil
	}
	if err := s.mark(s.appended); err != nil {
		return fmt.Errorf("empty the event store: %w", err)
	}
	var errs []error
	for _, seg := range s.segments {
		seg.gone.Store(true)
		errs = append(errs, seg.release()) // the store's own reference
	}
	for _, e := range s.erasing { // the segments that hid something are gone
		for i := range e.Segments {
			e.Segments[i].Done = true
		}
		e.settle(s.o.Now().UTC())
		errs = append(errs, s.saveErasure(e))
	}
	s.segments, s.active, s.moving = nil, newBuffer(), nil
	s.stored, s.trouble, s.hurry = s.appended, nil, false
	s.free()
	wake(s.flush) // to tell OnStored
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove what was emptied; the next start tries again: %w", err)
	}
	return nil
}

// mark makes durable that everything up to an offset is removed. The lock is held.
func (s *Store) mark(through uint64) error {
	if err := s.touch(markName(through)); err != nil {
		return err
	}
	if s.emptied != 0 && s.emptied != through {
		_ = s.o.Disk.Remove(filepath.Join(s.o.Dir, markName(s.emptied))) // the higher one counts
	}
	s.emptied = through
	return nil
}

// touch makes a durable file without bytes.
func (s *Store) touch(name string) error {
	f, err := s.o.Disk.Create(filepath.Join(s.o.Dir, name))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), s.o.Disk.SyncFolder(s.o.Dir))
}

// readMark notes the highest mark.
func (s *Store) readMark(path string) {
	through, err := strconv.ParseUint(strings.TrimPrefix(filepath.Base(path), markPrefix), 10, 64)
	if err == nil {
		s.emptied = max(s.emptied, through)
	}
}

// withoutEmptied removes the segments that an interrupted Empty left. Later ones
// reach beyond the mark, also those that were joined.
func (s *Store) withoutEmptied(paths []string) (left []string, err error) {
	for _, path := range paths {
		if through, ok := throughOf(path); !ok || through > s.emptied {
			left = append(left, path)
			continue
		}
		if err := s.o.Disk.Remove(path); err != nil {
			return nil, fmt.Errorf("remove a segment that was emptied: %w", err)
		}
	}
	return left, nil
}

// throughOf returns the offset up to which a segment goes, as its name says.
func throughOf(path string) (through uint64, ok bool) {
	parts := strings.Split(strings.TrimSuffix(filepath.Base(path), suffix), "-")
	if len(parts) != 3 {
		return 0, false
	}
	through, err := strconv.ParseUint(parts[1], 10, 64)
	return through, err == nil
}

var _ module.Emptier = (*Module)(nil)

// Empty removes every event. Whoever asks for it is noted like one who looks:
// before, because what cannot be noted does not take place.
func (m *Module) Empty(ctx context.Context) error {
	if err := m.looks.Look(ctx, "removal of all events"); err != nil {
		return err
	}
	return m.store.Empty(ctx)
}
