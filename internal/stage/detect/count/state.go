package count

import (
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
)

// entry is one hit that is remembered.
type entry struct {
	Time  time.Time  `cbor:"1,keyasint"`
	Rule  string     `cbor:"2,keyasint"`
	Value string     `cbor:"3,keyasint,omitempty"` // of value_count
	Event flow.Event `cbor:"4,keyasint"`
}

// group is the hits of one correlation that share their group-by values.
type group struct {
	Entries []entry   `cbor:"1,keyasint"` // by time
	Newest  time.Time `cbor:"2,keyasint"`
	Fired   time.Time `cbor:"3,keyasint"` // when it alerted last; zero for never
}

// state is everything that is remembered, by correlation and group.
type state struct {
	Groups map[string]map[string]*group `cbor:"1,keyasint"`
	Newest time.Time                    `cbor:"2,keyasint"` // of all hits
	// Forgotten counts groups that were dropped for want of room.
	Forgotten uint64 `cbor:"3,keyasint"`
}

// muted tells whether an entry belongs to what was alerted already.
func (g *group) muted(t time.Time, window time.Duration) bool {
	return !g.Fired.IsZero() && t.After(g.Fired.Add(-window)) && !t.After(g.Fired.Add(window))
}

// insert adds an entry in order of time and returns its place; a record that
// comes twice (a replay) is left out, place -1.
func (g *group) insert(e entry) int {
	at, _ := slices.BinarySearchFunc(g.Entries, e.Time, func(x entry, t time.Time) int {
		if x.Time.After(t) {
			return 1
		}
		return -1 // equal times keep their order of arrival
	})
	for i := at - 1; i >= 0 && g.Entries[i].Time.Equal(e.Time); i-- {
		if g.Entries[i].Event.ID == e.Event.ID && g.Entries[i].Rule == e.Rule {
			return -1
		}
	}
	g.Entries = slices.Insert(g.Entries, at, e)
	if e.Time.After(g.Newest) {
		g.Newest = e.Time
	}
	return at
}

// forget drops entries that no window can need, and the oldest of too many.
func (g *group) forget(window time.Duration, most int) {
	horizon := g.Newest.Add(-window - Lateness)
	drop := 0
	for drop < len(g.Entries) && (g.Entries[drop].Time.Before(horizon) || len(g.Entries)-drop > most) {
		drop++
	}
	g.Entries = slices.Delete(g.Entries, 0, drop)
}

// forgetRepeated drops entries whose value and rule come again later, when no
// hit that is only late can make a window end between the two: what is counted
// is values. A badge that is shown all day is one entry, not hundreds.
func (g *group) forgetRepeated() {
	type kind struct{ rule, value string }
	again := map[kind]bool{}
	settled := g.Newest.Add(-Lateness)
	kept := make([]entry, 0, len(g.Entries))
	for _, e := range slices.Backward(g.Entries) {
		k := kind{e.Rule, e.Value}
		if !again[k] || e.Time.After(settled) {
			kept = append(kept, e)
		}
		again[k] = true
	}
	slices.Reverse(kept)
	g.Entries = kept
}

// slim copies what an alert may need of an event.
func slim(ev *flow.Event) flow.Event {
	out := *ev
	out.Attributes = make(map[string]string, len(ev.Attributes))
	for name, v := range ev.Attributes {
		head, _, _ := strings.Cut(name, ".")
		switch head {
		case "message", "syslog", "http", "place", "asset", "file", "dns", "tls", "process":
		default:
			out.Attributes[name] = v
		}
	}
	out.Unknown = nil
	return out
}
