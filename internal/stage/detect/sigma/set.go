package sigma

import (
	"bytes"
	"slices"

	"warder/internal/kit/fault"
	"warder/internal/stage/detect"
)

// Set is what was loaded. It is never changed.
type Set struct {
	rules        []*compiled
	compiler     *compiler
	tables       Tables
	Correlations []detect.Correlation // those that others count before those that count them
	filters      []filter
	off          []detect.Rule // set aside by the hospital
	origins      map[string]origin
	// Replaced lists the rules whose place one of a later folder took.
	Replaced []detect.Replaced
	// Failed lists what could not be loaded, each with its reason.
	Failed []detect.Rule
}

// origin is the document that a rule was read from.
type origin struct {
	part part
	nth  int
}

// Rules lists everything that was loaded, set aside or failed, for the board. A rule with
// a "once" section is listed once.
func (s *Set) Rules() []detect.Rule {
	var list []detect.Rule
	for r := range s.all {
		list = append(list, *r)
	}
	return slices.Concat(list, s.Failed)
}

// all gives every rule that did not fail.
func (s *Set) all(yield func(*detect.Rule) bool) {
	seen := map[string]bool{}
	for _, c := range s.rules {
		if seen[c.rule.ID] = true; !yield(&c.rule) {
			return
		}
	}
	for i := range s.Correlations {
		if r := &s.Correlations[i].Rule; !seen[r.ID] && !yield(r) {
			return
		}
	}
	for i := range s.filters {
		if !yield(&s.filters[i].rule) {
			return
		}
	}
	for i := range s.off {
		if !yield(&s.off[i]) {
			return
		}
	}
}

// Rule gives a rule, correlation or filter that was loaded or set aside.
func (s *Set) Rule(id string) (detect.Rule, bool) {
	for r := range s.all {
		if r.ID == id {
			return *r, true
		}
	}
	return detect.Rule{}, false
}

// Text gives the file of a rule as it was read, with every document in it, also
// of a rule that failed but has an id. It fails with fault.NotFound when there is
// no such rule.
func (s *Set) Text(rule string) ([]byte, error) {
	o, ok := s.origins[rule]
	if !ok {
		return nil, unknownRule(rule)
	}
	return bytes.Clone(o.part.file.text), nil
}

func unknownRule(id string) error {
	return fault.New(fault.NotFound, "there is no rule %s of Sigma", id)
}
