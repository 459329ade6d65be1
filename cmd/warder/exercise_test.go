package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/capability/exercise"
	"warder/internal/module"
)

// playing is a server whose exercise goes through the states given, one for each look.
func playing(t *testing.T, states ...exercise.State) remote {
	t.Helper()
	e := exercise.Exercise{ID: "ex-1", Scenario: "s", State: exercise.StateRunning}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			_ = json.NewEncoder(w).Encode(e)
			return
		}
		e.State, states = states[0], states[1:]
		if e.State == exercise.StateFailed {
			e.Problem = "no listener for mqtt"
		}
		_ = json.NewEncoder(w).Encode(module.List[exercise.Exercise]{Items: []exercise.Exercise{{ID: "ex-2"}, e}})
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return remote{Server: server.URL, TokenFile: file}
}

func TestExerciseIsFollowedToItsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		wait   bool
		states []exercise.State
		want   string
	}{
		"finished":    {true, []exercise.State{exercise.StateRunning, exercise.StateFinished}, ""},
		"failed":      {true, []exercise.State{exercise.StateFailed}, "(failed)"},
		"stopped":     {true, []exercise.State{exercise.StateStopped}, "(stopped)"},
		"not awaited": {false, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			run := exerciseRun{remote: playing(t, c.states...), Scenario: "s", Speed: 1, Wait: c.wait}
			err := run.Run(t.Context())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && codeOf(err) != exitFailed {
				t.Errorf("exit code %d", codeOf(err))
			}
		})
	}
}
