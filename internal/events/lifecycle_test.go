package events_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// model is what a store must show, as a plain map.
type model struct {
	events map[string]flow.Event
	erased map[string]bool
	held   map[string]bool
	sent   []flow.Event // everything that topic raw has, by offset
	now    time.Time
}

func (m *model) hold(e *flow.Event) bool { return m.held[e.ID] }

// days are those of retention in the model's store.
func days() events.Retention {
	return events.Retention{Default: 4, Raw: 2, Exercise: 1, Categories: map[string]int{"fire": 0}}
}

func (m *model) sweep() {
	keep, today := days(), m.now.UTC().Truncate(24*time.Hour)
	for id, e := range m.events {
		if m.held[id] {
			continue
		}
		all, raw := keep.Days(events.Kind{Category: e.Category, Source: e.Source, Exercise: e.Exercise != ""})
		if all > 0 && e.Received.Before(today.AddDate(0, 0, -all)) {
			delete(m.events, id)
		} else if raw > 0 && e.Received.Before(today.AddDate(0, 0, -raw)) {
			e.Raw = nil
			m.events[id] = e
		}
	}
}

func (m *model) erase(person string) (gone, held int) {
	for id, e := range m.events {
		switch {
		case e.Attributes[flow.AttrPerson] != person:
		case m.held[id]:
			held++
		default:
			delete(m.events, id)
			m.erased[id] = true
			gone++
		}
	}
	return gone, held
}

func (m *model) list() []flow.Event {
	out := []flow.Event{}
	for _, e := range m.events {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b flow.Event) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func shown(t *rapid.T, s *events.Store) []flow.Event {
	out := []flow.Event{}
	for q := (events.Query{Limit: 17}); ; {
		r, err := s.Search(context.Background(), q)
		if err != nil || r.Damaged > 0 {
			t.Fatalf("search: %v, %d damaged", err, r.Damaged)
		}
		out = append(out, r.Events...)
		if q.Cursor = r.Next; r.Next == "" {
			break
		}
	}
	slices.SortFunc(out, func(a, b flow.Event) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Whatever is appended, swept, held, erased and repeated, and wherever the
// program ends in between, the store shows what a plain map does.
func TestLifecycleAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		disk := newMemory()
		m := &model{events: map[string]flow.Event{}, erased: map[string]bool{}, held: map[string]bool{}, now: eventstest.Epoch()}
		open := func() *events.Store {
			s, err := events.Open(events.Options{Dir: "/evidence", Disk: disk, Now: func() time.Time { return m.now }, Log: slog.New(slog.DiscardHandler),
				FlushCount: 6, FlushAge: time.Hour, CompactCount: 2, CompactRows: 40, OnTrouble: func(err error) { t.Errorf("trouble: %v", err) }})
			if err != nil {
				rt.Fatalf("open: %v", err)
			}
			s.Hold(m.hold)
			return s
		}
		s := open()
		if rapid.Bool().Draw(rt, "other columns") {
			events.OtherColumns(s)
		}
		defer func() { _ = s.Close() }()
		send := func(from int) {
			for offset := from; offset < len(m.sent); offset++ {
				if err := s.Append(context.Background(), uint64(offset+1), m.sent[offset:offset+1]); err != nil {
					rt.Fatalf("append: %v", err)
				}
			}
		}
		orders := 0
		rt.Repeat(map[string]func(*rapid.T){
			"append": func(rt *rapid.T) {
				from := len(m.sent)
				for range rapid.IntRange(1, 9).Draw(rt, "events") {
					e := eventstest.Plain(len(m.sent))
					e.Received = m.now.Add(time.Duration(len(m.sent)+1) * time.Second)
					if rapid.IntRange(0, 4).Draw(rt, "kind") == 0 {
						e.Category = flow.CategoryFire
					}
					if rapid.Bool().Draw(rt, "a JSON record") {
						e.Original, e.Raw, e.Attributes[flow.AttrMessage] = record(len(m.sent)).Original, record(len(m.sent)).Raw, record(len(m.sent)).Attributes[flow.AttrMessage]
					}
					m.sent = append(m.sent, e)
					m.events[e.ID] = e
				}
				send(from)
			},
			"days pass": func(rt *rapid.T) { m.now = m.now.AddDate(0, 0, rapid.IntRange(1, 3).Draw(rt, "days")) },
			"flush": func(rt *rapid.T) {
				if err := s.Flush(context.Background()); err != nil {
					rt.Fatalf("flush: %v", err)
				}
			},
			"sweep": func(rt *rapid.T) {
				if err := s.Flush(context.Background()); err != nil { // memory is younger than a day
					rt.Fatalf("flush: %v", err)
				}
				if _, err := s.Sweep(context.Background(), days(), nil); err != nil {
					rt.Fatalf("sweep: %v", err)
				}
				m.sweep()
			},
			"hold": func(rt *rapid.T) {
				if len(m.sent) > 0 {
					m.held[m.sent[rapid.IntRange(0, len(m.sent)-1).Draw(rt, "event")].ID] = true
				}
			},
			"an older program": func(*rapid.T) { events.ForgetKinds(s) },
			"release":          func(rt *rapid.T) { clear(m.held) },
			"erase": func(rt *rapid.T) {
				person := fmt.Sprintf("p%d", rapid.IntRange(0, 6).Draw(rt, "person"))
				orders++
				got, err := s.Erase(context.Background(), events.Order{ID: fmt.Sprint("e", orders), Why: "case 7",
					Request: events.Request{Query: `actor.person:"` + person + `"`}})
				if err != nil {
					rt.Fatalf("erase: %v", err)
				}
				if gone, held := m.erase(person); got.Events != gone || got.Held != held {
					rt.Fatalf("erased %d, held %d; want %d, %d", got.Events, got.Held, gone, held)
				}
			},
			"power cut": func(rt *rapid.T) {
				// Only what was synced is there when the program starts again; what
				// topic raw has above StoredThrough comes again.
				after := disk.cut()
				_ = s.Close()
				disk = after
				s = open()
				stored := int(s.StoredThrough())
				send(stored)
			},
			"": func(rt *rapid.T) {
				if diff := cmp.Diff(m.list(), shown(rt, s)); diff != "" {
					rt.Fatal(diff)
				}
			},
		})
	})
}

