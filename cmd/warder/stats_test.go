package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/stage/detect"
)

// serverOf answers every trial with a result and remembers what was asked.
func serverOf(t *testing.T, result *detect.TryResult) (address string, asked *[]trialAsk) {
	t.Helper()
	asked = &[]trialAsk{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask trialAsk
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || r.URL.Path != "/api/v1/rules/try" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		*asked = append(*asked, ask)
		_ = json.NewEncoder(w).Encode(result)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// captured gives what a function writes to standard output.
func captured(t *testing.T, do func() error) (string, error) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	failed := do()
	os.Stdout = stdout
	_ = w.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), failed
}

func writeAll(t *testing.T, dir string, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStatsOverStored has a server try the rules: those in force, or folders as
// they are, in one request.
func TestStatsOverStored(t *testing.T) {
	first := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	result := &detect.TryResult{Tried: 7, Rules: []detect.TriedRule{
		{ID: "r", Title: "R", Kind: detect.KindEvent, Level: "low", Severity: "low", Hits: 2, First: first, Last: first.Add(time.Hour),
			PerDay: []detect.HitsDay{{Day: "2026-11-21", Hits: 2}, {Day: "2026-11-22"}}},
		{ID: "s", Title: "S", Severity: "high", Hits: 1, First: first, Last: first, PerDay: []detect.HitsDay{{Day: "2026-11-21", Hits: 1}}},
	}}
	server, asked := serverOf(t, result)
	dir := t.TempDir()
	writeAll(t, dir, map[string]string{"token": "secret", "r/a.yml": "good", "r/a.test.yml": "no rule", "r/b/b.yaml": "bad", "r/x.txt": "x",
		"r/placeholders.yaml": "people: [kim]", "r/.git/c.yml": "x", "one.yml": "single"})
	stats := rulesStats{remote: remote{Server: server, TokenFile: filepath.Join(dir, "token")}, Days: 7, JSON: true}
	text, err := captured(t, func() error { return stats.Run(t.Context()) })
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"level":"low"`, `"kind":"event"`, `"first":"2026-11-21T08:00:00Z"`, `"per_day":{"2026-11-21":2}`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in %s", want, text)
		}
	}
	for _, never := range []string{"0001-01-01", `"example"`, `"problems"`, `"since"`} {
		if strings.Contains(text, never) {
			t.Errorf("there is %s in %s", never, text)
		}
	}
	result.Problems = []detect.RuleProblem{{File: "0/b/b.yaml", Line: 3, Error: "is no rule"}}
	stats.Rules = []string{filepath.Join(dir, "r"), filepath.Join(dir, "one.yml")}
	text, err = captured(t, func() error { return stats.Run(t.Context()) })
	if err == nil || !strings.Contains(err.Error(), "1 rules") || !strings.Contains(text, `"file":"`+filepath.Join(dir, "r", "b", "b.yaml")+`"`) {
		t.Errorf("%v: %s", err, text)
	}
	if len(*asked) != 2 || len((*asked)[0].Files) != 0 {
		t.Fatalf("asked %+v", *asked)
	}
	want := []detect.RuleFile{{Folder: "0", Name: "a.yml", Text: "good"}, {Folder: "0", Name: "b/b.yaml", Text: "bad"},
		{Folder: "0", Name: "placeholders.yaml", Text: "people: [kim]"}, {Folder: "1", Name: "one.yml", Text: "single"}}
	if last := (*asked)[1]; !slices.Equal(last.Files, want) || last.To.Sub(last.From) < 6*24*time.Hour {
		t.Errorf("asked %+v", last)
	}
	stats.JSON, result.Problems = false, nil
	text, err = captured(t, func() error { return stats.Run(t.Context()) })
	if err != nil || !strings.Contains(text, "high") || strings.Index(text, "high") > strings.Index(text, "low") {
		t.Errorf("%v: %s", err, text)
	}
}

// A trial that did not see everything says how far back it got.
func TestStatsSayHowFarBackTheyGot(t *testing.T) {
	from := time.Date(2026, 11, 8, 0, 0, 0, 0, time.UTC)
	since := time.Date(2026, 11, 15, 8, 0, 0, 0, time.Local)
	for says, all := range map[string]tried{
		"got back to 2026-11-15 08:00":     {From: from, Since: since},
		"counted back to 2026-11-15 08:00": {From: from, Since: from, CountedSince: since},
		"could not be read":                {From: from, Since: from},
	} {
		if got := all.lack(); !strings.Contains(got, says) {
			t.Errorf("%q says nothing of %q", got, says)
		}
	}
}

// What the server would not take is not sent.
func TestTooManyRulesAreNotSent(t *testing.T) {
	dir := t.TempDir()
	writeAll(t, dir, map[string]string{"a.yml": strings.Repeat("#", mostRuleBytes), "b.yml": "x"})
	stats := rulesStats{remote: remote{Server: "http://127.0.0.1:1"}, Days: 1}
	for _, path := range []string{dir, filepath.Join(dir, "none"), t.TempDir()} {
		stats.Rules = []string{path}
		if err := stats.Run(t.Context()); !errors.As(err, new(misuse)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
