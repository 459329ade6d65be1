package normalise

import (
	"sync"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/id"
)

// MaxUnknown bounds the table of unknown assets; the ones seen least often make
// room for new ones.
const MaxUnknown = 5_000

// mostNew bounds how many unknown assets wait to be written down. Somebody who
// makes addresses up must not keep the database busy; who is real is seen again.
const mostNew = 1_000

// sightings gathers what events say of unknown assets until it is written down.
type sightings struct {
	mu   sync.Mutex
	seen map[flow.Identifier]*sighting
}

// sighting is one identifier that no asset carries.
type sighting struct {
	id          flow.Identifier // canonical
	first, last time.Time       // of acceptance: senders' clocks differ
	times       int64
	source      string
	example     string
}

// key is the row's id: the same identifier gives the same row.
func (s *sighting) key() string { return id.Derive("un", string(s.id.Kind), s.id.Value) }

// note takes the identifiers of an event that no asset carries. Exercises name
// what is not there on purpose.
func (s *sightings) note(ev *flow.Event) {
	if len(ev.Unknown) == 0 || ev.Exercise != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, unknown := range ev.Unknown {
		canonical := hospital.Canonical(unknown)
		if len(canonical.Value) > 255 {
			continue
		}
		at := s.seen[canonical]
		if at == nil {
			if len(s.seen) >= mostNew {
				continue
			}
			at = &sighting{id: canonical, first: ev.Received}
			s.seen[canonical] = at
		}
		at.times++
		at.last, at.source, at.example = ev.Received, ev.Source, ev.ID
	}
}

// take returns what was gathered since the last call.
func (s *sightings) take() map[flow.Identifier]*sighting {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.seen
	s.seen = map[flow.Identifier]*sighting{}
	return out
}

// giveBack takes up again what could not be written.
func (s *sightings) giveBack(list map[flow.Identifier]*sighting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range list {
		now := s.seen[key]
		if now == nil {
			s.seen[key] = old
			continue
		}
		now.first = old.first
		now.times += old.times
	}
}
