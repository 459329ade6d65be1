package inspect

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"warder/internal/stage/detect/ruletest"
)

// shared finds a folder of the foreign test data, or skips the test.
func shared(t testing.TB, name string) string {
	t.Helper()
	if dir := os.Getenv("WARDER_SHARED_DATA"); dir != "" {
		return filepath.Join(dir, name)
	}
	dir, _ := os.Getwd()
	for dir != filepath.Dir(dir) {
		at := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(at); err == nil {
			return at
		}
		dir = filepath.Dir(dir)
	}
	t.Skipf("no foreign test data %s here", name)
	return ""
}

func TestCheck(t *testing.T) {
	dir := unpack(t, `
-- a/good.yml --
title: Good
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows}
detection: {selection: {A: 1}, condition: selection}
-- a/bad.yml --
title: Bad
id: 33333333-3333-4333-8333-333333333333
logsource: {product: windows}
detection:
  selection: {A|nonsense: 1}
  condition: selection
-- a/worse.yaml --
: [
-- a/good.test.yml --
not looked at
-- a/info.yml --
id: x
regression_tests_info: []
-- a/.github/flow.yml --
not looked at
`)
	c := load(t, filepath.Join(dir, "a")).Check()
	if c.Rules != 3 || c.Good != 1 || c.Bad != 2 || len(c.Problems) != 2 {
		t.Fatalf("got %+v", c)
	}
	bad := c.Problems[0]
	if filepath.Base(bad.File) != "bad.yml" || bad.Line != 5 || !strings.Contains(bad.Text, "nonsense") ||
		!strings.HasSuffix(strings.SplitN(bad.String(), ": ", 2)[0], "bad.yml:5") {
		t.Errorf("got %s", bad)
	}
	one := load(t, filepath.Join(dir, "a", "bad.yml")).Check()
	if one.Bad != 1 || one.Rules != 1 || !strings.HasSuffix(one.Problems[0].File, "a/bad.yml") {
		t.Errorf("got %+v", one)
	}
	if _, err := LoadRules(RulesOptions{Paths: []string{filepath.Join(dir, "none")}}); err == nil {
		t.Error("a folder that is not there was loaded")
	}
}

