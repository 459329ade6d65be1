package hospital

import (
	"strings"

	"warder/internal/flow"
)

func (f *csvFile) spot() position { return position{file: f.name, line: f.line} }

// word is a cell whose value never has white space around it.
func (f *csvFile) word(column string) string { return strings.TrimSpace(f.cell(column)) }

func (f *csvFile) asset() {
	a := Asset{
		ID: f.word("id"), Kind: Kind(f.word("kind")), Name: f.word("name"), Place: f.word("place"),
		Criticality: f.number("criticality", outOfRange), Owner: f.word("owner"), Hub: f.truth("hub"),
		Tags: f.texts("tags"), Beds: f.number("beds", 0), Protections: f.protections("protections"),
	}
	f.pairs("identifiers", func(k, v string) {
		a.Identifiers = append(a.Identifiers, flow.Identifier{Kind: flow.IdentifierKind(k), Value: v})
	})
	f.pairs("attributes", func(k, v string) {
		if a.Attributes == nil {
			a.Attributes = make(map[string]string)
		}
		if _, twice := a.Attributes[k]; twice {
			f.bad(RuleOneKey, "attributes: key %q stands twice", k)
		}
		a.Attributes[k] = v
	})
	f.addAsset(a, f.spot())
}

func (f *csvFile) dependency() {
	f.addDependency(Dependency{
		From: f.word("from"), To: f.word("to"), Relation: Relation(f.word("relation")),
		BothWays: f.truth("both_ways"), Group: f.word("group"), Need: f.number("need", outOfRange),
		Autonomy: f.duration("autonomy"), Likelihood: f.likelihood("likelihood"), Note: f.word("note"),
	}, f.spot())
}

func (f *csvFile) plan() {
	f.addPlan(Plan{ID: f.word("id"), Name: f.word("name"), Place: f.word("place"), File: f.word("file")}, f.spot())
}
