package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// cases are incidents as the test tells them.
type cases map[string]Story

func (c cases) Story(_ context.Context, id string) (Story, error) {
	s, ok := c[id]
	if !ok {
		return s, fault.New(fault.NotFound, "there is no incident %s", id)
	}
	return s, nil
}

func (c cases) EventsOfIncidents(context.Context, time.Time) ([]string, error) { return nil, nil }

func incident(id string, number int64, events ...string) Story {
	return Story{Incident: flow.Incident{ID: id, Number: number}, Joins: []flow.Join{{Incident: id,
		Alert: flow.Alert{ID: "al-" + id, Time: eventstest.Epoch(), Events: events, Assets: []flow.AssetRef{{ID: "a-door", Role: flow.RoleTarget}}}}}}
}

// rawLog is how far topic raw goes.
type rawLog struct{ last, trimmed uint64 }

func (r *rawLog) Last(context.Context) (uint64, error)    { return r.last, nil }
func (r *rawLog) Trimmed(context.Context) (uint64, error) { return r.trimmed, nil }

// place is a module at work on 30 events, by three doors and seven people.
type place struct {
	*Module
	store *events.Store
	db    *store.Store
	raw   *rawLog
	cases cases
	now   time.Time
}

func newPlace(t *testing.T, db *store.Store) *place {
	t.Helper()
	p := &place{db: db, raw: &rawLog{last: 30}, cases: cases{}, now: eventstest.Epoch().Add(time.Hour)}
	dir := t.TempDir()
	clock := func() time.Time { return p.now }
	var err error
	p.store, err = events.Open(events.Options{Dir: filepath.Join(dir, "events"), Now: clock, Log: slog.New(slog.DiscardHandler),
		OnTrouble: func(err error) { t.Errorf("trouble: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
	})
	for n := range 30 {
		e := eventstest.Plain(n)
		if n%3 == 0 {
			e.Assets = []flow.AssetRef{{ID: "a-door", Role: flow.RoleTarget}}
		}
		if err := p.store.Append(t.Context(), uint64(n+1), []flow.Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Module, err = New(t.Context(), Options{Store: p.store, Table: db.Space("events"), Incidents: p.cases, Raw: p.raw,
		Disk: func() (int64, int64, error) { return 40 << 30, 100 << 30, nil }, Keep: events.DefaultRetention(),
		Dir: filepath.Join(dir, "evidence"), Instance: "St. Anna", Version: "1", Now: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func lead(t *testing.T) context.Context {
	return module.WithCaller(t.Context(), module.Principal{ID: "u1", Name: "R. Lead", Role: "lead"})
}

func (p *place) count(t *testing.T, query string) int {
	t.Helper()
	n, err := p.store.Count(t.Context(), events.Query{Text: query})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *place) actions(t *testing.T) (out []string) {
	t.Helper()
	lines, _, err := p.db.AuditLog(t.Context(), store.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range slices.Backward(lines) {
		out = append(out, l.Action+" "+l.Name)
	}
	return out
}

func hold(incident string, around bool) *HoldIn {
	in := &HoldIn{}
	in.Body.Incident, in.Body.Why, in.Body.Around = incident, "court case 12", around
	return in
}

func erasePerson(person, why string, preview bool) *EraseIn {
	in := &EraseIn{}
	in.Body.Person, in.Body.Why, in.Body.Preview = person, why, preview
	return in
}

func TestHoldKeepsFromErasureAndRetention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		p := newPlace(t, db)
		p.cases["i1"] = incident("i1", 7, eventstest.Plain(2).ID)
		h, err := p.placeHold(lead(t), hold("i1", false))
		if err != nil || h.Events != 1 || h.Number != 7 || !h.InForce {
			t.Fatalf("%+v, %v", h, err)
		}
		preview, err := p.erase(lead(t), erasePerson("p2", "", true))
		if err != nil || preview.Events != 3 || preview.Held != 1 || p.count(t, "actor.person:p2") != 4 {
			t.Fatalf("preview %+v, %v", preview, err)
		}
		got, err := p.erase(lead(t), erasePerson("p2", "case 7", false))
		if err != nil || got.Events != 3 || got.Held != 1 || !strings.Contains(got.Why, "hold") {
			t.Fatalf("erased %+v, %v", got, err)
		}
		if n := p.count(t, "actor.person:p2"); n != 1 {
			t.Errorf("%d events of the person left, want the held one", n)
		}
		// An alert that joined later names another; the sweep follows the hold first.
		p.cases["i1"] = incident("i1", 7, eventstest.Plain(2).ID, eventstest.Plain(5).ID)
		p.now = p.now.AddDate(0, 0, 60)
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := p.count(t, ""); n != 2 {
			t.Errorf("%d events left after 60 days, want the two held ones", n)
		}
		in := &ReleaseIn{ID: h.ID}
		in.Body.Why = "the case is closed"
		if _, err := p.releaseHold(lead(t), in); err != nil {
			t.Fatal(err)
		}
		if _, err := p.releaseHold(lead(t), in); fault.KindOf(err) != fault.Conflict {
			t.Errorf("released twice: %v", err)
		}
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := p.count(t, ""); n != 0 {
			t.Errorf("%d events left after the release", n)
		}
		want := []string{"evidence.hold R. Lead", "evidence.erase R. Lead", "evidence.erased R. Lead", "evidence.retention Warder",
			"evidence.release R. Lead", "evidence.retention Warder"}
		if got := p.actions(t); !slices.Equal(got, want) {
			t.Errorf("audit %q", got)
		}
		list, err := p.listHolds(t.Context(), &HoldsIn{Incident: "i1"})
		if err != nil || len(list.Items) != 1 || list.Items[0].ReleasedBy != "R. Lead" || list.Items[0].InForce {
			t.Errorf("holds %+v, %v", list, err)
		}
	})
}

func TestHoldAroundAndMerged(t *testing.T) {
	p := newPlace(t, storetest.Open(t, storetest.SQLite(t)))
	p.cases["i1"] = incident("i1", 7, eventstest.Plain(1).ID)
	if _, err := p.placeHold(lead(t), hold("i1", true)); err != nil {
		t.Fatal(err)
	}
	merged := p.cases["i1"]
	merged.Incident.MergedIn, merged.Joins = "i2", nil
	p.cases["i1"], p.cases["i2"] = merged, incident("i2", 8, eventstest.Plain(1).ID, eventstest.Plain(4).ID)
	p.now = p.now.AddDate(0, 0, 60)
	if err := p.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := p.count(t, ""); n != 10+2 { // what happened at the door, and what the alerts name
		t.Errorf("%d events are held, want 12", n)
	}
	until := p.now.Add(-time.Hour)
	in := hold("i2", false)
	if in.Body.Until = &until; true {
		if _, err := p.placeHold(lead(t), in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a hold that ends in the past: %v", err)
		}
	}
}

// An erasure is recorded and forgotten when the bytes have left the files and
// topic raw, and not before.
func TestErasureEnds(t *testing.T) {
	p := newPlace(t, storetest.Open(t, storetest.SQLite(t)))
	if _, err := p.erase(lead(t), erasePerson("p3", " ", false)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an erasure without a reason: %v", err)
	}
	n, err := p.Erase(lead(t), "p3")
	if err != nil || n != 4 {
		t.Fatalf("%d, %v", n, err)
	}
	for p.store.Erasures()[0].Rewritten == nil {
		if t.Context().Err() != nil {
			t.Fatal("not written anew")
		}
		time.Sleep(time.Millisecond)
	}
	if err := p.EndErasures(t.Context()); err != nil || len(p.store.Erasures()) != 1 {
		t.Fatalf("ended while topic raw still has it: %v", err)
	}
	p.raw.trimmed = 30
	if err := p.EndErasures(t.Context()); err != nil || len(p.store.Erasures()) != 0 {
		t.Fatalf("not ended: %v", err)
	}
	body, err := p.records.Bytes(1)
	if err != nil || bytes.Contains(body, []byte("p3")) {
		t.Fatalf("the record says %s, %v", body, err)
	}
	r, err := Verify(bytes.NewReader(body), p.key.Public())
	if err != nil || r.Events != 4 || r.Deletion.Erasure.Name != "R. Lead" || r.Deletion.Erasure.Segments[0].After == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	gone := eventstest.Plain(3)
	if e := r.Deletion.Erasure; e.Removed[0].Sum == "" || !slices.Contains(e.Removed, events.RemovedEvent{ID: gone.ID, Sum: sumOfPlain(t, 3)}) {
		t.Errorf("removed %+v", e.Removed)
	}
	s, err := p.storage(t.Context(), nil)
	if err != nil || len(s.Deletions) != 1 || s.Deletions[0].Kind != "erasure" || s.Key != p.key.Public() || s.Disk.Free == 0 ||
		s.Usage.Events != 26 || len(s.Keeping) != len(s.Usage.Kinds) {
		t.Errorf("%+v, %v", s, err)
	}
}

func sumOfPlain(t *testing.T, n int) string {
	t.Helper()
	e := eventstest.Plain(n)
	if n%3 == 0 {
		e.Assets = []flow.AssetRef{{ID: "a-door", Role: flow.RoleTarget}}
	}
	return events.Sum(&e)
}

func TestExport(t *testing.T) {
	p := newPlace(t, storetest.Open(t, storetest.SQLite(t)))
	p.cases["i1"] = incident("i1", 7, eventstest.Plain(2).ID, eventstest.Plain(9).ID, "w1.777.0")
	for _, c := range []struct {
		ask           Export
		events, lacks int
	}{
		{Export{Incident: "i1", Why: "police"}, 2, 1},
		{Export{Query: "actor.person:p2"}, 4, 0},
		{Export{From: eventstest.Epoch().Add(10 * time.Second), To: eventstest.Epoch().Add(20 * time.Second)}, 10, 0},
	} {
		body, err := json.Marshal(c.ask)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		p.serveExport(w, httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body)).WithContext(lead(t)))
		r, err := Verify(w.Body, p.key.Public())
		if err != nil || w.Code != http.StatusOK || r.Events != c.events || len(r.Custody.Missing) != c.lacks || r.Custody.Name != "R. Lead" {
			t.Errorf("%s: %d, %+v, %v", body, w.Code, r, err)
		}
	}
	for _, wrong := range []string{`{}`, `{"incident":"i9"}`, `{"query":"(a"}`, `nonsense`, `{"incident":"i1","query":"x"}`} {
		w := httptest.NewRecorder()
		p.serveExport(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(wrong)).WithContext(lead(t)))
		if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), `"detail"`) {
			t.Errorf("%s: %d %s", wrong, w.Code, w.Body)
		}
	}
	if got := p.actions(t); len(got) != 3 {
		t.Errorf("audit %q", got)
	}
}

func TestDeletionsAreChained(t *testing.T) {
	p := newPlace(t, storetest.Open(t, storetest.SQLite(t)))
	for range 3 {
		p.now = p.now.AddDate(0, 0, 31)
		if err := p.store.Append(t.Context(), p.raw.last+1, []flow.Event{eventstest.Plain(int(p.raw.last))}); err != nil {
			t.Fatal(err)
		}
		p.raw.last++
		if err := p.store.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.SetPathValue("number", "2")
	p.serveRecord(w, r)
	if _, err := Verify(w.Body, p.key.Public()); err != nil || w.Code != http.StatusOK {
		t.Errorf("%d, %v", w.Code, err)
	}
	all, err := p.records.Newest(9)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	for i, d := range all {
		if d.Number != 3-i || (d.Previous == "") != (d.Number == 1) {
			t.Errorf("record %d after %q", d.Number, d.Previous)
		}
	}
}
