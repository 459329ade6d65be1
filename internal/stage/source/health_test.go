package source_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/stage/source"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// sent keeps what was published.
type sent[T any] struct {
	values []T
	err    error
}

func (s *sent[T]) Publish(_ context.Context, _ string, values ...T) (uint64, error) {
	if s.err != nil {
		return 0, s.err
	}
	s.values = append(s.values, values...)
	return uint64(len(s.values)), nil
}

// ward is a module under a clock of its own.
type ward struct {
	*source.Module
	t       *testing.T
	now     time.Time
	alerts  sent[flow.Alert]
	changes sent[flow.Change]
}

func open(t *testing.T, s *store.Store, now time.Time) *ward {
	t.Helper()
	w := &ward{t: t, now: now}
	m, err := source.New(t.Context(), source.Deps{
		Config: source.Config{Limits: source.Limits{Record: 1024}, Sources: []source.Source{
			{ID: "panels", Kind: source.KindSyslog, Name: "Fire panels", Site: "a-site", Asset: "a-fp", Expect: 5 * time.Minute, Syslog: &source.Syslog{}},
			{ID: "quiet", Kind: source.KindHTTP, HTTP: &source.HTTP{}},
		}},
		Raw: &sent[flow.RawBatch]{}, Alerts: &w.alerts, Changes: &w.changes, Space: s.Space("source"),
		Running: func(id string) bool { return id == "ex" }, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Module = m
	return w
}

func (w *ward) send(exercise string) {
	w.t.Helper()
	if !w.Inlets(source.KindSyslog)[0].TryKeep(flow.Raw{Data: []byte("x"), Exercise: exercise}) {
		w.t.Fatal("no room")
	}
}

// after moves the clock and looks.
func (w *ward) after(d time.Duration) source.SourceHealth {
	w.t.Helper()
	w.now = w.now.Add(d)
	w.Look(w.t.Context(), w.now)
	return w.Health()[0]
}

func (w *ward) codes() (out []string) {
	for _, a := range w.alerts.values {
		out = append(out, a.Text.Code)
	}
	return out
}

func TestSilence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := open(t, s, time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
		if h := w.after(4 * time.Minute); h.State != source.StateWaiting || h.Last != nil || len(w.alerts.values) != 0 {
			t.Fatalf("a source that has not spoken yet is %+v, alerts %v", h, w.codes())
		}
		w.send("")
		spoke := w.now
		if h := w.after(5 * time.Minute); h.State != source.StateOK || !h.Last.Equal(spoke) {
			t.Fatalf("in time it is %+v", h)
		}
		w.send("ex") // an exercise hides no silence
		w.alerts.err = errors.New("the log is away")
		w.after(time.Minute)
		w.alerts.err = nil
		if h := w.after(time.Second); h.State != source.StateSilent || h.Detail.Code != "source.silent" || h.Received != 2 {
			t.Fatalf("too late it is %+v", h)
		}
		w.after(time.Minute)
		if diff := cmp.Diff([]string{"alert.source.silent"}, w.codes()); diff != "" {
			t.Fatal(diff)
		}
		a := w.alerts.values[0]
		if a.Threat != flow.ThreatSourceSilent || a.Detector != "health" || a.Source != "panels" || a.Site != "a-site" ||
			!a.Time.Equal(spoke.Add(5*time.Minute)) || len(a.Assets) != 1 || !slices.Contains(a.Actors, "source:panels") {
			t.Errorf("the alert is %+v", a)
		}
		if err := w.SaveStates(t.Context()); err != nil {
			t.Fatal(err)
		}

		w = open(t, s, w.now.Add(time.Hour)) // silence is known at the start, and not announced again
		if h := w.after(time.Second); h.State != source.StateSilent || len(w.alerts.values) != 0 {
			t.Fatalf("after a restart it is %+v, alerts %v", h, w.codes())
		}
		w.send("")
		if h := w.after(time.Second); h.State != source.StateOK {
			t.Fatalf("after it spoke again it is %+v", h)
		}
		w.after(6 * time.Minute)
		if diff := cmp.Diff([]string{"alert.source.again", "alert.source.silent"}, w.codes()); diff != "" {
			t.Fatal(diff)
		}
		if w.alerts.values[0].ID == a.ID || w.alerts.values[1].ID == a.ID {
			t.Error("a new silence has the id of the old one")
		}
	})
}

func TestASourceThatNeverSpoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
		w := open(t, s, began)
		w.after(4 * time.Minute)
		if err := w.SaveStates(t.Context()); err != nil {
			t.Fatal(err)
		}
		w = open(t, s, w.now)
		if h := w.after(4 * time.Minute); h.State != source.StateWaiting || len(w.alerts.values) != 0 {
			t.Fatalf("within its interval from the restart it is %+v", h)
		}
		w.send("ex") // an exercise is not the source
		if h := w.after(2 * time.Minute); h.State != source.StateSilent || h.Detail.Code != "source.never" {
			t.Fatalf("it is %+v", h)
		}
		w.after(time.Hour)
		if diff := cmp.Diff([]string{"alert.source.never"}, w.codes()); diff != "" {
			t.Fatal(diff)
		}
		a := w.alerts.values[0]
		if a.Threat != flow.ThreatSourceSilent || a.Text.Params["since"] != "2026-11-22T08:00:00Z" || a.Text.Params["expect_s"] != "300" {
			t.Errorf("the alert is %+v", a)
		}
		if w.Health()[1].State != source.StateWaiting {
			t.Errorf("a source that may be silent is %+v", w.Health()[1])
		}
		if err := w.SaveStates(t.Context()); err != nil {
			t.Fatal(err)
		}
		w = open(t, s, w.now)
		w.after(time.Hour)
		w.send("")
		if h := w.after(time.Second); h.State != source.StateOK {
			t.Errorf("when it has spoken it is %+v", h)
		}
		if diff := cmp.Diff([]string{"alert.source.again"}, w.codes()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTimeWithoutTheProgramIsNoSilence(t *testing.T) {
	s := one(t)
	w := open(t, s, time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	w.send("")
	w.after(time.Second)
	if err := w.SaveStates(t.Context()); err != nil {
		t.Fatal(err)
	}
	w = open(t, s, w.now.Add(24*time.Hour))
	if h := w.after(4 * time.Minute); h.State != source.StateOK || h.Last == nil || len(w.alerts.values) != 0 {
		t.Errorf("within its interval it is %+v", h)
	}
	if h := w.after(2 * time.Minute); h.State != source.StateSilent || len(w.alerts.values) != 1 {
		t.Errorf("after its interval it is %+v", h)
	}
}

func one(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestUnreadableRecords(t *testing.T) {
	w := open(t, one(t), time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	bad := flow.Raw{Received: w.now, Peer: "192.0.2.1:514", Data: make([]byte, 10000)}
	for i := range 12 {
		w.send("")
		if i > 4 {
			w.Observe("panels", 0, errors.New("no priority"), bad)
		}
	}
	w.Observe("panels", 0, errors.New("counted when it was accepted"), flow.Raw{Refused: "torn"})
	w.Observe("nobody", 0, errors.New("x"), bad)
	if h := w.after(time.Second); h.State != source.StateFailing || h.Detail.Code != "source.unreadable" || h.ParseErrors != 7 {
		t.Errorf("it is %+v", h)
	}
	w.after(time.Second)
	if diff := cmp.Diff([]string{"alert.source.unreadable"}, w.codes()); diff != "" || w.alerts.values[0].Threat != flow.ThreatPipeline {
		t.Error(diff)
	}
	w.after(2 * time.Minute)
	w.send("")
	if h := w.after(time.Second); h.State != source.StateOK {
		t.Errorf("when it can be read again it is %+v", h)
	}
	got := call[module.List[source.Failure]](t, w, "list-source-failures", "panels")
	if len(got.Items) != 7 || got.Items[0].Error != "no priority" || len(got.Items[0].Raw) != 8192 || got.Items[0].Peer == "" {
		t.Errorf("%d failures, the newest %+v", len(got.Items), got.Items[0])
	}
}

func TestTrouble(t *testing.T) {
	w := open(t, one(t), time.Now())
	in := w.Inlets(source.KindSyslog)[0]
	in.Trouble(errors.New("address already in use"))
	if h := w.after(time.Second); h.State != source.StateFailing || h.Detail.Params["why"] != "address already in use" {
		t.Errorf("it is %+v", h)
	}
	in.Trouble(nil)
	if h := w.after(time.Second); h.State != source.StateWaiting {
		t.Errorf("it is %+v", h)
	}
}

func TestSkewRateAndCounters(t *testing.T) {
	w := open(t, one(t), time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	for _, d := range []time.Duration{-90, -91, -3600, -89, -90} { // one that waited in a queue
		w.Observe("panels", d*time.Second, nil, flow.Raw{})
	}
	for range 30 {
		w.send("")
	}
	w.Inlets(source.KindSyslog)[0].TryKeep(flow.Raw{Data: make([]byte, 2000)})
	h := w.after(10 * time.Second)
	if h.Skew != -90_000 || h.SkewState != source.SkewBehind || h.RatePerMinute != 31 || h.Truncated != 1 || h.Bytes != 30+1024 {
		t.Errorf("it is %+v", h)
	}
	if h := w.after(time.Minute); h.RatePerMinute != 0 {
		t.Errorf("a minute later the rate is %d", h.RatePerMinute)
	}
}

func TestChangesAreTold(t *testing.T) {
	w := open(t, one(t), time.Now())
	w.after(time.Second)
	for range 10 {
		w.send("")
		w.after(500 * time.Millisecond)
	}
	n := len(w.changes.values)
	if n < 4 || n > 6 { // both sources once, then panels every two seconds
		t.Errorf("%d changes in five seconds", n)
	}
	last := w.changes.values[n-1]
	if body := last.Body.(source.SourceHealth); last.Kind != "source" || last.ID != "panels" || body.ID != "panels" {
		t.Errorf("the change is %+v", last)
	}
}

func TestRoutes(t *testing.T) {
	w := open(t, one(t), time.Now())
	if got := call[module.List[source.SourceHealth]](t, w, "list-sources", ""); len(got.Items) != 2 || got.Items[0].Name != "Fire panels" || got.Items[1].Name != "quiet" {
		t.Errorf("got %+v", got)
	}
	for _, r := range w.Routes() {
		if r.Permission != module.ReadSources {
			t.Errorf("%s asks for %q", r.ID, r.Permission)
		}
		if r.ID == "list-source-failures" {
			in := newIn(r, "nobody")
			if _, err := r.Call(t.Context(), in); fault.KindOf(err) != fault.NotFound {
				t.Errorf("an unknown source said %v", err)
			}
		}
	}
}

func TestFileCursors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := open(t, s, time.Now())
		a := source.FileCursor{Identity: "1:2", Generation: "g", Path: "/var/log/a", Offset: 5, Head: "h", HeadLen: 4}
		b := source.FileCursor{Identity: "1:3", Path: "/var/log/b"}
		save := func(gone []string, c ...source.FileCursor) {
			t.Helper()
			if err := w.SaveFileCursors(t.Context(), "files", c, gone); err != nil {
				t.Fatal(err)
			}
		}
		save(nil, a, b)
		a.Offset, a.Generation = 9, "g2"
		save([]string{"1:3"}, a)
		got, err := w.FileCursors(t.Context(), "files")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]source.FileCursor{a}, got); diff != "" {
			t.Error(diff)
		}
		if other, err := w.FileCursors(t.Context(), "panels"); err != nil || len(other) != 0 {
			t.Errorf("another source has %v, %v", other, err)
		}
	})
}
