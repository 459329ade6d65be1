package app

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"warder/internal/flow"
)

// counts are how many of everything a demo left, by what it is called.
func counts(t *testing.T, s *stand) map[string]int {
	t.Helper()
	n := map[string]int{
		"incidents":      len(list[flow.Incident](t, &s.caller, "/incidents?status=all")),
		"events":         len(list[flow.Event](t, &s.caller, "/events?limit=500")),
		"care services":  len(list[flow.CareState](t, &s.caller, "/care?")),
		"unknown assets": len(list[any](t, &s.caller, "/unknown-assets?")),
		"exercises":      len(list[any](t, &s.caller, "/exercises?")),
		"assets":         len(list[any](t, &s.caller, "/assets?")),
	}
	for _, table := range []string{"correlate_alert", "impact_assessment", "respond_plan", "notify_notice"} {
		module, _, _ := strings.Cut(table, "_")
		var rows int
		if err := s.house.store.Space(module).QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		n[table] = rows
	}
	for _, r := range list[struct {
		Hits int `json:"hits"`
	}](t, &s.caller, "/rules?limit=500") {
		n["rules' hits"] += r.Hits
	}
	return n
}

// watch tells the kinds of all changes on the live stream.
func watch(t *testing.T, s *stand) <-chan string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(chan string, 10_000)
	go func() {
		defer res.Body.Close()
		defer close(kinds)
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if kind, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				kinds <- kind
			}
		}
	}()
	return kinds
}

// While the demo's day, its story and an exercise play, one request removes all
// that came of them, and nothing of it comes back.
func TestRemoveDemo(t *testing.T) {
	s := serve(t, DemoConfig(t.TempDir(), "127.0.0.1:0"), func(a *App) error {
		if err := a.LoadReference(t.Context()); err != nil {
			return err
		}
		_, err := a.Demo(t.Context(), DemoOptions{Scenario: "s3-fire-beside-theatre-plant", Speed: 200, Auto: true})
		return err
	})
	kinds := watch(t, s)
	until(t, "exercises can begin", func() bool {
		status, _, err := s.call(t.Context(), http.MethodPost, "/exercises", []byte(`{"scenario":"s1-vaccine-theft","speed":20}`))
		return err == nil && status == http.StatusCreated
	})
	s.must(t, http.MethodPost, "/ingest/ndjson", `{"application":"schedule","action":"appointments.bulk-move","user":"x","host":"srv-nowhere"}`)
	until(t, "something of everything is there", func() bool {
		for what, n := range counts(t, s) {
			if n == 0 {
				t.Logf("no %s yet", what)
				return false
			}
		}
		return true
	})

	s.must(t, http.MethodDelete, "/demo", "")
	for kind := range kinds {
		if kind == "reset" {
			break
		}
	}
	empty(t, s)
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	empty(t, s)
	if status, _, err := s.call(t.Context(), http.MethodDelete, "/demo", nil); err != nil || status != http.StatusConflict {
		t.Errorf("removed again: %d %v", status, err)
	}

	s.must(t, http.MethodPost, "/demo", "")
	if n := len(list[any](t, &s.caller, "/assets?")); n == 0 {
		t.Error("the reference hospital was not loaded again")
	}
	s.must(t, http.MethodPost, "/ingest/ndjson", `{"application":"schedule","action":"appointments.bulk-move","user":"x","host":"srv-schedule","count":412}`)
	until(t, "an event is found again", func() bool { return len(list[flow.Event](t, &s.caller, "/events?limit=500")) == 1 })
}

func empty(t *testing.T, s *stand) {
	t.Helper()
	for what, n := range counts(t, s) {
		if n != 0 {
			t.Errorf("%d %s are left", n, what)
		}
	}
	var h struct {
		Demo   bool           `json:"demo"`
		Counts map[string]int `json:"counts"`
	}
	if err := json.Unmarshal(s.must(t, http.MethodGet, "/hospital", ""), &h); err != nil {
		t.Fatal(err)
	}
	if h.Demo || h.Counts["assets"] != 0 {
		t.Errorf("the hospital is %+v", h)
	}
}

// What wants onto topic raw while the gate is shut waits, and may give up.
func TestGate(t *testing.T) {
	var published int
	g := newGate(publisher(func() { published++ }))
	open, err := g.shut(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Publish(ctx, "", flow.RawBatch{}); err == nil || published != 0 {
		t.Errorf("published %d while it was shut, %v", published, err)
	}
	open()
	if _, err := g.Publish(t.Context(), "", flow.RawBatch{}); err != nil || published != 1 {
		t.Errorf("published %d once it was open, %v", published, err)
	}
}

type publisher func()

func (p publisher) Publish(context.Context, string, ...flow.RawBatch) (uint64, error) {
	p()
	return 1, nil
}
