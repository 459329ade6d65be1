package count

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"warder/internal/flow"
	"warder/internal/kit/id"
	"warder/internal/stage/detect"
)

// oracle counts by the letter of the specification and of doc.go: it keeps every
// hit and looks at every window, over and over.
type oracle struct {
	correlations []detect.Correlation
	groups       map[string]*memory
}

type memory struct {
	seen   []sighting // by time, then by arrival
	newest time.Time
	fired  time.Time
}

type sighting struct {
	rule, id, value string
	ids             []string
	at              time.Time
	attributes      map[string]string
}

// verdict is an alert as the oracle knows it.
type verdict struct {
	rule   string
	events []string
}

func newOracle(correlations []detect.Correlation) *oracle {
	return &oracle{correlations, map[string]*memory{}}
}

func (o *oracle) take(h *flow.Hit) (out []verdict) {
	return o.sighted(sighting{rule: h.Rule, id: h.Event.ID, ids: []string{h.Event.ID}, at: h.Event.Time, attributes: h.Event.Attributes}, h.Event.Exercise)
}

func (o *oracle) sighted(s sighting, exercise string) (out []verdict) {
	for i := range o.correlations {
		c := &o.correlations[i]
		if !slices.Contains(c.Of, s.rule) {
			continue
		}
		window := o.count(c, s, exercise)
		if window == nil {
			continue
		}
		v := verdict{rule: c.Rule.ID}
		for _, x := range window {
			v.events = append(v.events, x.ids...)
		}
		if !c.Silent {
			out = append(out, v)
		}
		last := window[len(window)-1]
		next := sighting{rule: c.Rule.ID, id: id.Derive("al", append([]string{c.Rule.ID}, v.events...)...), ids: v.events, at: o.end(c, s, exercise), attributes: map[string]string{}}
		for k, v := range last.attributes {
			next.attributes[k] = v
		}
		for _, name := range c.GroupBy {
			next.attributes[name] = last.attributes[c.FieldOf(name, last.rule)]
		}
		out = append(out, o.sighted(next, exercise)...)
	}
	return out
}

func (o *oracle) memory(c *detect.Correlation, s sighting, exercise string) *memory {
	key := c.Rule.ID + "|" + exercise
	for _, name := range c.GroupBy {
		v := s.attributes[c.FieldOf(name, s.rule)]
		if v == "" && !c.Single() {
			return nil
		}
		key += "|" + caseless(v)
	}
	if o.groups[key] == nil {
		o.groups[key] = &memory{}
	}
	return o.groups[key]
}

// caseless names the letters of a text by the smallest of those that differ in
// case only.
func caseless(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, s)
}

func (o *oracle) end(c *detect.Correlation, s sighting, exercise string) time.Time {
	return o.memory(c, s, exercise).fired
}

// count returns the window that the sighting completes.
func (o *oracle) count(c *detect.Correlation, s sighting, exercise string) []sighting {
	if c.Valued() {
		for _, name := range append([]string{c.Field}, c.AndFields...) {
			v := s.attributes[c.FieldOf(name, s.rule)]
			if v == "" {
				return nil
			}
			s.value += caseless(v) + "|"
		}
	}
	m := o.memory(c, s, exercise)
	if m == nil {
		return nil
	}
	if !m.fired.IsZero() && !s.at.Before(m.fired.Add(-c.Window)) && !s.at.After(m.fired.Add(c.Window)) {
		return nil
	}
	if !m.newest.IsZero() && s.at.Before(m.newest.Add(-c.Window-Lateness)) {
		return nil
	}
	if slices.ContainsFunc(m.seen, func(x sighting) bool { return x.id == s.id && x.rule == s.rule && x.at.Equal(s.at) }) {
		return nil
	}
	m.seen = append(m.seen, s)
	slices.SortStableFunc(m.seen, func(a, b sighting) int { return a.at.Compare(b.at) })
	if s.at.After(m.newest) {
		m.newest = s.at
	}
	for end, last := range m.seen {
		var window []sighting
		for _, x := range m.seen[:end+1] {
			if !x.at.Before(last.at.Add(-c.Window)) {
				window = append(window, x)
			}
		}
		if !slices.ContainsFunc(window, func(x sighting) bool { return x.id == s.id && x.rule == s.rule }) {
			continue
		}
		if met := literally(c, window); met != nil {
			m.fired, m.seen = last.at, nil
			return met
		}
	}
	m.seen = slices.DeleteFunc(m.seen, func(x sighting) bool { return x.at.Before(m.newest.Add(-c.Window - Lateness)) })
	return nil
}

