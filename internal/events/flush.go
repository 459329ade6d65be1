package events

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// Pauses after a flush that failed, doubled from first to longest.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 10 * time.Second
)

// flushing moves events from memory into segments until ctx ends.
func (s *Store) flushing(ctx context.Context) {
	timer := time.NewTimer(s.o.FlushAge)
	defer timer.Stop()
	pause := firstPause
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.flush:
		case <-timer.C:
		}
		next, err := s.flushDue()
		if err != nil {
			s.report(err)
			next, pause = pause, min(2*pause, longestPause)
		} else {
			pause = firstPause
		}
		s.tell()
		timer.Reset(next)
	}
}

// tell calls OnStored when StoredThrough moved since it was told last. Only one
// goroutine calls it at a time.
func (s *Store) tell() {
	if through := s.StoredThrough(); through > s.told {
		s.told = through
		s.o.OnStored(through)
	}
}

// flushDue flushes when it is time to, and returns when to look again.
func (s *Store) flushDue() (next time.Duration, err error) {
	for {
		s.mu.Lock()
		ready := s.moving != nil || s.due() // one that could not be written comes first
		if !ready {
			next = s.o.FlushAge
			if !s.active.empty() {
				next = max(s.o.FlushAge-time.Since(s.active.since), time.Millisecond)
			}
			s.mu.Unlock()
			return next, nil
		}
		s.mu.Unlock()
		if err := s.flushOnce(); err != nil {
			return 0, err
		}
	}
}

// flushAll writes everything that is in memory.
func (s *Store) flushAll() error {
	for {
		s.mu.Lock()
		done := s.active.empty() && s.moving == nil
		s.mu.Unlock()
		if done {
			s.tell()
			return nil
		}
		if err := s.flushOnce(); err != nil {
			return err
		}
	}
}

// flushOnce writes one buffer. Only one goroutine calls it at a time.
func (s *Store) flushOnce() error {
	s.making.RLock()
	defer s.making.RUnlock()
	s.mu.Lock()
	if s.moving == nil && s.active.empty() { // Empty was faster
		s.mu.Unlock()
		return nil
	}
	if s.moving == nil {
		if len(s.active.events) >= s.o.FlushCount || s.active.bytes >= s.o.FlushBytes {
			s.filled = time.Now() // how long, not when: the wall clock may jump
		}
		s.moving, s.active, s.hurry = s.active, newBuffer(), false
	}
	b := s.moving
	s.mu.Unlock()

	seg, err := s.write(b)

	s.mu.Lock()
	if s.trouble = err; err != nil {
		s.mu.Unlock()
		return fmt.Errorf("write events up to offset %d: %w", b.through, err)
	}
	s.segments = append(s.segments, seg)
	s.moving, s.stored = nil, b.through
	if s.active.empty() {
		s.stored = s.appended
	}
	s.free()
	s.mu.Unlock()
	s.tell()
	wake(s.compact)
	return nil
}

func (s *Store) write(b *buffer) (*segment, error) {
	hour := b.events[0].Received.UTC()
	folder := filepath.Join(s.o.Dir, hour.Format("2006-01-02"), hour.Format("15"))
	if folder != s.made { // once for each hour: a folder costs three more fsyncs
		if err := makeFolder(s.o.Disk, s.o.Dir, folder); err != nil {
			return nil, err
		}
		s.made = folder
	}
	return s.layout.writeSegment(folder, meta{After: b.after, Through: b.through}, byTime(b.events))
}
