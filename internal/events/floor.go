package events

import (
	"path/filepath"
	"strconv"
	"strings"
)

// floorPrefix begins the name of a file without bytes that keeps StoredThrough
// when the segment that said it was dropped, because all in it was too old or
// had to be erased. Segments below it stay, unlike below the mark of Empty.
const floorPrefix = "stored-"

// keepFloor makes durable, before a segment is dropped, what only it says. The
// lock is held.
func (s *Store) keepFloor(leaving *segment) error {
	for _, seg := range s.segments {
		if seg != leaving && seg.Through >= leaving.Through {
			return nil
		}
	}
	if leaving.Through <= max(s.floor, s.emptied) {
		return nil
	}
	if err := s.touch(floorName(leaving.Through)); err != nil {
		return err
	}
	if s.floor != 0 {
		_ = s.o.Disk.Remove(filepath.Join(s.o.Dir, floorName(s.floor))) // the higher one counts
	}
	s.floor = leaving.Through
	return nil
}

func floorName(through uint64) string {
	return floorPrefix + strings.TrimPrefix(markName(through), markPrefix)
}

func (s *Store) readFloor(name string) {
	if through, err := strconv.ParseUint(strings.TrimPrefix(name, floorPrefix), 10, 64); err == nil {
		s.floor = max(s.floor, through)
	}
}
