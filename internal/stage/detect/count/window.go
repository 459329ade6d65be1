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

// together tells which rules have hits (temporal, temporal_ordered).
type together struct {
	c    *correlation
	hits []int // by place of the rule
}

func (t *together) add(e *entry)  { t.hits[e.rule()]++ }
func (t *together) drop(e *entry) { t.hits[e.rule()]-- }

func (t *together) meets(window []entry) []entry {
	if t.c.clauses == nil {
		return t.several(window)
	}
	for _, way := range t.c.clauses {
		missing := func(rule uint16) bool { return t.hits[rule] == 0 }
		present := func(rule uint16) bool { return t.hits[rule] > 0 }
		if slices.ContainsFunc(way.with, missing) || slices.ContainsFunc(way.without, present) {
			continue
		}
		switch {
		case len(way.with) == 0:
			return window
		case t.c.Type == detect.Temporal:
			return newestOf(way.with, window)
		}
		if chain := inOrder(way.with, window); chain != nil {
			return chain
		}
	}
	return nil
}

// several counts how many rules have hits, in their order where that is asked.
func (t *together) several(window []entry) []entry {
	if len(t.c.Bounds) == 0 {
		return nil // a condition with more ways than are followed
	}
	var rules []uint16
	for rule, n := range t.hits {
		if n > 0 {
			rules = append(rules, uint16(rule))
		}
	}
	if t.c.Type == detect.Temporal {
		if t.c.holds(float64(len(rules))) {
			return newestOf(rules, window)
		}
		return nil
	}
	if chain := longest(len(t.c.Of), window); t.c.holds(float64(len(chain))) {
		return chain
	}
	return nil
}

// everyRule tells whether each rule has an entry.
func everyRule(rules int, window []entry) bool {
	met := make([]bool, rules)
	for i := range window {
		if rule := window[i].rule(); !met[rule] {
			met[rule] = true
			rules--
		}
	}
	return rules == 0
}

// newestOf returns the newest entry of each rule, by time.
func newestOf(rules []uint16, window []entry) []entry {
	rules = slices.Clone(rules)
	var out []entry
	for i := len(window) - 1; i >= 0 && len(rules) > 0; i-- {
		if at := slices.Index(rules, window[i].rule()); at >= 0 {
			out = append(out, window[i])
			rules = slices.Delete(rules, at, at+1)
		}
	}
	slices.Reverse(out)
	return out
}

// inOrder returns one entry of each rule, each behind the one before it.
func inOrder(rules []uint16, window []entry) []entry {
	var out []entry
	for i := range window {
		if len(out) < len(rules) && window[i].rule() == rules[len(out)] {
			out = append(out, window[i])
		}
	}
	if len(out) < len(rules) {
		return nil
	}
	return out
}

// longest returns the longest run of entries of different rules that come in the
// order of the rules.
func longest(rules int, window []entry) []entry {
	type link struct{ length, before int }
	links := make([]link, len(window))
	best := make([]int, rules) // rule -> the end of the longest run that ends with it, from 1
	top := 0
	for i := range window {
		links[i] = link{1, 0}
		for _, end := range best[:window[i].rule()] {
			if end > 0 && links[end-1].length >= links[i].length {
				links[i] = link{links[end-1].length + 1, end}
			}
		}
		if end := best[window[i].rule()]; end == 0 || links[i].length >= links[end-1].length {
			best[window[i].rule()] = i + 1
		}
		if top == 0 || links[i].length >= links[top-1].length {
			top = i + 1
		}
	}
	var out []entry
	for ; top > 0; top = links[top-1].before {
		out = append(out, window[top-1])
	}
	slices.Reverse(out)
	return out
}