func TestFind(t *testing.T) {
	rules := load(t, filepath.Join(unpack(t, night), "rules"))
	for name, want := range map[string]string{
		"11111111-1111-4111-8111-111111111111": "A failed logon", "a failed": "A failed logon", "many": "Many failed logons",
	} {
		if r, err := rules.Find(name); err != nil || r.Title != want {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	for _, name := range []string{"failed logon", "nothing"} {
		if r, err := rules.Find(name); err == nil {
			t.Errorf("%s: %v", name, r)
		}
	}
}

func TestOwnTests(t *testing.T) {
	dir := unpack(t, night+`
-- rules/logon.test.yml --
hits:
  - case: three times
    rule: A failed logon
    events:
      - {at: "0s", original: {Channel: Security, EventID: 4625, TargetUserName: x}}
  - case: should not
    rule: Many failed logons
    events: [{original: {Channel: Security, EventID: 1}}]
silences:
  - case: a success
    events: [{original: {Channel: Security, EventID: 4624}}]
-- rules/other.yml --
title: Without a test
id: 44444444-4444-4444-8444-444444444444
logsource: {product: windows}
detection: {selection: {A: 1}, condition: selection}
-- rules/third.yml --
title: With a broken test
id: 55555555-5555-4555-8555-555555555555
logsource: {product: windows}
detection: {selection: {A: 1}, condition: selection}
-- rules/third.test.yml --
hits: []
-- rules/two.yml --
title: Tested
id: 66666666-6666-4666-8666-666666666666
logsource: {product: windows}
detection: {selection: {A: 1}, condition: selection}
---
title: Without a hit of its own
id: 77777777-7777-4777-8777-777777777777
logsource: {product: windows}
detection: {selection: {B: 1}, condition: selection}
-- rules/two.test.yml --
hits: [{case: one, rule: Tested, events: [{log.product: windows, original: {A: 1}}]}]
silences: [{case: none, events: [{log.product: windows, original: {A: 2}}]}]
`)
	run, err := load(t, filepath.Join(dir, "rules")).Test(t.Context(), nil, RegressionOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, r := range run.Results {
		if !r.Passed {
			failed = append(failed, r.Test+": "+r.Detail)
		}
	}
	want := []string{"hit: should not: it should raise an alert and raised none", "the file: want at least one hit and one silence",
		`the file: no hit is of the rule "Without a hit of its own"`}
	if run.Passed != 4 || !slices.Equal(failed, want) || len(run.Untested) != 1 || run.Untested[0].Title != "Without a test" {
		t.Errorf("%d passed, untested %v, failed %q", run.Passed, run.Untested, failed)
	}
}

func TestBuiltinRulesPassTheirTests(t *testing.T) {
	rules, err := LoadRules(RulesOptions{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	run, err := rules.Test(t.Context(), nil, RegressionOptions{Now: now})
	if err != nil || run.Failed > 0 || run.Passed < 60 || len(run.Untested) > 0 {
		t.Errorf("%d passed, %d failed, untested %v, %v", run.Passed, run.Failed, run.Untested, err)
	}
}

const regression = night + `
-- regression_data/rules/logon/info.yml --
rule_metadata: [{id: 11111111-1111-4111-8111-111111111111, title: A failed logon}]
regression_tests_info:
  - {name: from the top, type: json, match_count: 2, path: logs/1.json}
  - {name: beside, type: json, path: regression_data/elsewhere/beside.json}
  - {name: converted, type: evtx, match_count: 1, path: x/converted.evtx}
  - {name: wrong count, type: json, match_count: 1, path: logs/1.json}
  - {name: not there, type: evtx, match_count: 1, path: logs/none.evtx}
-- regression_data/rules/logon/beside.json --
{"Channel":"Security","EventID":4625}
-- regression_data/rules/logon/converted.json --
{"Channel":"Security","EventID":4625} {"Channel":"Security","EventID":4625}
-- regression_data/rules/gone/info.yml --
rule_metadata: [{id: 99999999-9999-4999-8999-999999999999, title: Gone}]
regression_tests_info: [{name: n, type: evtx, match_count: 1, path: x}]
-- regression_data/rules/aside/info.yml --
rule_metadata: [{id: 11111111-1111-4111-8111-111111111111, title: A failed logon}]
-- regression_data/rules/nobody/info.yml --
regression_tests_info: [{name: n, type: evtx, match_count: 1, path: x}]
-- regression_data/rules/broken/info.yml --
[
`

func TestRegressionTests(t *testing.T) {
	dir := unpack(t, regression)
	run, err := load(t, dir).Test(t.Context(), []string{dir}, RegressionOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range run.Results {
		got[filepath.Base(filepath.Dir(r.File))+"/"+r.Test] = r.Detail
	}
	for test, detail := range map[string]string{
		"logon/from the top": "", "logon/beside": "", "logon/converted": "",
		"logon/wrong count": "1 event of ", "logon/not there": "is not there", "gone/n": "not among those",
		"nobody/the file": "names no rule", "broken/the file": "read the description",
	} {
		if have, ok := got[test]; !ok || detail == "" && have != "" || !strings.Contains(have, detail) {
			t.Errorf("%s: %q, want %q", test, have, detail)
		}
	}
	if run.Passed != 3 || run.Failed != 5 {
		t.Errorf("%d passed, %d failed", run.Passed, run.Failed)
	}
}

func TestRaiseRemembersNothing(t *testing.T) {
	rules := load(t, filepath.Join(unpack(t, night), "rules"))
	cases, err := ruletest.Read([]byte(`
hits: [{case: c, events: [{original: {Channel: Security, EventID: 4625, TargetUserName: x}}, {at: 1s, original: {Channel: Security, EventID: 4625, TargetUserName: x}}]}]
silences: [{case: c, events: [{a: b}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if raised := rules.Raise(cases[0].Events); len(raised) != 2 {
			t.Errorf("raised %v", raised)
		}
	}
}

func TestExplain(t *testing.T) {
	dir := unpack(t, night)
	rules := load(t, filepath.Join(dir, "rules"))
	rule, err := rules.Find("a failed")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	explain := func(o ExplainOptions) (bool, error) {
		out.Reset()
		return rules.Explain(t.Context(), rule, o, func(e *Explained) error { return e.WriteText(&out) })
	}
	more, err := explain(ExplainOptions{Logs: logs(t, 1, filepath.Join(dir, "logs", "1.json")), Most: 2})
	if err != nil || !more {
		t.Errorf("more %v, %v", more, err)
	}
	for _, want := range []string{
		"1.json:1\n  ✓ met:     A failed logon (1111", "1.json:2\n  ✗ not met: A failed logon", "log source product windows, service security",
		"the event has: '4624'", "✗ not met: '4625'",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	_, err = explain(ExplainOptions{Logs: logs(t, 1, filepath.Join(dir, "logs", "2.json")), Most: 9, At: 2})
	if err != nil || !strings.Contains(out.String(), "cannot be read: ") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if _, err = explain(ExplainOptions{Logs: logs(t, 1, filepath.Join(dir, "logs")), Most: 9, At: 77}); err == nil {
		t.Error("a record that is not there was explained")
	}
}

// A correlation is explained by the rules that it counts, also by those of the
// correlations that it counts.
func TestExplainACorrelation(t *testing.T) {
	dir := unpack(t, "-- rules/r.yml --\n"+countedBase+`title: Many shells
id: many
name: many
correlation: {type: value_count, rules: [shell], group-by: [Computer], timespan: 1m, condition: {field: ParentImage, gte: 2}}
---
title: Hosts with many shells
id: hosts
correlation: {type: event_count, rules: [many, asked], group-by: [site], aliases: {site: {asked: src_ip}}, timespan: 1h, condition: {gte: 2}}
-- e.json --
`+mapped()["processes"]+`{"Channel":"Security","EventID":4688,"NewProcessName":"c:\\\\cmd.exe","@timestamp":"2026-11-21T22:00:05Z"}
{"Channel":"Security","EventID":4624,"Computer":"pc","@timestamp":"2026-11-21T22:00:06Z"}
`+mapped()["zeek"])
	rules := load(t, filepath.Join(dir, "rules"))
	explain := func(name string, at int) string {
		t.Helper()
		rule, err := rules.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		_, err = rules.Explain(t.Context(), rule, ExplainOptions{Logs: logs(t, 1, filepath.Join(dir, "e.json")), At: at, Most: 1},
			func(e *Explained) error { return e.WriteText(&out) })
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, c := range []struct {
		rule  string
		at    int
		wants []string
	}{
		{"many", 1, []string{"Many shells (many) counts over time", "✓ met:     A shell (shell)", "group Computer: 'pc'", `counted value ParentImage: 'c:\word.exe'`, "the record counts"}},
		{"many", 4, []string{"✓ met:     A shell (shell)", "counted value ParentImage: the event has none", "the record does not count: it lacks a field"}},
		{"many", 5, []string{"✗ not met: A shell (shell)", "the record does not count by this rule"}},
		{"hosts", 1, []string{"by what Many shells (many) finds", "✓ met:     A shell (shell)", "✗ not met: A name asked for (asked)"}},
		{"hosts", 6, []string{"✓ met:     A name asked for (asked)", "group site (src_ip): '10.0.0.1'", "the record counts"}},
	} {
		got := explain(c.rule, c.at)
		for _, want := range c.wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s of record %d: %q is not in\n%s", c.rule, c.at, want, got)
			}
		}
	}
}
