package sigma

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warder/internal/kit/fault"
	"warder/internal/stage/detect"
)

// TestExplainAgrees holds explanations against the engine: for what it found, and
// for rules drawn from all others, on real events.
func TestExplainAgrees(t *testing.T) {
	most := 150
	if tortured() {
		most = 4000
	}
	events := corpus(t, "sigma/mixed-4k.ndjson.gz", most)
	set, engine := publicSet(t), publicEngine(t)
	draw := rand.New(rand.NewPCG(1, 2))
	matched, explained := 0, 0
	for i, ev := range events {
		met := map[string]bool{}
		for _, m := range engine.Match(ev) {
			met[m.Rule.ID] = true
		}
		matched += len(met)
		ids := []string{}
		for id := range met {
			ids = append(ids, id)
		}
		for range 5 {
			ids = append(ids, set.rules[draw.IntN(len(set.rules))].rule.ID)
		}
		for _, id := range ids {
			x, err := set.Explain(id, ev)
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			if explained++; x.Matched != met[id] {
				t.Errorf("event %d, rule %s: explained %t, found %t", i, id, x.Matched, met[id])
			}
		}
	}
	t.Logf("%d explanations, %d of matches", explained, matched)
}

const explained = `title: Shell
id: shell
name: shell
logsource: {product: windows, category: test}
detection:
  selection:
    Image|endswith: ['\cmd.exe', '\sh.exe']
    Parent: null
  other:
    - User|contains|all: [a, b]
  filter: {Path|re: '^x'}
  condition: (selection or other) and not filter
---
title: Ours
logsource: {category: test}
filter:
  rules: [shell]
  admin: {User|startswith: adm_}
  condition: admin
`

func explainedSet(t *testing.T) *Set {
	tb := testTables()
	tb.Routes[0].Gives.Product = "windows"
	tb.Aliases = map[string][]string{"Image": {"process.path"}}
	set, err := Load(tb, Folder{"test", fstest.MapFS{"rule.yml": {Data: []byte(explained)}}, "."})
	if err != nil || len(set.Failed) > 0 {
		t.Fatal(err, set.Failed)
	}
	return set
}

func TestExplanation(t *testing.T) {
	x, err := explainedSet(t).Explain("shell", event(t, `{"process":{"path":"C:\\CMD.exe"},"User":"adm_b","Path":"y"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &detect.Explanation{
		Rule: "shell", Title: "Shell", Matched: false,
		LogSource: detect.LogSourceExplanation{
			Wanted: detect.LogSource{Product: "windows", Category: "test"},
			Has:    []detect.LogSource{{Product: "windows", Category: "test"}}, Met: true,
		},
		Condition: detect.ConditionExplanation{
			Op: "and", Text: "((selection or other) and not filter) and (not (Ours: admin))", Of: []detect.ConditionExplanation{
				{Op: "and", Text: "(selection or other) and not filter", Met: true, Of: []detect.ConditionExplanation{
					{Op: "or", Text: "selection or other", Met: true, Of: []detect.ConditionExplanation{
						{Op: "selection", Text: "selection", Met: true}, {Op: "selection", Text: "other", Met: true},
					}},
					{Op: "not", Text: "not filter", Met: true, Of: []detect.ConditionExplanation{{Op: "selection", Text: "filter"}}},
				}},
				{Op: "not", Text: "not (Ours: admin)", Of: []detect.ConditionExplanation{{Op: "selection", Text: "Ours: admin", Met: true}}},
			},
		},
		Selections: []detect.SelectionOutcome{
			{Name: "selection", Met: true, Alternatives: []detect.AlternativeOutcome{{Met: true, Items: []detect.ItemOutcome{
				{Field: "Image", Modifiers: []string{"endswith"}, Met: true, Present: true, Event: []string{`C:\CMD.exe`}, ReadAs: "process.path",
					Values: []detect.ValueOutcome{{Text: `\cmd.exe`, Met: true}, {Text: `\sh.exe`}}},
				{Field: "Parent", Met: true, Values: []detect.ValueOutcome{{Text: "null", Met: true}}},
			}}}},
			{Name: "other", Met: true, Alternatives: []detect.AlternativeOutcome{{Met: true, Items: []detect.ItemOutcome{
				{Field: "User", Modifiers: []string{"contains", "all"}, Met: true, All: true, Present: true, Event: []string{"adm_b"},
					Values: []detect.ValueOutcome{{Text: "a", Met: true}, {Text: "b", Met: true}}},
			}}}},
			{Name: "filter", Alternatives: []detect.AlternativeOutcome{{Items: []detect.ItemOutcome{
				{Field: "Path", Modifiers: []string{"re"}, Present: true, Event: []string{"y"}, Values: []detect.ValueOutcome{{Text: "^x"}}},
			}}}},
			{Name: "Ours: admin", Met: true, Alternatives: []detect.AlternativeOutcome{{Met: true, Items: []detect.ItemOutcome{
				{Field: "User", Modifiers: []string{"startswith"}, Met: true, Present: true, Event: []string{"adm_b"},
					Values: []detect.ValueOutcome{{Text: "adm_", Met: true}}},
			}}}},
		},
	}
	if diff := cmp.Diff(want, x, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestExplainsOnlyRules(t *testing.T) {
	set := explainedSet(t)
	filter := set.filters[0].rule.ID
	for id, kind := range map[string]fault.Kind{"nobody": fault.NotFound, filter: fault.Invalid} {
		if _, err := set.Explain(id, event(t, `{}`)); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", id, err)
		}
	}
	text, err := set.Text(filter)
	if err != nil || !strings.HasPrefix(string(text), "title: Shell") {
		t.Errorf("text of the filter's file: %.20q, %v", text, err)
	}
	if r, ok := set.Rule("shell"); !ok || len(r.Filters) != 1 || r.Filters[0] != "Ours" {
		t.Errorf("the rule says of its filters: %+v", r)
	}
}
