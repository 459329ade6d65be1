package ruletest

import (
	"errors"
	"fmt"

	"warder/internal/stage/detect"
)

// Direct gives every case the id of the rule that it names, and hits that name
// none that of the file's only rule that raises alerts. It fails, with every
// reason, when a case names a rule that is not of the file or that is silent, a
// hit leaves open whose it is, or a rule that raises alerts has no hit.
func Direct(cases []Case, rules []detect.Rule) error {
	var alerting []*detect.Rule
	for i := range rules {
		if r := &rules[i]; r.Kind != detect.KindFilter && !r.Silent && !r.Off && r.Error == "" {
			alerting = append(alerting, r)
		}
	}
	var all []error
	hit := map[*detect.Rule]bool{}
	for i := range cases {
		r, err := cases[i].of(alerting)
		if err != nil {
			all = append(all, err)
			continue
		}
		if r != nil {
			cases[i].Rule = r.ID
			hit[r] = hit[r] || cases[i].Kind == Hit
		}
	}
	for _, r := range alerting {
		if !hit[r] && len(all) == 0 {
			all = append(all, fmt.Errorf("no hit is of the rule %q", r.Title))
		}
	}
	return errors.Join(all...)
}

// of finds the rule of a case; nil is a silence of all.
func (c *Case) of(rules []*detect.Rule) (*detect.Rule, error) {
	if c.Rule == "" {
		switch {
		case c.Kind == Silence:
			return nil, nil
		case len(rules) == 1:
			return rules[0], nil
		}
		return nil, fmt.Errorf("line %d: the file has %d rules that raise alerts: say by \"rule\" whose hit this is", c.Line, len(rules))
	}
	for _, r := range rules {
		if c.Rule == r.ID || c.Rule == r.Name || c.Rule == r.Title {
			return r, nil
		}
	}
	return nil, fmt.Errorf("line %d: no rule %q of the file raises alerts", c.Line, c.Rule)
}
