package exercise

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// stand is a module with its listeners, at work until the test ends.
type stand struct {
	*Module
	ward *ward
	stop func()
}

func library(t *testing.T) *Library {
	t.Helper()
	l, err := Load(fstest.MapFS{
		"short.txtar":   {Data: []byte(header("short", "-- timeline --\n0s mqtt t {}\n10ms http ndjson {}\n"))},
		"long.txtar":    {Data: []byte(header("long", "-- timeline --\n0s mqtt t {}\n1h mqtt t {}\n"))},
		"twin.txtar":    {Data: []byte(header("twin", "-- timeline --\n0s mqtt t {}\n-- model.yaml --\nassets: []\n"))},
		"foreign.txtar": {Data: []byte(header("foreign", "-- timeline --\n0s mqtt t {}\n-- expect.yaml --\nsilences: [{asset: a-nowhere}]\n"))},
		"broken.txtar":  {Data: []byte(header("broken", "-- timeline --\n0s syslog-udp - <4>no date here\n"))},
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func begin(t *testing.T, s *store.Store) *stand {
	t.Helper()
	w := newWard(t)
	m := New(Options{
		Library: library(t), Model: hospital.NewHolder(hospital.Empty()), Space: s.Space("exercise"),
		Targets: func(context.Context) (Targets, error) { return w.to, nil },
		Log:     slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := m.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	st := &stand{m, w, func() { cancel(); wg.Wait() }}
	t.Cleanup(st.stop)
	st.until(t, func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.base != nil })
	return st
}

func (st *stand) until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it takes too long")
		}
	}
}

func (st *stand) becomes(t *testing.T, id string, state State) Exercise {
	t.Helper()
	var e Exercise
	st.until(t, func() (done bool) {
		var err error
		if e, err = st.find(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		return e.State == state
	})
	return e
}

func as(t *testing.T) context.Context {
	return module.WithCaller(t.Context(), module.Principal{ID: "u-1", Name: "Ana"})
}

func post(scenario string, speed float64) *postIn {
	in := new(postIn)
	in.Body.Scenario, in.Body.Speed = scenario, speed
	return in
}

func TestExercise(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		st := begin(t, s)
		e, err := st.post(as(t), post("short", 1))
		if err != nil {
			t.Fatal(err)
		}
		if e.State != StateRunning || e.By != "Ana" || e.Title.EN != "T" || e.Length != 0.01 || !st.Running(e.ID) {
			t.Errorf("begun: %+v", e)
		}
		got := st.becomes(t, e.ID, StateFinished)
		if got.Sent != 2 || got.Ended == nil || got.Problem != "" || got.Title.EN != "T" || got.Position != 0.01 {
			t.Errorf("finished: %+v", got)
		}
		for _, h := range st.ward.heard(t, 2) {
			if !strings.Contains(h, e.ID) {
				t.Errorf("unmarked: %s", h)
			}
		}
		list, err := st.get(t.Context(), &module.Page{Limit: 10})
		if err != nil || len(list.Items) != 1 || list.Items[0].ID != e.ID || list.Next != "" {
			t.Errorf("listed: %+v, %v", list, err)
		}
		audit, _, err := s.AuditLog(t.Context(), store.AuditQuery{Limit: 10})
		if err != nil || len(audit) != 2 || audit[0].Action != "exercise.ended" || audit[1].By != "u-1" {
			t.Errorf("audited: %+v, %v", audit, err)
		}
	})
}

func TestExerciseIsStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		st := begin(t, s)
		e, err := st.post(as(t), post("long", 1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.post(as(t), post("short", 1)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second one: %v", err)
		}
		if _, err := st.delete(as(t), &deleteIn{ID: e.ID}); err != nil {
			t.Fatal(err)
		}
		st.becomes(t, e.ID, StateStopped)
		st.until(t, func() bool { _, live := st.live(e.ID); return !live })
		if !st.Running(e.ID) {
			t.Error("what is still on its way would be taken for real")
		}
		if _, err := st.delete(as(t), &deleteIn{ID: e.ID}); err != nil {
			t.Errorf("stopping twice: %v", err)
		}
		if _, err := st.delete(as(t), &deleteIn{ID: "ex-none"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("stopping nothing: %v", err)
		}

		e, err = st.post(as(t), post("long", 1))
		if err != nil {
			t.Fatal(err)
		}
		st.stop()
		st.becomes(t, e.ID, StateInterrupted)
		if _, err := st.post(as(t), post("long", 1)); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after the end: %v", err)
		}
		page, err := st.get(t.Context(), &module.Page{Limit: 1})
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != e.ID {
			t.Fatalf("first page: %+v, %v", page, err)
		}
		page, err = st.get(t.Context(), &module.Page{Limit: 1, Cursor: page.Next})
		if err != nil || len(page.Items) != 1 || page.Items[0].State != StateStopped || page.Next != "" {
			t.Errorf("second page: %+v, %v", page, err)
		}
		if _, err := st.get(t.Context(), &module.Page{Cursor: "x"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a wrong cursor: %v", err)
		}
	})
}

func TestWhatAKilledProcessLeftIsInterrupted(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	m := New(Options{Library: library(t), Space: s.Space("exercise")})
	e := Exercise{ID: "ex-old", Scenario: "gone", State: StateRunning, Started: time.Now()}
	if err := m.keep(t.Context(), e, "exercise.started"); err != nil {
		t.Fatal(err)
	}
	begin(t, s).becomes(t, "ex-old", StateInterrupted)
}

func TestWhatCannotBePlayedIsRefused(t *testing.T) {
	st := begin(t, storetest.Open(t, storetest.SQLite(t)))
	for scenario, kind := range map[string]fault.Kind{"none": fault.NotFound, "twin": fault.Conflict, "foreign": fault.Conflict, "broken": fault.Invalid} {
		if _, err := st.post(as(t), post(scenario, 1)); fault.KindOf(err) != kind {
			t.Errorf("%s: got %v, want %s", scenario, err, kind)
		}
	}
	if _, err := st.post(as(t), post("short", -1)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("speed -1: %v", err)
	}
	list, err := st.scenarios(t.Context(), nil)
	if err != nil || list.Total != 5 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, s := range list.Items {
		if playable := s.ID == "short" || s.ID == "long"; s.Playable != playable || (s.Why == "") != playable {
			t.Errorf("%+v", s)
		}
	}
}

func TestFailureIsKept(t *testing.T) {
	st := begin(t, storetest.Open(t, storetest.SQLite(t)))
	st.ward.to.MQTT.Address = ""
	e, err := st.post(as(t), post("short", 1))
	if err != nil {
		t.Fatal(err)
	}
	if got := st.becomes(t, e.ID, StateFailed); !strings.Contains(got.Problem, "no listener for mqtt") {
		t.Errorf("%+v", got)
	}
}

func TestRoutesArePermitted(t *testing.T) {
	for _, r := range New(Options{}).Routes() {
		if r.Permission == "" || r.ID == "" || r.Call == nil {
			t.Errorf("%+v", r)
		}
	}
}

func TestPerformanceTimes(t *testing.T) {
	now := time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC)
	quick, noisy := &Scenario{Timeline: []Record{line(time.Hour, "x")}}, &Scenario{Noise: &Noise{Hours: 24}}
	for name, c := range map[string]struct {
		s     *Scenario
		speed float64
		start time.Time
		live  bool
	}{
		"life":           {quick, 1, now, true},
		"faster":         {quick, 10, now, true},
		"at once":        {quick, 0, now.Add(-time.Hour), false},
		"noise in life":  {noisy, 1, now, true},
		"noise, quicker": {noisy, 60, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), false},
	} {
		p := Performance(c.s, hospital.Empty(), now, c.speed)
		if !p.Start.Equal(c.start) || p.Live != c.live {
			t.Errorf("%s: starts %s, live %t", name, p.Start, p.Live)
		}
	}
}

func TestExerciseJSON(t *testing.T) {
	b, err := json.Marshal(flow.Change{Kind: "exercise", Body: Exercise{ID: "ex-1", State: StateRunning}})
	if err != nil || !strings.Contains(string(b), `"state":"running"`) || strings.Contains(string(b), "byID") {
		t.Errorf("%s, %v", b, err)
	}
}
