package events

import (
	"errors"
	"time"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// buffer is events that are not in a segment yet. It only grows, so a reader may
// keep the slice as it was when it looked.
type buffer struct {
	after, through uint64
	events         []*flow.Event
	byID           map[string]*flow.Event
	bytes          int
	since          time.Time // when the first event came
}

func newBuffer() *buffer { return &buffer{byID: map[string]*flow.Event{}} }

func (b *buffer) empty() bool { return b == nil || len(b.events) == 0 }

func (b *buffer) add(after, through uint64, fresh []*flow.Event, bytes int) {
	if b.empty() {
		b.after = after
	}
	b.through = through
	if len(fresh) == 0 {
		return
	}
	if b.empty() {
		b.since = time.Now() // how long, not when: the wall clock may jump
	}
	for _, e := range fresh {
		b.byID[e.ID] = e
	}
	b.events = append(b.events, fresh...)
	b.bytes += bytes
}

// due tells whether the active buffer should become a segment now. The lock is held.
func (s *Store) due() bool {
	b := s.active
	return !b.empty() && (s.hurry || len(b.events) >= s.o.FlushCount || b.bytes >= s.o.FlushBytes || time.Since(b.since) >= s.o.FlushAge)
}

// unknown returns the events that are not here yet. The lock is held.
func (s *Store) unknown(all []*flow.Event) ([]*flow.Event, error) {
	fresh := all[:0]
	here := map[string]bool{} // within the batch
	for _, e := range all {
		known := here[e.ID] || s.active.byID[e.ID] != nil || s.moving != nil && s.moving.byID[e.ID] != nil
		if !known {
			var err error
			if known, err = s.inSegments(e.ID); err != nil {
				return nil, err
			}
		}
		if !known {
			here[e.ID] = true
			fresh = append(fresh, e)
		}
	}
	return fresh, nil
}

// inSegments tells whether an id is in a segment. On the ordinary way forward no
// segment can hold it, and none is opened. The lock is held.
func (s *Store) inSegments(id string) (bool, error) {
	for i := len(s.segments) - 1; i >= 0; i-- {
		seg := s.segments[i]
		if !seg.Writers.may(id) {
			continue
		}
		e, err := seg.byID(s.layout, id)
		switch {
		case errors.Is(err, errDamaged):
			// What it held comes again now, as far as topic raw still has it.
			if err := s.without(seg, err); err != nil {
				s.o.Log.Error("trouble in the event store", "error", err)
			}
		case err != nil:
			return false, err
		case e != nil:
			return true, nil
		}
	}
	return false, nil
}

// view is one state of the store, which stays as it is while it is held.
type view struct {
	segments []*segment
	buffers  [][]*flow.Event
	store    *Store
}

func (s *Store) view() (*view, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.viewLocked()
}

func (s *Store) viewLocked() (*view, error) {
	if s.closed {
		return nil, ErrClosed
	}
	v := &view{store: s, segments: append([]*segment(nil), s.segments...)}
	for _, b := range []*buffer{s.moving, s.active} {
		if !b.empty() {
			v.buffers = append(v.buffers, b.events[:len(b.events):len(b.events)])
		}
	}
	for _, seg := range v.segments {
		seg.hold()
	}
	return v, nil
}

func (v *view) release() {
	for _, seg := range v.segments {
		if err := seg.release(); err != nil {
			v.store.report(err)
		}
	}
}

// inMemory returns the events in memory that meet a query within a time span.
func (v *view) inMemory(n query.Node, w window) (found []*flow.Event, looked int) {
	for _, events := range v.buffers {
		looked += len(events)
		for _, e := range events {
			if w.holds(e.Time.UnixMicro()) && query.Match(n, e) {
				found = append(found, e)
			}
		}
	}
	return found, looked
}
