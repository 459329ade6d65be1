package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warder/internal/stage/detect"
)

// TestStatsOverStored has a server try the rules: those in force, or each file of
// a folder by itself.
func TestStatsOverStored(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Text     string
			From, To time.Time
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/api/v1/rules/try" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if span := body.To.Sub(body.From); span < 6*24*time.Hour || span > 8*24*time.Hour {
			t.Errorf("asked for %v", span)
		}
		asked = append(asked, strings.TrimSpace(body.Text))
		if strings.Contains(body.Text, "bad") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"detail":"line 1: it is no rule"}`))
			return
		}
		_ = json.NewEncoder(w).Encode(detect.TryResult{Tried: 7, Rules: []detect.TriedRule{
			{ID: "r", Title: "R", Hits: 2, PerDay: []detect.HitsDay{{Day: "2026-11-21", Hits: 2}, {Day: "2026-11-22"}}},
		}})
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	for name, text := range map[string]string{"token": "secret", "r/a.yml": "good", "r/a.test.yml": "no rule", "r/b/b.yaml": "bad", "r/x.txt": "x"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stats := rulesStats{remote: remote{Server: server.URL, TokenFile: filepath.Join(dir, "token")}, Days: 7}
	if err := stats.Run(t.Context()); err != nil {
		t.Error(err)
	}
	stats.Rules = []string{filepath.Join(dir, "r")}
	if err := stats.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "1 files of rules") {
		t.Error(err)
	}
	if got := strings.Join(asked, ","); got != ",good,bad" {
		t.Errorf("asked %q", got)
	}
}
