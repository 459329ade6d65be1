package sigma

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/flow"
)

// TestRules reads each file of testdata/rules: "detection" is the detection
// section of a rule, "hit" and "silent" hold one event's original fields a line;
// or "error" says why the rule is refused. "placeholders" is a table of those,
// "warning" what must be said of the rule.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runRule(t, file) })
	}
}

func runRule(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, f := range ar.Files {
		sections[f.Name] = string(f.Data)
	}
	set := ruleSet(t, sections["detection"], sections["placeholders"])
	if want := strings.TrimSpace(sections["error"]); want != "" {
		if len(set.Failed) != 1 || !strings.Contains(set.Failed[0].Error, want) || set.Failed[0].Line == 0 {
			t.Errorf("failed: %+v, want %q", set.Failed, want)
		}
		return
	}
	for _, r := range set.Failed {
		t.Fatal(r.Error)
	}
	r, _ := set.Rule("test")
	if want := strings.TrimSpace(sections["warning"]); !strings.Contains(r.Warning, want) || want == "" && r.Warning != "" {
		t.Errorf("warning %q, want %q", r.Warning, want)
	}
	for line := range strings.Lines(sections["hit"]) {
		runEvent(t, set, line, true)
	}
	for line := range strings.Lines(sections["silent"]) {
		runEvent(t, set, line, false)
	}
}

func runEvent(t *testing.T, set *Set, line string, hit bool) {
	ev := event(t, line)
	if got := len(NewEngine(set).Match(ev)) == 1; got != hit {
		t.Errorf("want a hit %t: %s", hit, line)
	}
	if x, err := set.Explain("test", ev); err != nil || x.Matched != hit {
		t.Errorf("explained otherwise: %+v, %v", x, err)
	}
}

// ruleSet loads a set of one rule with the detection section given.
func ruleSet(t testing.TB, detection, placeholders string) *Set {
	rule := wrapped(detection)
	set, err := Load(testTables(), Folder{"test", fstest.MapFS{
		"rule.yml": {Data: []byte(rule)}, "placeholders.yaml": {Data: []byte(placeholders)},
	}, "."})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func wrapped(detection string) string {
	return "title: Test\nid: test\nlogsource: {category: test}\ndetection:\n  " + strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ") + "\n"
}

// testTables routes every JSON event to category test.
func testTables() Tables {
	return Tables{Routes: []Route{{
		When: []Condition{{Field: "event.format", Is: texts{"ndjson", "syslog"}}}, Gives: Source{Categories: texts{"test"}},
	}}}
}

func event(t testing.TB, line string) *flow.Event {
	ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther}
	if err := json.Unmarshal([]byte(line), &ev.Original); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return ev
}

func TestLoadListsEachFailure(t *testing.T) {
	files := fstest.MapFS{
		"good.yml":      {Data: []byte("title: Good\nid: g\nlogsource: {category: test}\ndetection:\n  s: {a: 1}\n  condition: s\n")},
		"broken.yml":    {Data: []byte("title: [")},
		"empty.yml":     {Data: []byte("")},
		"no-id.yml":     {Data: []byte("title: x\ndetection:\n  s: {a: 1}\n  condition: s\n")},
		"level.yml":     {Data: []byte("title: x\nid: l\nlevel: huge\ndetection:\n  s: {a: 1}\n  condition: s\n")},
		"threat.yml":    {Data: []byte("title: x\nid: t\nwarder: {threat: doom}\ndetection:\n  s: {a: 1}\n  condition: s\n")},
		"asset.yml":     {Data: []byte("title: x\nid: a\nwarder: {asset: moon}\ndetection:\n  s: {a: 1}\n  condition: s\n")},
		"dangling.yml":  {Data: []byte("title: x\nid: d\ncorrelation: {type: event_count, rules: [nobody], timespan: 5m, condition: {gte: 2}}\n")},
		"window.yml":    {Data: []byte("title: x\nid: w\ncorrelation: {type: event_count, rules: [g], timespan: soon, condition: {gte: 2}}\n")},
		"type.yml":      {Data: []byte("title: x\nid: y\ncorrelation: {type: value_max, rules: [g], timespan: 5m}\n")},
		"bound.yml":     {Data: []byte("title: x\nid: b\ncorrelation: {type: event_count, rules: [g], timespan: 5m}\n")},
		"good.test.yml": {Data: []byte("this is no rule")},
		"notes.md":      {Data: []byte("nor this")},
		"a/info.yml":    {Data: []byte("id: x\nregression_tests_info:\n  - name: n\n")},
		"b/info.yml":    {Data: []byte("id: x\nrule_metadata:\n  - id: y\n# regression_tests_info:\n#   - name: n\n")},
		"c/info.yml":    {Data: []byte("rule_metadata:\n  - id: y\n")},
		".git/rule.yml": {Data: []byte("title: [")},
		"multi.yml":     {Data: []byte("title: M1\nid: m1\ndescription: a --- in text\nlogsource: {category: test}\ndetection:\n  s: {a: '---'}\n  condition: s\n---\n---\ntitle: M2\nid: m2\ndetection:\n  s: {a: 2}\n  condition: s\n")},
	}
	set, err := Load(testTables(), Folder{"user", files, "."})
	if err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, r := range set.Failed {
		failed = append(failed, strings.TrimPrefix(r.File, "user/"))
		if r.Error == "" {
			t.Errorf("%s failed without a reason", r.File)
		}
		t.Log(r.File, r.Error)
	}
	slices.Sort(failed)
	want := []string{"asset.yml", "bound.yml", "broken.yml", "dangling.yml", "empty.yml", "level.yml", "threat.yml", "type.yml", "window.yml"}
	if !slices.Equal(failed, want) {
		t.Errorf("failed %v, want %v", failed, want)
	}
	if len(set.rules) != 4 {
		t.Errorf("%d rules loaded, want 4", len(set.rules))
	}
}

