package impact

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Self is the relation of a rule that works on the asset itself: a fire in a
// room makes the room unusable.
const Self hospital.Relation = "self"

// Rule says how a threat on one asset makes a threat on another, along one
// dependency.
type Rule struct {
	ID       string            `yaml:"id"`
	Title    string            `yaml:"title"`
	Relation hospital.Relation `yaml:"relation"` // empty: any but Self
	Against  bool              `yaml:"against"`  // travels from the dependency's To to its From
	From     Match             `yaml:"from"`
	To       Match             `yaml:"to"`
	Gives    flow.Threat       `yaml:"gives"`
	// Likelihood that the link passes the harm on, 0 to 1, before the
	// dependency's own likelihood and the target's protections.
	Likelihood float64       `yaml:"likelihood"`
	Delay      time.Duration `yaml:"delay"`
	Why        string        `yaml:"why"` // how likelihood and delay were judged
	Source     string        `yaml:"source"`
	Tests      []Case        `yaml:"tests"`
}

// Match restricts an end of a dependency; an empty list restricts nothing.
type Match struct {
	Kinds   []hospital.Kind `yaml:"kinds"`
	Threats []flow.Threat   `yaml:"threats"` // only of From
	Tags    []string        `yaml:"tags"`    // at least one of them
	Without []string        `yaml:"without"` // none of these tags
}

// Case is a test that a rule carries: a tiny hospital, one start, and what must
// or must never follow from the rule alone.
type Case struct {
	Given   map[string]string   `yaml:"given"` // asset id -> kind
	Tags    map[string][]string `yaml:"tags"`
	Edges   []string            `yaml:"edges"`   // "a leads-to b"
	Protect map[string]float64  `yaml:"protect"` // asset id -> degree against what the rule gives
	Start   string              `yaml:"start"`   // "a fire"
	Then    string              `yaml:"then"`    // "b fire"
	Never   string              `yaml:"never"`
}

func (m Match) asset(a *hospital.Asset) bool {
	if len(m.Kinds) > 0 && !slices.Contains(m.Kinds, a.Kind) {
		return false
	}
	tagged := func(tag string) bool { return slices.Contains(a.Tags, tag) }
	if len(m.Tags) > 0 && !slices.ContainsFunc(m.Tags, tagged) {
		return false
	}
	return !slices.ContainsFunc(m.Without, tagged)
}

// redundant tells whether the rule's harm needs the loss of more than one
// supplier where the model says so.
func (r *Rule) redundant() bool {
	return r.Relation == hospital.Supplies && !r.Against &&
		(r.Gives == flow.ThreatLost || r.Gives == flow.ThreatDegraded)
}

// Rules is a rule set, indexed by the threat that a rule starts from.
type Rules struct {
	all []*Rule
	on  map[flow.Threat][]*Rule
}

// NewRules checks and indexes rules. Every fault is reported, joined.
func NewRules(rules []Rule) (*Rules, error) {
	set := &Rules{on: map[flow.Threat][]*Rule{}}
	seen := map[string]bool{}
	var faults []error
	for i := range rules {
		r := &rules[i]
		if err := r.check(); err != nil {
			faults = append(faults, fmt.Errorf("dependency rule %q: %w", r.ID, err))
		}
		if seen[r.ID] {
			faults = append(faults, fmt.Errorf("dependency rule %q: there are two of this id", r.ID))
		}
		seen[r.ID] = true
		set.all = append(set.all, r)
		for _, t := range r.From.Threats {
			set.on[t] = append(set.on[t], r)
		}
	}
	return set, errors.Join(faults...)
}

// All lists the rules in the order of their files.
func (s *Rules) All() []*Rule { return s.all }

// LoadRules reads every .yaml file below dir; each holds a list of rules.
func LoadRules(fsys fs.FS, dir string) (*Rules, error) {
	var rules []Rule
	err := fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".yaml" {
			return err
		}
		more, err := readRules(fsys, p)
		if err != nil {
			return fmt.Errorf("read dependency rules %s: %w", p, err)
		}
		rules = append(rules, more...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return NewRules(rules)
}

func readRules(fsys fs.FS, name string) ([]Rule, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	var rules []Rule
	return rules, dec.Decode(&rules)
}

func (r *Rule) check() error {
	var faults []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	need(r.ID != "" && r.ID == strings.ToLower(r.ID), "id must be there, in lower case")
	need(r.Title != "", "title is missing")
	need(r.Source != "", "source is missing: say where the rule comes from")
	need(len(r.From.Threats) > 0, "from.threats is missing")
	need(len(r.To.Threats) == 0, "to.threats has no meaning: use gives")
	for _, t := range append(slices.Clone(r.From.Threats), r.Gives) {
		need(slices.Contains(flow.Threats(), t), "unknown threat %q", t)
	}
	need(r.Likelihood > 0 && r.Likelihood <= 1, "likelihood %v must be above 0 and at most 1", r.Likelihood)
	need(r.Delay >= 0, "delay %v must not be negative", r.Delay)
	switch r.Relation {
	case "", Self, hospital.Supplies, hospital.LeadsTo, hospital.Hosts, hospital.Controls, hospital.PartOf:
	default:
		need(false, "unknown relation %q", r.Relation)
	}
	need(!(r.Relation == Self && r.Against), "a rule of relation self cannot go against it")
	return errors.Join(faults...)
}
