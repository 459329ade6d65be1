package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warder/internal/api"
	"warder/internal/stage/detect"
)

// numberedRule meets the events of numbered; manyRule counts them.
const numberedRule = `title: Numbered
id: 6f1f0c0e-0000-4000-8000-000000000001
name: numbered
level: low
description: An event that carries its number.
logsource: {product: warder}
detection:
  sel: {event.action|startswith: number.}
  condition: sel
warder: {threat: policy}
`

const manyRule = `title: Many numbers
id: 6f1f0c0e-0000-4000-8000-000000000002
level: medium
correlation:
  type: event_count
  rules: numbered
  group-by: [host]
  timespan: 1h
  condition: {gte: 50}
warder: {threat: policy}
`

const (
	numberedID = "6f1f0c0e-0000-4000-8000-000000000001"
	manyID     = "6f1f0c0e-0000-4000-8000-000000000002"
)

// write puts a rule into a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// withRules is a Warder that reads a folder of rules, and the folder.
func withRules(t *testing.T) (*stand, string) {
	dir := t.TempDir()
	write(t, dir, "numbered.yml", numberedRule)
	write(t, dir, "many.yml", manyRule)
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	cfg.Rules.Folders = []string{dir}
	return serve(t, cfg, nil), dir
}

func answer[T any](t *testing.T, body []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return v
}

// ruleOf shows one rule.
func ruleOf(t *testing.T, s *stand, id string) detect.RuleDetail {
	t.Helper()
	return answer[detect.RuleDetail](t, s.must(t, http.MethodGet, "/rules/"+id, ""))
}

// hand hands an event in and waits until everything that comes of it is done.
func hand(t *testing.T, s *stand, n int64) {
	t.Helper()
	s.must(t, http.MethodPost, "/ingest/ndjson", string(numbered(n)))
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
}

// What somebody decides about a rule holds for the next event.
func TestRulesOverTheAPI(t *testing.T) {
	s, _ := withRules(t)
	hand(t, s, 1)
	r := ruleOf(t, s, numberedID)
	if r.Rule.Hits != 1 || r.Rule.Status != "active" || r.Text != numberedRule || r.LogSource == nil || r.LogSource.Product != "warder" ||
		!slices.Equal(r.CountedBy, []detect.RuleName{{ID: manyID, Title: "Many numbers"}}) || r.Rule.Ours || r.Rule.Line != 1 {
		t.Errorf("%+v", r)
	}
	changes := watch(t, s)
	setting, except := "/rules/"+numberedID+"/setting", "/rules/"+numberedID+"/exceptions"
	s.must(t, http.MethodPut, setting, `{"off": true, "severity": "", "why": "maintenance"}`)
	hand(t, s, 2)
	s.must(t, http.MethodPut, setting, `{"off": false, "severity": "high", "why": "done"}`)
	x := answer[detect.Exception](t, s.must(t, http.MethodPost, except, fmt.Sprintf(
		`{"when": [{"field": "event.action", "op": "is", "value": "NUMBER.3"}], "why": "known", "until": %q}`,
		time.Now().Add(time.Hour).Format(time.RFC3339))))
	hand(t, s, 3)
	hand(t, s, 4)
	r = ruleOf(t, s, numberedID)
	if r.Rule.Hits != 2 || r.Rule.Excepted != 1 || r.Rule.Severity != "high" || r.Rule.Level != "low" || len(r.Exceptions) != 1 ||
		r.Exceptions[0].ID != x.ID || r.Exceptions[0].Hits != 1 || r.Setting == nil || r.Setting.Who != "test" {
		t.Errorf("%+v", r)
	}
	s.must(t, http.MethodDelete, except+"/"+x.ID, "")
	hand(t, s, 3)
	for kind := range changes {
		if kind == "rule" {
			break
		}
	}
	if r = ruleOf(t, s, numberedID); r.Rule.Hits != 3 || r.Exceptions[0].State != detect.Removed {
		t.Errorf("%+v", r)
	}
	for path, body := range map[string]string{
		setting:                   `{"off": true, "severity": "terrible", "why": "w"}`,
		except:                    `{"when": [], "why": "w", "until": "2026-01-01T00:00:00Z"}`,
		"/rules/nonsense/setting": `{"off": true, "severity": "", "why": "w"}`,
	} {
		method := http.MethodPut
		if path == except {
			method = http.MethodPost
		}
		if status, said, err := s.call(t.Context(), method, path, []byte(body)); err != nil || status/100 != 4 {
			t.Errorf("%s is answered with %d %s, %v", path, status, said, err)
		}
	}
}

