package count

import (
	"slices"
	"sort"

	"warder/internal/stage/detect"
)

// evaluate looks at every window that holds the entry at a place: those that end
// with it or with a later one. It returns the entries of the first window that
// meets the correlation, and when that window ends.
func (g *group) evaluate(at int) ([]entry, int64) {
	c := g.corr
	last := at + sort.Search(len(g.entries)-at, func(i int) bool { return g.entries[at+i].at > g.entries[at].at+c.window })
	begin := sort.Search(at, func(i int) bool { return g.entries[i].at >= g.entries[at].at-c.window })
	if last-begin < c.fewest {
		return nil, 0
	}
	sum := c.tally()
	for i := begin; i < at; i++ {
		sum.add(&g.entries[i])
	}
	for end := at; end < last; end++ {
		for ; g.entries[begin].at < g.entries[end].at-c.window; begin++ {
			sum.drop(&g.entries[begin])
		}
		sum.add(&g.entries[end])
		window := g.entries[begin : end+1]
		if len(window) < c.fewest || c.EachRule && !everyRule(len(c.Of), window) {
			continue
		}
		if hit := sum.meets(window); hit != nil {
			return slices.Clone(hit), g.entries[end].at
		}
	}
	return nil, 0
}

// tally follows a window as it moves: entries are added at its end and dropped at
// its beginning. meets returns the entries that meet the correlation, or nil.
type tally interface {
	add(e *entry)
	drop(e *entry)
	meets(window []entry) []entry
}

func (c *correlation) tally() tally {
	switch {
	case c.temporal():
		return &together{c: c, hits: make([]int, len(c.Of))}
	case c.Type == detect.ValueCount, c.share():
		return &values{c: c, times: map[uint64]int{}}
	case c.Type == detect.ValueSum, c.Type == detect.ValueAvg:
		return &numbers{c: c}
	case c.Type == detect.ValuePercentile:
		return &ranked{c: c}
	}
	return &hits{c: c}
}

// hits counts entries (event_count).
type hits struct{ c *correlation }

func (h *hits) add(*entry)  {}
func (h *hits) drop(*entry) {}
func (h *hits) meets(window []entry) []entry {
	if h.c.holds(float64(len(window))) {
		return window
	}
	return nil
}

// values counts different values (value_count), or how large a share of all
// entries has the value of the last (value_percentile without a percentile).
type values struct {
	c     *correlation
	times map[uint64]int
}

func (v *values) add(e *entry) { v.times[e.value]++ }

func (v *values) drop(e *entry) {
	if v.times[e.value]--; v.times[e.value] == 0 {
		delete(v.times, e.value)
	}
}

func (v *values) meets(window []entry) []entry {
	n := float64(len(v.times))
	if v.c.share() {
		n = 100 * float64(v.times[window[len(window)-1].value]) / float64(len(window))
	}
	if !v.c.holds(n) {
		return nil
	}
	if v.c.share() {
		return sharing(window)
	}
	return window
}

// sharing are the entries with the value of the last: the others only say how
// rare it is.
func sharing(window []entry) []entry {
	var out []entry
	for _, e := range window {
		if e.value == window[len(window)-1].value {
			out = append(out, e)
		}
	}
	return out
}

// numbers adds up (value_sum, value_avg).
type numbers struct {
	c   *correlation
	sum float64
}

func (n *numbers) add(e *entry)  { n.sum += e.number() }
func (n *numbers) drop(e *entry) { n.sum -= e.number() }

func (n *numbers) meets(window []entry) []entry {
	of := n.sum
	if n.c.Type == detect.ValueAvg {
		of /= float64(len(window))
	}
	if n.c.holds(of) {
		return window
	}
	return nil
}
