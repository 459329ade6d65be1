package detect

import (
	"context"

	"warder/internal/flow"
)

// Pack is rules that were loaded together, with what is known of them.
type Pack struct {
	Ruleset   *Ruleset
	Explainer Explainer
	// Text gives what a rule's file says, or the part of it that is the rule;
	// fault.NotFound when there is none.
	Text func(rule string) ([]byte, error)
	// Tests gives the tests beside a rule.
	Tests func(ctx context.Context, rule *Rule) ([]RuleTest, error)
	// Prints holds, for each rule by its id, something that differs when the rule
	// does, and does not when only others in its file do.
	Prints map[string]string
	// Replaced lists the rules whose place one of a later folder took.
	Replaced []Replaced
	// State is Library.State from before the files were read, so that what changes
	// meanwhile is seen.
	State string
	// Counter begins to count over time. The function that it returns takes hits
	// in order of time and gives what they made correlations find, those included
	// that count correlations. One goroutine may call it.
	Counter func(correlations []Correlation) func(hit *flow.Hit) []Found
}

// Replaced is a rule that is not in force, since another has its id.
type Replaced struct{ Rule, By Rule }

// Found is what a correlation found.
type Found struct {
	Rule  Rule
	Event flow.Event // the hit's, by which it was found
}

// RuleTest is one test of a rule: what it must find or must not.
type RuleTest struct {
	Kind   string `json:"kind" enum:"hit,silence"`
	Text   string `json:"text" doc:"as the file beside the rule has it (YAML)"`
	Passed *bool  `json:"passed,omitempty" doc:"absent when it was not run"`
	Detail string `json:"detail,omitempty" doc:"why it did not pass"`
}

// Library is where rules come from: the folders of the configuration, and what
// people paste.
type Library interface {
	// Load reads every folder. A rule that cannot be read is among the pack's
	// rules with its error; an error means that a folder cannot be read.
	Load(ctx context.Context) (*Pack, error)
	// Compile reads rules from files in memory, as it would from folders, without
	// touching a disk. Their correlations may count rules of base.
	Compile(files []RuleFile, base *Pack) (*Pack, error)
	// State gives something that differs when the folders' files do; it looks at
	// names, sizes and times only.
	State() string
}

// rule finds a rule of the pack by its id, one that works before one that does
// not.
func (p *Pack) rule(id string) *Rule {
	var broken *Rule
	for i := range p.Ruleset.Rules {
		r := &p.Ruleset.Rules[i]
		switch {
		case key(r) != id:
		case r.Error == "":
			return r
		case broken == nil:
			broken = r
		}
	}
	return broken
}

// prints gives each entry of the list of rules something that differs when what it
// stands for does. What has no id is listed by its file, maybe several in one.
func (p *Pack) prints() map[string]string {
	prints := make(map[string]string, len(p.Ruleset.Rules))
	for i := range p.Ruleset.Rules {
		r := &p.Ruleset.Rules[i]
		prints[key(r)] += p.Prints[r.ID] + r.Error + "\n"
	}
	return prints
}

// Show shows events to the rules, in their order and as if nothing had been
// before, and tells what would raise an alert. Nothing is kept or published.
func (p *Pack) Show(evs []flow.Event, raised func(r *Rule)) {
	dispatch, count := NewDispatch(p.Ruleset.Correlations), p.Counter(p.Ruleset.Correlations)
	for i := range evs {
		for _, matcher := range p.Ruleset.Matchers {
			for _, m := range matcher.Match(&evs[i]) {
				if m.Alert {
					raised(m.Rule)
				}
				if !m.Count {
					continue
				}
				for _, hit := range dispatch.Hits(m.Rule.ID, &evs[i]) {
					for _, f := range count(&hit) {
						raised(&f.Rule)
					}
				}
			}
		}
	}
}