// literally judges a window.
func literally(c *detect.Correlation, window []sighting) []sighting {
	present := map[string]bool{}
	newest := map[string]sighting{}
	times := map[string]int{}
	var numbers []float64
	sum := 0.0
	for _, s := range window {
		present[s.rule] = true
		newest[s.rule] = s
		times[s.value]++
		n := 0.0
		_, _ = fmt.Sscanf(s.value, "%f", &n)
		numbers = append(numbers, n)
		sum += n
	}
	slices.Sort(numbers)
	if c.EachRule && len(present) < len(c.Of) {
		return nil
	}
	n := float64(len(window))
	switch c.Type {
	case detect.ValueCount:
		n = float64(len(times))
	case detect.ValueSum:
		n = sum
	case detect.ValueAvg:
		n = sum / n
	case detect.ValuePercentile:
		if c.Percentile == nil {
			last := window[len(window)-1].value
			n = 100 * float64(times[last]) / n
			window = slices.DeleteFunc(slices.Clone(window), func(s sighting) bool { return s.value != last })
		} else {
			n = numbers[0]
			for i, x := range numbers { // the smallest that so many percent do not exceed
				if float64(i+1)/float64(len(numbers))*100 >= *c.Percentile-1e-9 {
					n = x
					break
				}
			}
		}
	case detect.Temporal, detect.TemporalOrdered:
		return severally(c, window, present, newest)
	}
	for _, b := range c.Bounds {
		if !b.Holds(n) {
			return nil
		}
	}
	return window
}

// severally tries every set of rules that are present, and for ordered types
// only those whose rules come in their order.
func severally(c *detect.Correlation, window []sighting, present map[string]bool, newest map[string]sighting) []sighting {
	most, met := 0, false
	for set := range 1 << len(c.Of) {
		var rules []string
		for i, rule := range c.Of {
			if set&(1<<i) != 0 {
				rules = append(rules, rule)
			}
		}
		if slices.ContainsFunc(rules, func(rule string) bool { return !present[rule] }) {
			continue
		}
		if c.Type == detect.TemporalOrdered && !ordered(rules, window) {
			continue
		}
		most = max(most, len(rules))
		if c.Condition != nil && holdsFor(c.Condition, false, rules, present) {
			met = true
		}
	}
	if c.Condition == nil {
		met = most == len(c.Of)
		if len(c.Bounds) > 0 {
			met = !slices.ContainsFunc(c.Bounds, func(b detect.Bound) bool { return !b.Holds(float64(most)) })
		}
	}
	if !met {
		return nil
	}
	var out []sighting
	for _, s := range window {
		if n := newest[s.rule]; n.id == s.id {
			out = append(out, s)
		}
	}
	return out
}

func ordered(rules []string, window []sighting) bool {
	for _, s := range window {
		if len(rules) > 0 && s.rule == rules[0] {
			rules = rules[1:]
		}
	}
	return len(rules) == 0
}

// holdsFor asks for rules of the set where the condition wants them, and for
// their absence from the whole window where it does not.
func holdsFor(e *detect.Expr, negated bool, set []string, present map[string]bool) bool {
	each := func(x detect.Expr) bool { return holdsFor(&x, negated, set, present) }
	switch {
	case e.Op == detect.ExprNot:
		return holdsFor(&e.Of[0], !negated, set, present)
	case (e.Op == detect.ExprAnd) != negated && e.Op != detect.ExprRule:
		return !slices.ContainsFunc(e.Of, func(x detect.Expr) bool { return !each(x) })
	case e.Op != detect.ExprRule:
		return slices.ContainsFunc(e.Of, each)
	case negated:
		return !present[e.Rule]
	}
	return slices.Contains(set, e.Rule)
}