// Figures of rules are there for whoever watches Warder, of a bounded number.
func TestRuleMetrics(t *testing.T) {
	s, dir := withRules(t)
	for i := range 100 {
		write(t, dir, fmt.Sprint(i, ".yml"), strings.NewReplacer(numberedID, fmt.Sprint("r", i), "name: numbered\n", "").Replace(numberedRule))
	}
	s.must(t, http.MethodPost, "/rules/reload", "")
	hand(t, s, 1)
	s.base = s.URL()
	figures := string(s.must(t, http.MethodGet, "/metrics", ""))
	for _, want := range []string{`warder_rules{status="active"} `, `warder_rules_reloads_total{outcome="done"} `, "warder_rules_exceptions 0",
		`warder_rule_matches_total{rule="r1"} 1`} {
		if !strings.Contains(figures, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if n := strings.Count(figures, "warder_rule_matches_total{"); n == 0 || n > 50 {
		t.Errorf("%d rules are told one by one", n)
	}
}

// Who may only look may not decide, and still may try.
func TestRulesNeedTheirPermission(t *testing.T) {
	s, _ := withRules(t)
	token, err := s.house.people.MakeToken(t.Context(), "op", api.RoleOperator, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	operator := caller{base: s.base, token: token.Secret}
	for path, want := range map[string]int{"/rules/reload": http.StatusForbidden, "/rules/check": http.StatusOK} {
		body := fmt.Sprintf(`{"text": %q}`, numberedRule)
		if status, said, err := operator.call(t.Context(), http.MethodPost, path, []byte(body)); err != nil || status != want {
			t.Errorf("%s: %d %s, %v", path, status, said, err)
		}
	}
}

// A text is checked, explained and tried, on lines and on what is stored.
func TestRulesAreTried(t *testing.T) {
	s, _ := withRules(t)
	hand(t, s, 1)
	hand(t, s, 2)
	other := strings.NewReplacer(numberedID, "other", "name: numbered\n", "", "number.", "number.2").Replace(numberedRule)
	post := func(path string, in map[string]any) []byte {
		t.Helper()
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return s.must(t, http.MethodPost, path, string(body))
	}
	checked := answer[detect.CheckResult](t, post("/rules/check", map[string]any{"text": other + "---\ntitle: Half\nid: half\n"}))
	if len(checked.Rules) != 1 || checked.Rules[0].ID != "other" || len(checked.Problems) != 1 || checked.Problems[0].Line == 0 {
		t.Errorf("%+v", checked)
	}
	for name, in := range map[string]map[string]any{
		"a rule on stored events": {"rule": numberedID, "q": "action:number.2"},
		"a text on stored events": {"text": other},
		"a text on lines":         {"text": other, "events": []string{string(numbered(1)), string(numbered(2))}, "explain": true},
	} {
		out := answer[detect.TryResult](t, post("/rules/try", in))
		if out.Matched != 1 || len(out.Matches) != 1 || out.Matches[0].Event.Action != "number.2" || out.Partial || out.Unreadable != 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
	// A correlation that is only a text counts a rule in force.
	few := strings.NewReplacer(manyID, "few", "50", "2").Replace(manyRule)
	if out := answer[detect.TryResult](t, post("/rules/try", map[string]any{"text": few})); out.Matched != 1 || out.Matches[0].Rule != "few" {
		t.Errorf("a correlation: %+v", out)
	}
	// A folder is tried as one: files refer to one another, and what cannot be
	// loaded is told.
	files := []map[string]string{
		{"name": "placeholders.yaml", "text": "which: [number.2]\n"},
		{"name": "a/expand.yml", "text": strings.NewReplacer(numberedID, "expand", "name: numbered", "name: own", "event.action|startswith: number.", "event.action|expand: '%which%'").Replace(numberedRule)},
		{"name": "b/count.yml", "text": strings.NewReplacer(manyID, "count", "50", "1", "numbered", "own").Replace(manyRule)},
		{"name": "half.yml", "text": "title: Half\nid: half\n"},
		{"name": "large.yml", "text": other},
	}
	for i := range 3 { // together more than other requests may have
		files[len(files)-1]["text"] += "---\n" + strings.Repeat("# much is said here\n", 1<<15) + strings.NewReplacer("other", fmt.Sprintf("other%d", i), "number.2", "nothing").Replace(other)
	}
	tried := answer[detect.TryResult](t, post("/rules/try", map[string]any{"files": files}))
	if len(tried.Rules) != 3 || len(tried.Problems) != 1 || tried.Problems[0].File != "half.yml" || tried.Problems[0].Line == 0 || tried.Partial {
		t.Errorf("a folder: %+v", tried)
	}
	for _, r := range tried.Rules {
		if r.Hits != 1 || r.First.IsZero() || !r.First.Equal(r.Last) || r.Level == "" || r.Severity == "" || (r.Kind == detect.KindCorrelation) != (r.ID == "count") {
			t.Errorf("%+v", r)
		}
	}
	explained := answer[detect.Explanation](t, post("/rules/explain", map[string]any{"text": other, "event": string(numbered(1))}))
	if explained.Matched || len(explained.Selections) != 1 || explained.Selections[0].Met {
		t.Errorf("%+v", explained)
	}
}

// Rules are read again while events come in: none is lost, none counts twice, and
// what was counted over time stays counted.
func TestReloadUnderLoad(t *testing.T) {
	s, dir := withRules(t)
	var next, accepted atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	for range 2 {
		senders.Go(func() {
			for ctx.Err() == nil {
				n := next.Add(1)
				status, said, err := s.call(context.Background(), http.MethodPost, "/ingest/ndjson", numbered(n))
				if err != nil || status != http.StatusAccepted {
					t.Errorf("number %d: %d %s, %v", n, status, said, err)
					return
				}
				accepted.Add(1)
			}
		})
	}
	for i := range 8 {
		write(t, dir, "other.yml", strings.NewReplacer(numberedID, fmt.Sprint("other-", i), "name: numbered\n", "", "number.", "never").Replace(numberedRule))
		r := answer[detect.ReloadResult](t, s.must(t, http.MethodPost, "/rules/reload", ""))
		// The watch of the folders may have been there first.
		if len(r.Changed) > 0 || len(r.Added) > 1 || r.Failed != 0 {
			t.Errorf("reload %d: %+v", i, r)
		}
		sent := accepted.Load()
		until(t, "events come between", func() bool { return accepted.Load() > sent+10 })
	}
	stop()
	senders.Wait()
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	if r := ruleOf(t, s, numberedID); r.Rule.Hits != accepted.Load() {
		t.Errorf("%d events were accepted and the rule met %d", accepted.Load(), r.Rule.Hits)
	}
	if r := ruleOf(t, s, manyID); r.Rule.Hits != 1 {
		t.Errorf("the correlation found %d times", r.Rule.Hits)
	}
	if r := ruleOf(t, s, "other-7"); r.Rule.Status != "active" {
		t.Errorf("%+v", r.Rule)
	}
	// A folder that is gone changes nothing.
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if status, said, err := s.call(t.Context(), http.MethodPost, "/rules/reload", nil); err != nil || status != http.StatusConflict {
		t.Errorf("without the folder: %d %s, %v", status, said, err)
	}
	if r := ruleOf(t, s, "other-7"); r.Rule.Status != "active" {
		t.Errorf("%+v", r.Rule)
	}
}