// After an erasure nothing in the folder knows the person: no segment, no
// dictionary, no filter, nothing in quarantine, no note of what was asked for.
func TestErasedLeavesTheDisk(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 4)
	if err := os.Truncate(segments(t, dir)[0], 900); err != nil { // one that cannot be read
		t.Fatal(err)
	}
	o := options(t, dir)
	o.OnTrouble = func(error) {}
	s := open(t, o)
	var named []flow.Event
	for n := 100; n < 130; n++ {
		e := eventstest.Plain(n)
		e.Attributes = map[string]string{flow.AttrPerson: "zacharias.quist", flow.AttrUser: "zacharias.quist", flow.AttrMessage: "zacharias.quist came in", "custom.name": "zacharias.quist"}
		e.Original = map[string]any{"who": "zacharias.quist"}
		e.Raw = []byte("<34>1 zacharias.quist came in")
		named = append(named, e)
	}
	if err := s.Append(t.Context(), 9, named[:20]); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), 10, named[20:]); err != nil { // these are in memory
		t.Fatal(err)
	}
	if where := grep(t, dir, "zacharias"); len(where) == 0 {
		t.Fatal("the name cannot be found before either: the test looks wrongly")
	}
	got, err := s.Erase(t.Context(), events.Order{ID: "e1", Why: "case 7", Request: events.Request{Query: `actor.person:"zacharias.quist"`}})
	if err != nil || got.Events != 30 || got.Held != 0 || len(got.Quarantined) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if r, err := s.Search(t.Context(), events.Query{Text: "zacharias"}); err != nil || len(r.Events) != 0 {
		t.Errorf("still found: %d, %v", len(r.Events), err)
	}
	if _, err := s.Get(t.Context(), named[0].ID); err == nil {
		t.Error("still shown by its id")
	}
	if err := s.Append(t.Context(), 11, named); err != nil { // a replay
		t.Fatal(err)
	}
	waitRewritten(t, s)
	for err := s.Forget("e1"); err != nil; err = s.Forget("e1") { // whoever wrote it anew still holds the old file
		if fault.KindOf(err) != fault.Conflict || t.Context().Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if where := grep(t, dir, "zacharias"); len(where) > 0 {
		t.Errorf("the name is still in %v", where)
	}
	if n := count(t, s); n != 30 {
		t.Errorf("%d events left, want 30", n)
	}
}

