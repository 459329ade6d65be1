package detect_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/detect/foreign"
	"warder/internal/stage/detect/sigma"
)

const content = "../../../content"

// way is the matchers and the counter as the program composes them.
type way struct {
	matchers     []detect.Matcher
	correlations []detect.Correlation
	wanted       map[string][]string
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

// ruleTest is the file beside a rule: what must raise one of its alerts, and
// what must raise none of them.
type ruleTest struct {
	Hits, Silences []ruleCase
}

type ruleCase struct {
	Case   string
	Events []map[string]any
}

// TestContentPack holds every rule of the pack against the test beside it.
func TestContentPack(t *testing.T) {
	w := newWay(t, os.DirFS(content), "rules")
	for _, r := range w.set.Failed {
		t.Errorf("%s: %s", r.File, r.Error)
	}
	byFile := map[string][]string{}
	for _, r := range w.set.Rules() {
		byFile[r.File] = append(byFile[r.File], r.ID)
	}
	if len(byFile) < 30 {
		t.Errorf("%d files of rules, want 30 or more", len(byFile))
	}
	for file, ids := range byFile {
		t.Run(strings.TrimPrefix(file, "content/"), func(t *testing.T) { w.holdAgainst(t, file, ids) })
	}
}

func (w *way) holdAgainst(t *testing.T, file string, ids []string) {
	path := filepath.Join(content, "rules", strings.TrimPrefix(file, "content/"))
	data, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".test.yml")
	if err != nil {
		t.Fatalf("no test beside the rule: %v", err)
	}
	var test ruleTest
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&test); err != nil {
		t.Fatal(err)
	}
	if len(test.Hits) == 0 || len(test.Silences) == 0 {
		t.Error("want at least one hit and one silence")
	}
	for _, c := range test.Hits {
		if fired := w.fired(t, c, ids); len(fired) == 0 {
			t.Errorf("hit %q: no alert", c.Case)
		}
	}
	for _, c := range test.Silences {
		if fired := w.fired(t, c, ids); len(fired) > 0 {
			t.Errorf("silence %q: %v", c.Case, fired)
		}
	}
}

func (w *way) fired(t *testing.T, c ruleCase, ids []string) (titles []string) {
	events := make([]flow.Event, len(c.Events))
	for i, m := range c.Events {
		events[i] = testEvent(t, i, m)
	}
	for _, a := range w.run(events) {
		if slices.Contains(ids, a.Rule) {
			titles = append(titles, a.Text.Params["title"])
		}
	}
	return titles
}

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// testEvent reads an event of a test file: at, category, action, original, and
// otherwise attributes by their names.
func testEvent(t *testing.T, i int, m map[string]any) flow.Event {
	ev := flow.Event{
		ID: fmt.Sprintf("t.1.%d", i), Format: flow.FormatJSON, Time: morning,
		Category: flow.CategoryOther, Attributes: map[string]string{},
	}
	for k, v := range m {
		switch k {
		case "at":
			at, err := time.ParseDuration(v.(string))
			if err != nil {
				t.Fatal(err)
			}
			ev.Time = morning.Add(at)
		case "category":
			ev.Category = flow.Category(v.(string))
		case "action":
			ev.Action = v.(string)
		case "event.site":
			ev.Site = v.(string)
		case "original":
			ev.Original = floats(v).(map[string]any)
		default:
			ev.Attributes[k] = fmt.Sprint(v)
		}
	}
	ev.Received = ev.Time.Add(24 * time.Hour) // so that late events keep their own time
	return ev
}

// floats makes numbers as JSON gives them.
func floats(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = floats(x)
		}
	case []any:
		for i, x := range v {
			v[i] = floats(x)
		}
	case int:
		return float64(v)
	}
	return v
}
