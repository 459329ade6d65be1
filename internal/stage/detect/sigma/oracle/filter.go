package oracle

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Filter is an exclusion that several rules share (Filters: Introduction).
type Filter struct {
	source     Source
	rules      []string
	detections map[string]detection
	conditions []holds
}

func readFilter(node *yaml.Node, source Source, placeholders func(string) ([]string, bool)) (*Filter, error) {
	b, err := readBody(node, placeholders)
	if err == nil && len(b.rules) == 0 {
		err = fmt.Errorf("a filter names the rules that it is for")
	}
	return &Filter{source, b.rules, b.detections, b.conditions}, err
}

// Attach gives every rule the filters that name it by id or name and whose log
// source its own is part of. By the specification's example (condition:
// selection) and purpose ("to suppress matches"), a rule does not match what the
// condition of a filter is true of.
func Attach(rules []*Rule, filters []*Filter) {
	for _, r := range rules {
		for _, f := range filters {
			named := slices.Contains(f.rules, r.ID) || r.Name != "" && slices.Contains(f.rules, r.Name)
			if named && covers(r.Source, f.source) {
				r.filters = append(r.filters, f)
			}
		}
	}
}
