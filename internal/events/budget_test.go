package events_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
)

// spread fills a store with one segment for each ten events.
func spread(t *testing.T, segments int) *events.Store {
	t.Helper()
	o := options(t, t.TempDir())
	o.CompactCount = 1 << 20
	s := open(t, o)
	for n := range segments {
		if err := s.Append(t.Context(), uint64(n+1), plains(10*n, 10*n+10)); err != nil {
			t.Fatal(err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// A search whose budget is spent gives what is certain, says how far back it
// came, and goes on there: nothing is missed and nothing comes twice.
func TestSearchesGoOnWhereTheirBudgetEnded(t *testing.T) {
	s := spread(t, 8)
	q := events.Query{Limit: 25, Budget: events.Budget{Bytes: 1}}
	var got []string
	cuts := 0
	for rounds := 0; ; rounds++ {
		r, err := s.Search(t.Context(), q)
		if err != nil || rounds > 100 {
			t.Fatalf("round %d: %v", rounds, err)
		}
		for _, e := range r.Events {
			got = append(got, e.ID)
			if r.Cut != nil && e.Time.Before(r.Cut.BackTo) {
				t.Errorf("%s is older than %v", e.ID, r.Cut.BackTo)
			}
		}
		if r.Cut != nil {
			cuts++
			if r.Cut.Why != "bytes" || r.Next == "" {
				t.Errorf("%+v", r.Cut)
			}
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			break
		}
	}
	var want []string
	for n := 79; n >= 0; n-- {
		want = append(want, eventstest.Plain(n).ID)
	}
	if !slices.Equal(got, want) || cuts == 0 {
		t.Errorf("%d cuts, found %q", cuts, got)
	}
}

// A sender whose clock is days ahead has an event in every segment: pages still
// come to their end, and each event comes once.
func TestSearchesGoOnBehindAClockThatIsAhead(t *testing.T) {
	o := options(t, t.TempDir())
	o.CompactCount = 1 << 20
	s := open(t, o)
	want := map[string]int{}
	for n := range 6 {
		batch := plains(10*n, 10*n+10)
		batch[9].Time = batch[9].Time.Add(72 * time.Hour)
		for _, e := range batch {
			want[e.ID] = 1
		}
		if err := errors.Join(s.Append(t.Context(), uint64(n+1), batch), s.Flush(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	q := events.Query{Limit: 7, Budget: events.Budget{Bytes: 1}}
	for rounds := 0; ; rounds++ {
		r, err := s.Search(t.Context(), q)
		if err != nil || rounds > 100 || r.Next != "" && r.Next == q.Cursor {
			t.Fatalf("round %d: %v", rounds, err)
		}
		for _, e := range r.Events {
			got[e.ID]++
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			break
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("found %v", got)
	}
}

// Some senders leave control characters in their texts, which stricter readers of
// JSON refuse: such an event is found and shown like any other.
func TestCarelessJSONIsKept(t *testing.T) {
	s := open(t, options(t, t.TempDir()))
	all := plains(0, 3)
	all[1].Raw = []byte("{\"say\":\"a\tb\",\"n\":1}")
	all[1].Original = map[string]any{"say": "a\tb", "n": 1.0}
	if err := errors.Join(s.Append(t.Context(), 1, all), s.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	r, err := s.Search(t.Context(), events.Query{Text: "n:1"})
	if err != nil || len(r.Events) != 1 || r.Damaged != 0 || r.Events[0].Original["say"] != "a\tb" {
		t.Errorf("%+v, %v", r, err)
	}
	e, err := s.Get(t.Context(), all[1].ID)
	if err != nil || !bytes.Equal(e.Raw, all[1].Raw) {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestCountsSayThatTheyWereCut(t *testing.T) {
	s := spread(t, 4)
	q := events.Query{From: eventstest.Epoch(), To: eventstest.Epoch().Add(time.Minute), Budget: events.Budget{Time: time.Nanosecond}}
	h, err := s.Histogram(t.Context(), q, 60)
	if err != nil || h.Cut == nil || h.Cut.Why != "time" {
		t.Errorf("histogram %+v, %v", h.Cut, err)
	}
	top, err := s.Top(t.Context(), events.TopQuery{Query: q, Fields: []string{"category"}})
	if err != nil || top.Cut == nil || !top.Cut.BackTo.After(eventstest.Plain(39).Time) {
		t.Errorf("top %+v, %v", top, err)
	}
}

// Whoever goes away ends the search.
func TestSearchesEndWithTheirContext(t *testing.T) {
	s := spread(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Top(ctx, events.TopQuery{Fields: []string{"category"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("top: %v", err)
	}
	if _, err := s.Histogram(ctx, events.Query{From: eventstest.Epoch(), To: eventstest.Epoch().Add(time.Hour)}, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("histogram: %v", err)
	}
}

// While searches that read everything run one after the other, events are taken
// in, and no Append waits for a search to end.
func TestSearchesDoNotStopAppending(t *testing.T) {
	s := spread(t, 40)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 4)
	for range 4 {
		go func() {
			for ctx.Err() == nil {
				if _, err := s.Count(ctx, events.Query{Text: "/re.d [0-9]+9/"}); err != nil && ctx.Err() == nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	var slowest time.Duration
	for n := range 200 {
		start := time.Now()
		if err := s.Append(t.Context(), uint64(41+n), plains(400+10*n, 410+10*n)); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
	}
	cancel()
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if slowest > 2*time.Second { // a machine that does much else is slow, but not that slow
		t.Errorf("one Append took %v", slowest)
	}
}

func TestFields(t *testing.T) {
	s := open(t, options(t, t.TempDir()))
	if err := s.Append(t.Context(), 1, plains(0, 20)); err != nil {
		t.Fatal(err)
	}
	f, err := s.Fields(t.Context(), events.Query{Text: "actor.person:p1"}, 100)
	if err != nil || f.Sample != 3 {
		t.Fatalf("%+v, %v", f, err)
	}
	found := map[string]events.FieldCount{}
	for _, x := range f.Fields {
		found[x.Name] = x
	}
	if p := found["actor.person"]; p.Events != 3 || p.Distinct != 1 || p.Original {
		t.Errorf("person %+v", p)
	}
	if n := found["n"]; n.Events != 3 || n.Distinct != 3 || !n.Original {
		t.Errorf("n %+v", n)
	}
	if _, ok := found["site"]; ok {
		t.Error("a field that no event has")
	}
}
