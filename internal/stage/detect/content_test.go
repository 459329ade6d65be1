package detect_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/detect/foreign"
	"warder/internal/stage/detect/ruletest"
	"warder/internal/stage/detect/sigma"
)

const content = "../../../content"

// way is the matchers and the counter as the program composes them.
type way struct {
	matchers     []detect.Matcher
	correlations []detect.Correlation
	wanted       map[string][]detect.Field
	set          *sigma.Set
}

func newWay(t testing.TB, rules fs.FS, root string) *way {
	tables, err := sigma.ReadTables(os.DirFS(content), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	set, err := sigma.Load(tables, sigma.Folder{Name: "content", FS: rules, Root: root})
	if err != nil {
		t.Fatal(err)
	}
	table, err := foreign.Read(os.DirFS(content), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	others := foreign.New(table)
	w := &way{set: set, correlations: append(set.Correlations, others.Correlations()...)}
	w.matchers = []detect.Matcher{sigma.NewEngine(set), others}
	w.wanted = detect.Wanted(w.correlations)
	return w
}

// run shows events to a fresh way and returns the alerts.
func (w *way) run(events []flow.Event) (alerts []flow.Alert) {
	counter := count.NewCounter(w.correlations)
	for i := range events {
		for _, m := range w.matchers {
			for _, match := range m.Match(&events[i]) {
				if match.Alert {
					alerts = append(alerts, detect.NewAlert(match.Rule, &events[i]))
				}
				if match.Count {
					hit := detect.NewHit(match.Rule.ID, &events[i], w.wanted[match.Rule.ID])
					for _, r := range counter.Take(&hit) {
						alerts = append(alerts, r.Alert)
					}
				}
			}
		}
	}
	return alerts
}

// TestContentPack holds every rule of the pack against the test beside it.
func TestContentPack(t *testing.T) {
	w := newWay(t, os.DirFS(content), "rules")
	for _, r := range w.set.Failed {
		t.Errorf("%s: %s", r.File, r.Error)
	}
	byFile := map[string][]detect.Rule{}
	for _, r := range w.set.Rules() {
		byFile[r.File] = append(byFile[r.File], r)
	}
	if len(byFile) < 100 {
		t.Errorf("%d files of rules, want 100 or more", len(byFile))
	}
	for file, rules := range byFile {
		t.Run(strings.TrimPrefix(file, "content/"), func(t *testing.T) {
			cases := casesOf(t, file, rules)
			for _, o := range w.failed(cases, rules) {
				t.Errorf("%s %q: %s", o.Case.Kind, o.Case.Name, o.Detail)
			}
		})
	}
}

// TestContentPackSaysWhatItIs asks of every rule of the pack what people read of
// it, in both languages, and of every ATT&CK technique a threat.
func TestContentPackSaysWhatItIs(t *testing.T) {
	tables, err := sigma.ReadTables(os.DirFS(content), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	correlations, worlds := 0, 0
	for _, r := range newWay(t, os.DirFS(content), "rules").set.Rules() {
		if r.TitleFR == "" || r.Description == "" || r.Author == "" {
			t.Errorf("%s: %s lacks a French title, a description or an author", r.File, r.Title)
		}
		if !r.Silent && len(r.FalsePositives) == 0 {
			t.Errorf("%s: %s raises alerts and says of none when it would be a false one", r.File, r.Title)
		}
		for _, technique := range r.Techniques {
			base, _, _ := strings.Cut(strings.ToLower(technique), ".")
			if _, known := tables.Threats.Techniques[base]; !known && strings.HasPrefix(base, "t0") {
				t.Errorf("%s: no threat for ATT&CK for ICS %s", r.File, technique)
			}
		}
		if r.Kind == detect.KindCorrelation {
			correlations++
			if strings.Contains(r.File, "/cross/") {
				worlds++
			}
		}
	}
	if t.Logf("%d correlations, %d of them across both worlds", correlations, worlds); worlds < 12 {
		t.Errorf("%d correlations across both worlds, want 12", worlds)
	}
}

// casesOf reads the tests beside a file of the pack, of which every rule that
// raises alerts must have a hit.
func casesOf(t *testing.T, file string, rules []detect.Rule) []ruletest.Case {
	path := filepath.Join(content, "rules", strings.TrimPrefix(file, "content/"))
	data, err := os.ReadFile(ruletest.Beside(path))
	if err != nil {
		t.Fatalf("no test beside the rule: %v", err)
	}
	cases, err := ruletest.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := ruletest.Direct(cases, rules); err != nil {
		t.Error(err)
	}
	return cases
}

// failed shows cases to the rules and gives those that did not pass.
func (w *way) failed(cases []ruletest.Case, rules []detect.Rule) (failed []ruletest.Outcome) {
	ids := make([]string, len(rules))
	for i := range rules {
		ids[i] = rules[i].ID
	}
	for i := range cases {
		if o := cases[i].Hold(ids, w.raised); !o.Passed {
			failed = append(failed, o)
		}
	}
	return failed
}

func (w *way) raised(events []flow.Event) (all []ruletest.Raised) {
	for _, a := range w.run(events) {
		all = append(all, ruletest.Raised{Rule: a.Rule, Title: a.Text.Params["title"]})
	}
	return all
}

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
