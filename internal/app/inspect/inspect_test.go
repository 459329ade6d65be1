package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/source/recorded"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func now() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

// unpack writes the files of an archive to a folder of the test's own.
func unpack(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t testing.TB, paths ...string) *Rules {
	t.Helper()
	rules, err := LoadRules(RulesOptions{Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func logs(t testing.TB, jobs int, paths ...string) Logs {
	t.Helper()
	return Logs{Files: recorded.Files(paths), Jobs: jobs, Options: recorded.Options{Now: now}}
}

const night = `
-- rules/logon.yml --
title: A failed logon
id: 11111111-1111-4111-8111-111111111111
name: failed
status: test
level: low
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4625}, condition: selection}
---
title: Many failed logons
id: 22222222-2222-4222-8222-222222222222
status: test
level: high
correlation: {type: event_count, rules: [failed], group-by: [TargetUserName], timespan: 1m, condition: {gte: 3}, generate: true}
-- logs/1.json --
{"Channel":"Security","EventID":4625,"TargetUserName":"a","Computer":"h","TimeCreated":"2026-11-21T22:00:00Z"}
{"Channel":"Security","EventID":4624,"TargetUserName":"a","Computer":"h","TimeCreated":"2026-11-21T22:00:01Z"}
{"Channel":"Security","EventID":4625,"TargetUserName":"a","Computer":"h","TimeCreated":"2026-11-21T22:00:40Z"}
-- logs/2.json --
{"Channel":"Security","EventID":4625,"TargetUserName":"a","Computer":"h","TimeCreated":"2026-11-21T22:00:20Z"}
no record
{"Channel":"Security","EventID":4625,"TargetUserName":"b","Computer":"h","TimeCreated":"2026-11-22T22:00:20Z"}
`

// TestHunt finds the same whatever the number of jobs, and counts over files in
// the order of time.
func TestHunt(t *testing.T) {
	dir := unpack(t, night)
	rules := load(t, filepath.Join(dir, "rules"))
	for _, jobs := range []int{1, 4} {
		var found []string
		hunt := &Hunt{
			Logs: logs(t, jobs, filepath.Join(dir, "logs")), Rules: rules, Records: true,
			Found: func(f *Finding) error {
				found = append(found, f.Title+" "+filepath.Base(f.Place.String()))
				if len(f.Events) == 0 && !strings.Contains(f.Record, `"EventID":4625`) {
					t.Errorf("a finding without its record: %+v", f)
				}
				for i := range f.Events {
					found = append(found, "  "+filepath.Base(f.Events[i].String()))
				}
				return nil
			},
		}
		s, err := hunt.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"A failed logon 1.json:1", "A failed logon 1.json:3", "A failed logon 2.json:1", "A failed logon 2.json:3",
			"Many failed logons 1.json:3", "  1.json:1", "  2.json:1", "  1.json:3",
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%d jobs: %s", jobs, diff)
		}
		if s.Records != 6 || s.Unreadable != 1 || s.Findings != 5 || len(s.Problems) != 1 || s.Problems[0].At != 2 {
			t.Errorf("%d jobs: %+v", jobs, s)
		}
		tallies := s.Tallies()
		if len(tallies) != 2 || tallies[0].Title != "Many failed logons" || tallies[1].Hits != 4 {
			t.Fatalf("tallies: %+v", tallies)
		}
		if diff := cmp.Diff(map[string]int{"2026-11-21": 3, "2026-11-22": 1}, tallies[1].PerDay); diff != "" {
			t.Error(diff)
		}
	}
}

func TestHuntLeavesOutWhatIsBelowTheLevel(t *testing.T) {
	dir := unpack(t, night)
	hunt := &Hunt{Logs: logs(t, 2, filepath.Join(dir, "logs")), Rules: load(t, filepath.Join(dir, "rules")), Level: flow.SeverityHigh}
	s, err := hunt.Run(t.Context())
	if err != nil || s.Findings != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestFilesOfWhichNothingCanBeRead are named with their first reason; what can be
// read in part, or is empty, is none of them.
func TestFilesOfWhichNothingCanBeRead(t *testing.T) {
	dir := unpack(t, night+"-- logs/0.txt --\nwords\n-- logs/3.json --\n{\"a\n{\"b\n-- logs/4.json --\n-- logs/5.zip --\nPK\n")
	at := func(name string) string { return filepath.Join(dir, "logs", name) }
	for _, jobs := range []int{1, 3} {
		hunt := &Hunt{Logs: logs(t, jobs, at(""), at("gone.json")), Rules: load(t, filepath.Join(dir, "rules"))}
		s, err := hunt.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.Unread {
			got = append(got, filepath.Base(p.Place.String()))
		}
		if diff := cmp.Diff([]string{"3.json:1", "gone.json"}, got); diff != "" || s.Findings != 5 || len(s.NoLogs) != 2 {
			t.Errorf("%d findings, %s", s.Findings, diff)
		}
		if want := "passed over as no log: " + at("0.txt") + " and 1 more; nothing could be read of 2 files, the first " + at("3.json"); !strings.HasSuffix(s.Sentence(7, 0), "; "+want) {
			t.Errorf("got %s", s.Sentence(7, 0))
		}
	}
}

func TestHuntEndsWithItsContextAndItsCaller(t *testing.T) {
	dir := unpack(t, night)
	rules := load(t, filepath.Join(dir, "rules"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hunt := &Hunt{Logs: logs(t, 2, filepath.Join(dir, "logs")), Rules: rules}
	if _, err := hunt.Run(ctx); err == nil {
		t.Error("it went on after its context ended")
	}
	hunt.Found = func(*Finding) error { return errEnough }
	if _, err := hunt.Run(t.Context()); err == nil || err.Error() != errEnough.Error() {
		t.Error(err)
	}
}

func TestSARIF(t *testing.T) {
	dir := unpack(t, night)
	var out bytes.Buffer
	sarif := NewSARIF(&out, "1.2.3")
	hunt := &Hunt{Logs: logs(t, 1, filepath.Join(dir, "logs")), Rules: load(t, filepath.Join(dir, "rules")), Found: sarif.Add}
	s, err := hunt.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := sarif.Close(s); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Results []sarifResult
			Tool    struct {
				Driver struct {
					Name, Version string
					Rules         []sarifRule
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []any
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || run.Tool.Driver.Version != "1.2.3" || len(run.Results) != 5 || len(run.Tool.Driver.Rules) != 2 ||
		len(run.Invocations[0].ToolExecutionNotifications) != 1 {
		t.Errorf("got %s", out.Bytes())
	}
	last := run.Results[4]
	if last.Level != "error" || len(last.Related) != 3 || last.Locations[0].Physical.Region.Line != 3 {
		t.Errorf("got %+v", last)
	}
	for _, r := range run.Results {
		if !slices.ContainsFunc(run.Tool.Driver.Rules, func(rule sarifRule) bool { return rule.ID == r.RuleID }) {
			t.Errorf("no rule %s is described", r.RuleID)
		}
	}
}

func TestTables(t *testing.T) {
	s := newSummary(time.UTC)
	at := now()
	for i := range 1234 {
		s.found(&Finding{Rule: "r", Title: strings.Repeat("é", 100), Level: flow.SeverityHigh, Time: at.Add(time.Duration(i) * time.Hour),
			Place: Place{"a.json", 7}}, &detect.Rule{ID: "r", Severity: flow.SeverityHigh})
	}
	var out bytes.Buffer
	if err := s.WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "…  r   a.json:7") || !strings.Contains(out.String(), "2026-11-22 08:00:00") {
		t.Errorf("got\n%s", out.String())
	}
	s.Records, s.Unreadable, s.InPart = 2_000_000, 1, 2
	want := "2,000,000 records of 1 file in 1.5s: 1,234 findings of 1 rule; 1 record could not be read; 2 records could be read only in part"
	if got := s.Sentence(1, 1500*time.Millisecond); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	out.Reset()
	if err := s.WritePerDay(&out); err != nil || strings.Count(out.String(), "\n") != 53 {
		t.Errorf("%v, got\n%s", err, out.String())
	}
}

func TestPlaceSurvivesAnID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Place{rapid.String().Draw(t, "file"), rapid.IntRange(0, 1<<40).Draw(t, "at")}
		id := flow.RecordID{Writer: p.writer(), Seq: 7}
		if parsed, err := flow.ParseRecordID(id.String()); err != nil || parsed != id {
			t.Fatalf("%q is no record id: %v", id, err)
		}
		if got := placeOf(id.String()); got != p {
			t.Fatalf("%q became %q", p, got)
		}
	})
}

func TestOrderOfTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOf(rapid.IntRange(0, 50)).Draw(t, "minutes")
		most := rapid.IntRange(1, 20).Draw(t, "most")
		var got []time.Time
		o := order{most: most, give: func(h *flow.Hit) error { got = append(got, h.Event.Time); return nil }}
		for _, m := range minutes {
			if err := o.add(flow.Hit{Event: flow.Event{Time: now().Add(time.Duration(m) * time.Minute)}}); err != nil {
				t.Fatal(err)
			}
			if len(o.heap) > most {
				t.Fatalf("%d wait, %d may", len(o.heap), most)
			}
		}
		_ = o.end()
		if len(got) != len(minutes) {
			t.Fatalf("%d of %d came", len(got), len(minutes))
		}
		if len(minutes) <= most && !slices.IsSortedFunc(got, time.Time.Compare) {
			t.Fatalf("not in the order of time: %v", got)
		}
	})
}
