package count

import (
	"slices"

	"warder/internal/stage/detect"
)

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