func waitRewritten(t *testing.T, s *events.Store) {
	t.Helper()
	for t.Context().Err() == nil {
		if all := s.Erasures(); all[0].Rewritten != nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the bytes stay in the files")
}

// grep lists the files below a folder that hold a text, also in compressed pages.
func grep(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(body, []byte(text)) || strings.HasSuffix(path, ".parquet") && events.PagesHold(t, body, text) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Where the program ends between an erasure and the moment in which its bytes
// are gone does not matter: nothing comes back, and the work is finished.
func TestErasureInterrupted(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	o := options(t, dir)
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string][]byte{}
	for _, path := range segments(t, dir) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before[path] = body
	}
	if _, err := s.Erase(t.Context(), events.Order{ID: "e1", Request: events.Request{IDs: []string{eventstest.Plain(3).ID, eventstest.Plain(12).ID}}}); err != nil {
		t.Fatal(err)
	}
	note, err := os.ReadFile(filepath.Join(dir, "erasures", "e1.json"))
	if err != nil {
		t.Fatal(err)
	}
	waitRewritten(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range segments(t, dir) {
		if before[path] == nil {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, body := range before { // as if nothing had been written anew yet
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Contains(note, []byte(`"done":true`)) {
		t.Fatal("the note is not the first one; the test looks too late")
	}
	if err := os.WriteFile(filepath.Join(dir, "erasures", "e1.json"), note, 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, o)
	if n := count(t, again); n != 28 {
		t.Errorf("%d events, want 28", n)
	}
	waitRewritten(t, again)
	if n := count(t, again); n != 28 {
		t.Errorf("%d events after writing anew, want 28", n)
	}
}

// Dropping the newest segment does not make StoredThrough fall: raw batches that
// are still there would bring everything back.
func TestExpiredDoNotComeAgain(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	o := options(t, dir)
	o.Now = func() time.Time { return eventstest.Epoch().AddDate(0, 0, 30) }
	s := open(t, o)
	swept, err := s.Sweep(t.Context(), events.Retention{Default: 5}, nil)
	if err != nil || len(swept.Segments) != 3 || swept.Dropped[0].Events != 30 {
		t.Fatalf("%+v, %v", swept, err)
	}
	if n := len(segments(t, dir)); n != 0 {
		t.Errorf("%d segments left", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, o)
	if through := again.StoredThrough(); through != 3 {
		t.Errorf("stored through %d, want 3", through)
	}
	if err := again.Append(t.Context(), 3, plains(20, 30)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, again); n != 0 {
		t.Errorf("%d events came again", n)
	}
}

func TestRetentionIsValidated(t *testing.T) {
	if errs := events.DefaultRetention().Validate(); len(errs) > 0 {
		t.Error(errs)
	}
	bad := events.Retention{Default: -1, Categories: map[string]int{"nonsense": 3}, Sources: map[string]int{"doors": 99999}}
	if errs := bad.Validate(); len(errs) != 3 {
		t.Error(errs)
	}
}
