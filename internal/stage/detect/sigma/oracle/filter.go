package oracle

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Filter is an exclusion that several rules share (Filters: Introduction).
type Filter struct {
	source     Source
	rules      []string
	detections map[string]detection
	conditions []condition
	keeps      bool // the condition says what is kept, not what is suppressed
}

// readFilter is Filters: Components. House: by the specification's example
// (condition: selection) and purpose ("to suppress matches") a condition says what
// is suppressed; as filters are published (condition: not selection) it says what
// is kept. The negations tell which is meant; where they do not, a filter is
// refused.
func readFilter(node *yaml.Node, source Source, placeholders func(string) ([]string, bool)) (*Filter, error) {
	b, err := readBody(node, placeholders)
	f := &Filter{source: source, rules: b.rules, detections: b.detections, conditions: b.conditions}
	switch {
	case err != nil:
	case len(b.rules) == 0:
		err = errors.New("a filter names the rules that it is for")
	case len(b.conditions) > 1:
		err = errors.New("a filter has one condition")
	case b.conditions[0].not || !b.conditions[0].plain:
		f.keeps = true
	case b.conditions[0].negated:
		err = errors.New("the condition of a filter does not tell what is kept")
	}
	return f, err
}

func (f *Filter) suppresses(ev *Event) bool {
	return anyHolds(f.conditions, f.detections, ev) != f.keeps
}

// Attach gives every rule the filters that name it by id or name, or any rule,
// and whose log source its own is part of.
func Attach(rules []*Rule, filters []*Filter) {
	for _, r := range rules {
		for _, f := range filters {
			if f.names(r) && covers(r.Source, f.source) {
				r.filters = append(r.filters, f)
			}
		}
	}
}

func (f *Filter) names(r *Rule) bool {
	return slices.ContainsFunc(f.rules, func(name string) bool {
		return name != "" && (name == r.ID || name == r.Name || name == "any" && len(f.rules) == 1)
	})
}
