package count

import (
	"slices"
	"time"

	"warder/internal/stage/detect"
)

// evaluate looks at every window that holds the entry at a place: those that end
// with it or with a later one. It returns the entries of the first window that
// meets the correlation, and when that window ends.
func (g *group) evaluate(corr *detect.Correlation, at int) ([]entry, time.Time) {
	latest := g.Entries[at].Time.Add(corr.Window)
	for end := at; end < len(g.Entries) && !g.Entries[end].Time.After(latest); end++ {
		begin := end
		for begin > 0 && !g.Entries[begin-1].Time.Before(g.Entries[end].Time.Add(-corr.Window)) {
			begin--
		}
		if begin > at {
			break
		}
		if hit := meets(corr, g.Entries[begin:end+1]); hit != nil {
			return hit, g.Entries[end].Time
		}
	}
	return nil, time.Time{}
}

// meets returns the entries of a window that meet the correlation, or nil.
func meets(corr *detect.Correlation, window []entry) []entry {
	if corr.EachRule && everyRule(corr.Of, window) == nil {
		return nil
	}
	switch corr.Type {
	case detect.EventCount:
		if holds(corr.Bounds, len(window)) {
			return slices.Clone(window)
		}
	case detect.ValueCount:
		values := map[string]bool{}
		for i := range window {
			values[window[i].Value] = true
		}
		if holds(corr.Bounds, len(values)) {
			return slices.Clone(window)
		}
	case detect.Temporal:
		return everyRule(corr.Of, window)
	case detect.TemporalOrdered:
		return inOrder(corr.Of, window)
	}
	return nil
}

// everyRule returns the newest entry of each rule, by time, if each has one.
func everyRule(rules []string, window []entry) []entry {
	var out []entry
	for _, rule := range rules {
		i := lastOf(window, rule)
		if i < 0 {
			return nil
		}
		out = append(out, window[i])
	}
	slices.SortStableFunc(out, func(a, b entry) int { return a.Time.Compare(b.Time) })
	return out
}

func lastOf(window []entry, rule string) int {
	for i := len(window) - 1; i >= 0; i-- {
		if window[i].Rule == rule {
			return i
		}
	}
	return -1
}

// inOrder returns one entry of each rule, each not before the one before it.
func inOrder(rules []string, window []entry) []entry {
	var out []entry
	for i := range window {
		if len(out) < len(rules) && window[i].Rule == rules[len(out)] {
			out = append(out, window[i])
		}
	}
	if len(out) < len(rules) {
		return nil
	}
	return out
}
