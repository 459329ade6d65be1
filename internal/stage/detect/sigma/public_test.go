package sigma

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
)

// TestPublicRulesLoad loads the public rule set whole.
func TestPublicRulesLoad(t *testing.T) {
	set := publicSet(t)
	for _, r := range set.Failed {
		t.Errorf("not loaded: %s, line %d: %s", r.File, r.Line, r.Error)
	}
	t.Logf("%d rules loaded, %d failed", len(set.rules), len(set.Failed))
	for _, c := range set.rules {
		if c.rule.Warning != "" {
			t.Logf("%s: %s", c.rule.File, c.rule.Warning)
		}
	}
	if len(set.rules) != 3754 {
		t.Errorf("%d rules loaded, want 3,754", len(set.rules))
	}
	unwitnessed := 0
	for i, without := range publicEngine(t).unwitnessed {
		if without {
			unwitnessed++
			t.Logf("has to be evaluated for every event of its log source: %s", set.rules[i].rule.File)
		}
	}
	if most := len(set.rules) / 100; unwitnessed > most {
		t.Errorf("%d rules have no witness, want at most %d", unwitnessed, most)
	}
}

// TestPublicRegressions runs the samples that the public set's own tests give
// for a rule: the named rule must fire on the sample.
func TestPublicRegressions(t *testing.T) {
	folder := shared(t, "it/sigma-regression")
	engine := publicEngine(t)
	infos, err := filepath.Glob(filepath.Join(folder, "*", "info.yml"))
	if err != nil {
		t.Fatal(err)
	}
	agree, disagree := 0, 0
	for _, info := range infos {
		for _, c := range samples(t, info) {
			fired := fires(engine, c.events)
			if slices.Contains(fired, c.rule) {
				agree++
				continue
			}
			disagree++
			t.Errorf("%s: rule %s did not fire; fired: %v", filepath.Base(filepath.Dir(info)), c.rule, fired)
		}
	}
	t.Logf("%d samples agree, %d do not", agree, disagree)
}

type sample struct {
	rule   string
	events []flow.Event
}

// samples reads the JSON samples of one folder; EVTX ones need a reader of their own.
func samples(t *testing.T, info string) (list []sample) {
	data, err := os.ReadFile(info)
	if err != nil {
		t.Fatal(err)
	}
	var head struct {
		Rules []struct{ ID string } `yaml:"rule_metadata"`
	}
	if err := yaml.Unmarshal(data, &head); err != nil || len(head.Rules) == 0 {
		t.Fatalf("%s: %v", info, err)
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(info), "*.json"))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := sample{rule: head.Rules[0].ID}
		for dec := json.NewDecoder(strings.NewReader(string(data))); dec.More(); {
			var m map[string]any
			if err := dec.Decode(&m); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			c.events = append(c.events, flow.Event{
				Format: flow.FormatJSON, Category: flow.CategoryOther, Original: m, Raw: data,
			})
		}
		list = append(list, c)
	}
	return list
}

func fires(e *Engine, events []flow.Event) (ids []string) {
	for i := range events {
		for _, m := range e.Match(&events[i]) {
			ids = append(ids, m.Rule.ID)
		}
	}
	return ids
}
