package count

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// partition is what is remembered of the groups of one partition. One goroutine
// uses it.
type partition struct {
	plan    *plan
	names   names
	groups  map[key]*group
	queues  []queue // by place of the correlation
	newest  int64   // microseconds, the events' own time
	arrived int64   // microseconds, when the newest hit was accepted
	budget  int64   // bytes
	stats   Stats
	scratch []byte
}

// Stats says what is remembered.
type Stats struct {
	Groups    int
	Entries   int
	Bytes     int64  // of memory, about
	Forgotten uint64 // groups that were dropped for want of room
	Stale     uint64 // hits that nobody counts any more, since rules changed
}

func (s *Stats) add(o Stats) {
	s.Groups += o.Groups
	s.Entries += o.Entries
	s.Bytes += o.Bytes
	s.Forgotten += o.Forgotten
	s.Stale += o.Stale
}

// newPartition returns one that remembers nothing yet, and never more than about
// budget bytes.
func newPartition(p *plan, budget int64) *partition {
	return &partition{
		plan: p, names: newNames(), groups: map[key]*group{}, queues: make([]queue, len(p.list)),
		newest: never, arrived: never, budget: budget,
	}
}

// found is a window that meets its correlation.
type found struct {
	corr   *correlation
	rule   string        // that the newest event met
	events []*flow.Event // in order of time
	ids    []string      // of all events behind them
	end    time.Time
}

// take counts one hit; nil when it raises nothing.
func (p *partition) take(hit *flow.Hit) *found {
	c := p.plan.byID[hit.Correlation]
	if c == nil || c.meaning != hit.Meaning || len(hit.Group) != len(key{}) {
		p.stats.Stale++
		return nil
	}
	rule, known := c.of[hit.Rule]
	at := bounded(effective(&hit.Event).UnixMicro())
	value, readable := valueOf(c, hit.Value)
	if !known || !readable {
		p.stats.Stale++
		return nil
	}
	g := p.group(c, key(hit.Group))
	p.touch(g, &hit.Event, at)
	if g.muted(at) {
		return nil
	}
	f := p.count(g, entry{at, value, p.text(rule, hit)})
	p.shed()
	return f
}

// count adds an entry to its group and looks whether that raises something.
func (p *partition) count(g *group, e entry) *found {
	bytes, entries := g.bytes, len(g.entries)
	defer func() { p.grown(g, g.bytes-bytes, len(g.entries)-entries) }()
	at := g.insert(e)
	if at < 0 {
		return nil
	}
	window, end := g.evaluate(at)
	if window == nil {
		g.forget()
		if g.corr.Type == detect.ValueCount {
			g.forgetRepeated()
		}
		g.thin()
		return nil
	}
	f := p.raise(g.corr, window, end)
	g.fired = end
	g.drop()
	return f
}

func (p *partition) raise(c *correlation, window []entry, end int64) *found {
	f := &found{corr: c, rule: c.Of[window[len(window)-1].rule()], end: time.UnixMicro(end).UTC()}
	for i := range window {
		ev, through := window[i].event(&p.names)
		f.events = append(f.events, ev)
		if through == nil {
			through = []string{ev.ID}
		}
		f.ids = append(f.ids, through...)
	}
	return f
}

func (p *partition) text(rule uint16, hit *flow.Hit) string {
	p.scratch = appendHead(p.scratch[:0], rule, hit)
	p.scratch = p.names.appendBody(p.scratch, &hit.Event)
	return string(p.scratch)
}

// valueOf gives a value as an entry holds it.
func valueOf(c *correlation, text string) (uint64, bool) {
	switch {
	case c.Numeric():
		n, err := strconv.ParseFloat(text, 64)
		return math.Float64bits(n), err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	case c.Valued():
		sum := sha256.Sum256([]byte(text))
		return binary.LittleEndian.Uint64(sum[:]), text != ""
	}
	return 0, true
}

// bounded keeps a time so near that windows around it can be reckoned with.
func bounded(micros int64) int64 {
	const most = 1 << 60 // 36,000 years
	return min(max(micros, -most), most)
}

// effective is the time by which an event counts: its own, unless its clock runs
// ahead of ours.
func effective(ev *flow.Event) time.Time {
	if ev.Time.After(ev.Received) && !ev.Received.IsZero() {
		return ev.Received
	}
	return ev.Time
}

// group returns the group of a key, a new one when there is none.
func (p *partition) group(c *correlation, k key) *group {
	if g := p.groups[k]; g != nil {
		return g
	}
	g := &group{key: k, corr: c, newest: never, fired: never, bytes: groupBytes}
	p.enter(g)
	return g
}

// enter adds a group at the end of its queue.
func (p *partition) enter(g *group) {
	p.groups[g.key] = g
	p.queues[g.corr.place].push(g)
	p.grown(g, g.bytes, len(g.entries))
	p.stats.Groups++
}

func (p *partition) leave(g *group) {
	delete(p.groups, g.key)
	p.queues[g.corr.place].remove(g)
	p.grown(g, -g.bytes, -len(g.entries))
	p.stats.Groups--
}

func (p *partition) grown(g *group, bytes int64, entries int) {
	p.queues[g.corr.place].bytes += bytes
	p.stats.Bytes += bytes
	p.stats.Entries += entries
}

// swap goes on with other correlations: the groups of those that mean the same
// stay, the others are let go.
func (p *partition) swap(next *plan) {
	old := p.queues
	p.plan, p.queues = next, make([]queue, len(next.list))
	for i := range old {
		for g := old[i].first; g != nil; {
			after := g.next
			g.prev, g.next = nil, nil
			c := next.byID[g.corr.Rule.ID]
			if c == nil || c.meaning != g.corr.meaning {
				delete(p.groups, g.key)
				p.stats.Groups--
				p.stats.Bytes -= g.bytes
				p.stats.Entries -= len(g.entries)
			} else {
				g.corr = c
				q := &p.queues[c.place]
				q.push(g)
				q.bytes += g.bytes
			}
			g = after
		}
	}
}