func TestLaterFolderReplaces(t *testing.T) {
	rule := func(value string) fstest.MapFS {
		return fstest.MapFS{"r.yml": {Data: []byte("title: R\nid: r\nlogsource: {category: test}\ndetection:\n  s: {a: " + value + "}\n  condition: s\n")}}
	}
	set, err := Load(testTables(), Folder{"content", rule("ours"), "."}, Folder{"user", rule("theirs"), "."})
	if err != nil {
		t.Fatal(err)
	}
	e := NewEngine(set)
	if len(e.Match(event(t, `{"a":"ours"}`))) != 0 || len(e.Match(event(t, `{"a":"theirs"}`))) != 1 {
		t.Error("the hospital's rule does not replace ours")
	}
}

// TestHospitalsChangeOurRules: with a file of the same id they set a rule aside,
// or change a correlation.
func TestHospitalsChangeOurRules(t *testing.T) {
	ours := fstest.MapFS{"r.yml": {Data: []byte("title: R\nid: r\nname: base\nlogsource: {category: test}\ndetection:\n  s: {a: 1}\n  condition: s\nwarder: {once: {by: [g], within: 5m}}\n" +
		"---\ntitle: C\nid: c\ncorrelation: {type: event_count, rules: [base], timespan: 5m, condition: {gte: 5}}\n")}}
	load := func(theirs string) *Set {
		set, err := Load(testTables(), Folder{"content", ours, "."}, Folder{"user", fstest.MapFS{"r.yml": {Data: []byte(theirs)}}, "."})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	set := load("title: C\nid: c\ncorrelation: {type: event_count, rules: [base], timespan: 5m, condition: {gte: 9}}\n")
	if len(set.Failed) != 0 || len(set.Correlations) != 2 || set.Correlations[1].Bounds[0].Value != 9 {
		t.Errorf("changed: %+v, failed %v", set.Correlations, set.Failed)
	}
	set = load("title: C\nid: c\nwarder: {off: true}\n")
	if len(set.Failed) != 0 || len(set.Correlations) != 1 || !set.Rules()[1].Off {
		t.Errorf("set aside: %+v, %+v", set.Correlations, set.Rules())
	}
	set = load("title: R\nid: r\nwarder: {off: true}\n")
	if len(set.Correlations) != 0 || len(set.rules) != 0 || len(set.Failed) != 1 {
		t.Errorf("a counted rule set aside: %+v, %+v", set.Correlations, set.Failed)
	}
	set = load("title: X\nid: x\nlogsource: {category: test}\ndetection:\n  s: {a: 1}\n  condition: s\n---\ntitle: X again\nid: x\nlogsource: {category: test}\ndetection:\n  s: {a: 1}\n  condition: s\n")
	if len(set.Failed) != 1 || !strings.Contains(set.Failed[0].Error, "used twice in user") {
		t.Errorf("an id used twice: %+v", set.Failed)
	}
}

func TestThreatsFromTags(t *testing.T) {
	tb := tables(t)
	for tag, want := range map[string]flow.Threat{
		"attack.t1566.002": flow.ThreatPhishing, "attack.T1110": flow.ThreatCredential, "attack.exfiltration": flow.ThreatExfiltration,
		"attack.lateral-movement": flow.ThreatCompromise, "cve.2021-44228": flow.ThreatCompromise,
	} {
		if got, err := tb.Threats.of("", []string{tag}); got != want || err != nil {
			t.Errorf("%s: %s, %v", tag, got, err)
		}
	}
	for name, table := range map[string]map[string]flow.Threat{"techniques": tb.Threats.Techniques, "tactics": tb.Threats.Tactics} {
		for key, threat := range table {
			if !slices.Contains(flow.Threats(), threat) {
				t.Errorf("%s.%s: %q is no threat", name, key, threat)
			}
		}
	}
}
