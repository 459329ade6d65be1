// Package ruletest holds rules against the tests beside them: for rules.yml the
// file rules.test.yml, with at least one hit and one silence,
//
//	hits:
//	  - case: a door is forced
//	    events:
//	      - {at: "0s", category: access, action: door.forced, door: D-12}
//	silences:
//	  - case: a door is opened with a badge
//	    events:
//	      - {category: access, action: badge.granted, door: D-12}
//
// The events of a case are shown to rules that remember nothing, in their order.
// An event has its time after an arbitrary morning (at, a duration), category,
// action, event.site, original (the sender's own fields, nested) and otherwise
// attributes by their names in docs/reference/events.md. "times: 20, every: 1s"
// shows it twenty times; {n} in its values is then 0, 1, 2 and so on.
//
// A case may say "rule", the id, name or title of a rule of the file: a hit is
// then that rule's alert, a silence the absence of that rule's. A hit need not
// say so where the file has one rule that raises alerts; Direct demands that each
// of them has a hit of its own.
//
// The package knows no engine: who uses it says how events are shown to rules.
package ruletest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"warder/internal/flow"
)

// Kind is what a case expects.
type Kind string

// The kinds of cases.
const (
	Hit     Kind = "hit"     // the rule raises an alert
	Silence Kind = "silence" // it does not, or none of the file where the case names no rule
)

// Case is one test of a rule.
type Case struct {
	Kind   Kind
	Name   string
	Rule   string       // as the file names it, or its id after Direct; empty: any rule of the file
	Line   int          // in the file, from 1
	Text   string       // as the file has it (YAML)
	Events []flow.Event // in the order of the file
}

// Raised is an alert that rules raised over a case's events.
type Raised struct {
	Rule  string // id
	Title string
}

// Run shows events to rules that remember nothing of earlier calls.
type Run func(events []flow.Event) []Raised

// Outcome is what came of a case.
type Outcome struct {
	Case   *Case
	Passed bool
	Detail string // why it did not pass
}

// Beside is the name of the file with the tests of a rule file.
func Beside(rules string) string { return strings.TrimSuffix(rules, path.Ext(rules)) + ".test.yml" }

// Hold shows a case to the rules. Those given are the ids of the rules of the
// file; what others raise does not matter.
func (c *Case) Hold(rules []string, run Run) Outcome {
	var raised []string
	for _, r := range run(c.Events) {
		if slices.Contains(rules, r.Rule) && (c.Rule == "" || c.Rule == r.Rule) {
			raised = append(raised, fmt.Sprintf("%s (%s)", r.Title, r.Rule))
		}
	}
	switch {
	case c.Kind == Hit && len(raised) == 0:
		return Outcome{Case: c, Detail: "it should raise an alert and raised none"}
	case c.Kind == Silence && len(raised) > 0:
		return Outcome{Case: c, Detail: "it should raise no alert and raised: " + strings.Join(raised, "; ")}
	}
	return Outcome{Case: c, Passed: true}
}
