package hospital

import (
	"time"

	// The zones of the world, for machines that have none: a hospital's own must
	// be found wherever Warder runs.
	_ "time/tzdata"
)

// Build checks a model against every rule and makes its snapshot. With one
// problem or more the snapshot is nil. The model is not changed and must not
// be changed afterwards; the snapshot shares what it holds.
func Build(m *Model) (*Snapshot, []Problem) {
	n := normal(m)
	if problems := validate(n); len(problems) > 0 {
		return nil, sortProblems(problems)
	}
	n.origins = nil // nobody asks any more, and a large model has many lines
	return index(n), nil
}

// Empty is the snapshot of no model at all.
func Empty() *Snapshot { return index(&Model{TimeZone: "UTC"}) }

// index makes the snapshot of a model in normal form without problems.
func index(m *Model) *Snapshot {
	byID := make(map[string]int32, len(m.Assets))
	for i := range m.Assets {
		byID[m.Assets[i].ID] = int32(i)
	}
	links := linksOf(m, byID)
	s := &Snapshot{
		version: versionOf(m), model: m, location: locationOf(m), byID: byID, known: identifiersOf(m),
		out:      group(len(m.Assets), links, func(l *link) int32 { return l.from }),
		in:       group(len(m.Assets), links, func(l *link) int32 { return l.to }),
		within:   contentsOf(m, byID),
		site:     levelOf(m, byID, Site),
		building: levelOf(m, byID, Building),
		floor:    levelOf(m, byID, Floor),
		room:     levelOf(m, byID, Room),
	}
	for _, a := range m.Assets {
		if a.Kind == CareService {
			s.services = append(s.services, a)
		}
	}
	return s
}

func locationOf(m *Model) *time.Location {
	if l, err := time.LoadLocation(m.TimeZone); err == nil {
		return l
	}
	return time.UTC
}
