package count

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"warder/internal/flow"
)

// entry is one hit that is remembered.
type entry struct {
	at    int64  // microseconds since 1970
	value uint64 // a number's bits, or a hash of the value that is counted
	text  string // see pack.go
}

func (e *entry) rule() uint16 { return uint16(e.text[0]) | uint16(e.text[1])<<8 }

func (e *entry) number() float64 { return math.Float64frombits(e.value) }

// headLength is how much of the text the rule and the ids take.
func (e *entry) headLength() int {
	u := unpacking{rest: e.text}
	u.head()
	return len(e.text) - len(u.rest)
}

// same tells whether two entries are the same record found by the same rule.
func (e *entry) same(o *entry) bool {
	id := unpacking{rest: e.text[2:]}
	id.text()
	n := len(e.text) - len(id.rest)
	return len(o.text) >= n && o.text[:n] == e.text[:n]
}

// event gives back what is known of the event.
func (e *entry) event(n *names) (ev *flow.Event, through []string) {
	u := unpacking{rest: e.text}
	ev = &flow.Event{}
	ev.ID, through = u.head()
	if u.rest != "" {
		u.body(n, ev)
	} else {
		ev.Time = time.UnixMicro(e.at).UTC()
	}
	return ev, through
}

// key is the hash of a correlation and of what it groups by.
type key [16]byte

// never is when something was that never was.
const never = math.MinInt64

// group is the hits of one correlation that share their group-by values.
type group struct {
	key        key
	corr       *correlation
	prev, next *group // in the correlation's queue: quiet longest first
	entries    []entry
	newest     int64 // microseconds, of its entries, or never
	fired      int64 // where the window ended that it alerted over last, or never
	seen       int64 // microseconds, when its last hit was accepted
	bytes      int64 // about what it holds in memory
	bodies     int   // entries with a body
	repeated   int   // number of entries at which repeated values are looked for again
}

// What a group and an entry take besides their texts, in bytes, about.
const (
	groupBytes = 200
	entryBytes = 56
)

// muted tells whether a time belongs to what was alerted already.
func (g *group) muted(at int64) bool {
	return g.fired != never && at >= g.fired-g.corr.window && at <= g.fired+g.corr.window
}

// insert adds an entry in order of time and returns its place; -1 when it is
// there already (a replay), or older than anything that is still remembered.
func (g *group) insert(e entry) int {
	if g.newest != never && e.at < g.newest-g.corr.horizon() {
		return -1
	}
	at := len(g.entries)
	for at > 0 && g.entries[at-1].at > e.at {
		at--
	}
	for i := at - 1; i >= 0 && g.entries[i].at == e.at; i-- {
		if e.same(&g.entries[i]) {
			return -1
		}
	}
	if at == 0 && len(g.entries) >= g.corr.most {
		return -1
	}
	g.entries = slices.Insert(g.entries, at, e)
	g.newest = max(g.newest, e.at)
	g.bytes += entryBytes + int64(len(e.text))
	g.bodies++
	return at
}

// forget drops entries that no window can need, and the oldest of too many.
func (g *group) forget() {
	horizon := g.newest - g.corr.horizon()
	drop := max(0, len(g.entries)-g.corr.most)
	for drop < len(g.entries) && g.entries[drop].at < horizon {
		drop++
	}
	for i := range g.entries[:drop] {
		g.lost(&g.entries[i])
	}
	clear(g.entries[:drop])
	g.entries = g.entries[drop:]
}

// lost notes that an entry goes.
func (g *group) lost(e *entry) {
	g.bytes -= entryBytes + int64(len(e.text))
	if len(e.text) > e.headLength() {
		g.bodies--
	}
}

// firstRepeated is the fewest entries among which repeated values are looked for.
const firstRepeated = 16

// forgetRepeated drops entries whose value and rule come again later, when no
// hit that is only late can make a window end between the two: what is counted
// is values. A badge that is shown all day is a few entries, not hundreds.
func (g *group) forgetRepeated() {
	if len(g.entries) < max(g.repeated, firstRepeated) {
		return
	}
	type kind struct {
		rule  uint16
		value uint64
	}
	again := map[kind]bool{}
	settled := g.newest - Lateness.Microseconds()
	kept := make([]entry, 0, len(g.entries))
	for _, e := range slices.Backward(g.entries) {
		k := kind{e.rule(), e.value}
		if again[k] && e.at <= settled {
			g.lost(&e)
		} else {
			kept = append(kept, e)
		}
		again[k] = true
	}
	slices.Reverse(kept)
	g.entries, g.repeated = slices.Clip(kept), 2*len(kept)
}

// Of a group with many entries only some keep their bodies: those that name an
// alert's assets and actors first.
const (
	mostBodies = 128
	newestKept = 50
	ofRuleKept = 4
)

// thin takes the bodies away that no alert would show.
func (g *group) thin() {
	if g.bodies <= mostBodies {
		return
	}
	newest, ofRule := 0, map[uint16]int{}
	for i := len(g.entries) - 1; i >= 0; i-- {
		e := &g.entries[i]
		head := e.headLength()
		if len(e.text) == head {
			continue
		}
		if newest++; newest <= newestKept || ofRule[e.rule()] < ofRuleKept {
			ofRule[e.rule()]++
			continue
		}
		g.bytes -= int64(len(e.text) - head)
		g.bodies--
		e.text = string([]byte(e.text[:head]))
	}
}

// drop forgets all entries.
func (g *group) drop() {
	g.entries, g.bodies, g.repeated, g.bytes = nil, 0, 0, groupBytes
}

// valid tells whether an entry that was read can be worked with.
func (e *entry) valid(rules int) bool {
	if len(e.text) < 2 || int(binary.LittleEndian.Uint16([]byte(e.text[:2]))) >= rules {
		return false
	}
	u := unpacking{rest: e.text}
	u.head()
	return !u.bad
}
