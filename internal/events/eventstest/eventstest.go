// Package eventstest is what every engine of the event store must pass: the
// embedded one, and whatever stands in for it when one machine is not enough.
package eventstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Engine is an event store. Its guarantees are those of package events.
type Engine interface {
	Append(ctx context.Context, through uint64, evs []flow.Event) error
	Flush(ctx context.Context) error
	StoredThrough() uint64
	Search(ctx context.Context, q events.Query) (events.Result, error)
	Histogram(ctx context.Context, q events.Query, buckets int) (events.Histogram, error)
	Count(ctx context.Context, q events.Query) (int, error)
	Top(ctx context.Context, q events.TopQuery) (events.Top, error)
	Get(ctx context.Context, id string) (flow.Event, error)
	Close() error
}

// Opener opens the engine on a place; a second time, after Close, it finds what
// was there. Small says that events are to leave memory after a handful.
type Opener func(place string, small bool) (Engine, error)

// Run runs the suite.
func Run(t *testing.T, open Opener) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, func(small bool) Engine)
	}{
		{"found when appended", foundWhenAppended},
		{"replay is ignored", replayIsIgnored},
		{"survives a restart", survivesRestart},
		{"pages are whole", pagesAreWhole},
		{"refusals", refusals},
		{"histogram counts", histogramCounts},
		{"top counts", topCounts},
	} {
		t.Run(c.name, func(t *testing.T) {
			place := t.TempDir()
			var last Engine
			c.run(t, func(small bool) Engine {
				if last != nil {
					must(t, last.Close())
				}
				e, err := open(place, small)
				if err != nil {
					t.Fatal(err)
				}
				if last == nil {
					t.Cleanup(func() { must(t, last.Close()) })
				}
				last = e
				return e
			})
		})
	}
	t.Run("agrees with looking at every event", func(t *testing.T) { agrees(t, open) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Epoch is when the suite's events happen.
func Epoch() time.Time { return time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC) }

// Plain returns the nth of a row of ordinary events, a second apart.
func Plain(n int) flow.Event {
	at := Epoch().Add(time.Duration(n) * time.Second)
	return flow.Event{
		ID: flow.RecordID{Writer: "w1", Seq: uint64(n), Index: 0}.String(), Time: at, Received: at.Add(time.Millisecond),
		Source: "doors", Format: flow.FormatSyslog, Category: flow.CategoryAccess, Action: "badge.granted",
		Attributes: map[string]string{flow.AttrPerson: fmt.Sprintf("p%d", n%7), flow.AttrMessage: fmt.Sprintf("Badge read %d", n)},
		Original:   map[string]any{"n": float64(n)},
		Raw:        fmt.Appendf(nil, "<34>1 badge read %d", n),
	}
}

func plains(from, to int) []flow.Event {
	var out []flow.Event
	for n := from; n < to; n++ {
		out = append(out, Plain(n))
	}
	return out
}

func ids(evs []flow.Event) []string {
	var out []string
	for _, e := range evs {
		out = append(out, e.ID)
	}
	return out
}

// all pages through a search.
func all(t fatal, e Engine, q events.Query) []flow.Event {
	var out []flow.Event
	for {
		r, err := e.Search(context.Background(), q)
		if err != nil {
			t.Fatalf("search %q: %v", q.Text, err)
		}
		if r.Damaged > 0 || len(r.Events) == 0 && r.Next != "" {
			t.Fatalf("search %q: %+v", q.Text, r)
		}
		out = append(out, r.Events...)
		if q.Cursor = r.Next; r.Next == "" {
			return out
		}
	}
}

type fatal interface{ Fatalf(string, ...any) }

func foundWhenAppended(t *testing.T, open func(bool) Engine) {
	e := open(false)
	for n := range 5 {
		must(t, e.Append(t.Context(), uint64(n+1), []flow.Event{Plain(n)}))
		if got := all(t, e, events.Query{}); len(got) != n+1 || got[0].ID != Plain(n).ID {
			t.Fatalf("after event %d: %v", n, ids(got))
		}
	}
	got, err := e.Get(t.Context(), Plain(3).ID)
	must(t, err)
	if diff := cmp.Diff(Plain(3), got); diff != "" {
		t.Error(diff)
	}
}

func replayIsIgnored(t *testing.T, open func(bool) Engine) {
	e := open(false)
	must(t, e.Append(t.Context(), 10, plains(0, 10)))
	must(t, e.Append(t.Context(), 10, plains(0, 10)))
	must(t, e.Append(t.Context(), 15, plains(5, 15))) // a batch cut another way
	must(t, e.Flush(t.Context()))
	must(t, e.Append(t.Context(), 12, plains(0, 12)))
	must(t, e.Append(t.Context(), 18, plains(8, 18)))
	e = open(false)
	if through := e.StoredThrough(); through != 18 {
		t.Fatalf("stored through %d, want 18", through)
	}
	must(t, e.Append(t.Context(), 20, plains(3, 20)))
	if got := all(t, e, events.Query{}); len(got) != 20 {
		t.Errorf("%d events, want 20: %v", len(got), ids(got))
	}
}

func survivesRestart(t *testing.T, open func(bool) Engine) {
	e := open(true)
	for n := 0; n < 100; n += 10 {
		must(t, e.Append(t.Context(), uint64(n+10), plains(n, n+10)))
	}
	e = open(true)
	got := all(t, e, events.Query{Limit: 17})
	slices.Reverse(got)
	if diff := cmp.Diff(plains(0, 100), got); diff != "" {
		t.Error(diff)
	}
	if through := e.StoredThrough(); through != 100 {
		t.Errorf("stored through %d, want 100", through)
	}
}

// Many events of one moment must be paged through too.
func pagesAreWhole(t *testing.T, open func(bool) Engine) {
	e := open(true)
	for n := range 40 {
		ev := Plain(n)
		ev.Time = Epoch().Add(time.Duration(n/15) * time.Second)
		must(t, e.Append(t.Context(), uint64(n+1), []flow.Event{ev}))
	}
	for _, limit := range []int{3, 40, 100} {
		got := all(t, e, events.Query{Limit: limit})
		if len(got) != 40 || !slices.IsSortedFunc(got, newestFirst) {
			t.Errorf("limit %d: %v", limit, ids(got))
		}
	}
}

func newestFirst(a, b flow.Event) int {
	if c := b.Time.Compare(a.Time); c != 0 {
		return c
	}
	return cmpText(b.ID, a.ID)
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func refusals(t *testing.T, open func(bool) Engine) {
	e := open(false)
	must(t, e.Append(t.Context(), 1, plains(0, 3)))
	for _, q := range []events.Query{{Text: "(a"}, {Text: "sensor.value:>x"}, {Cursor: "nonsense"}} {
		if _, err := e.Search(t.Context(), q); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v, want invalid", q, err)
		}
	}
	if _, err := e.Get(t.Context(), "w1.99.0"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("get of nothing: %v", err)
	}
	must(t, e.Flush(t.Context()))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(ended, events.Query{Text: "badge"}); !errors.Is(err, context.Canceled) {
		t.Errorf("search with an ended context: %v", err)
	}
}

func histogramCounts(t *testing.T, open func(bool) Engine) {
	e := open(true)
	must(t, e.Append(t.Context(), 1, plains(0, 60)))
	fire := Plain(60)
	fire.Category = flow.CategoryFire
	must(t, e.Append(t.Context(), 2, []flow.Event{fire}))
	q := events.Query{From: Epoch().Add(5 * time.Second), To: Epoch().Add(2 * time.Minute)}
	h, err := e.Histogram(t.Context(), q, 12)
	must(t, err)
	if h.Bucket != 10 || len(h.Counts) != 12 || !h.From.Equal(Epoch()) || !h.To.Equal(q.To) {
		t.Errorf("histogram of %v to %v, %d spans of %v s", h.From, h.To, len(h.Counts), h.Bucket)
	}
	for i, want := range []int{10, 10, 10, 10, 10, 10, 1, 0, 0, 0, 0, 0} {
		if h.Counts[i].Total != want {
			t.Errorf("span %d: %d, want %d", i, h.Counts[i].Total, want)
		}
	}
	if got := h.Counts[6].ByCategory; got["fire"] != 1 || len(got) != 1 {
		t.Errorf("categories %v", got)
	}
	n, err := e.Count(t.Context(), events.Query{Text: "category:fire OR actor.person:P3"})
	must(t, err)
	if n != 9+1 { // p3 is every seventh of 0..59 from 3, and the fire is p4
		t.Errorf("count %d", n)
	}
}

// agrees compares an engine with the definition of the language: query.Match on
// every event, in every state of memory and segments that appending passes through.
func agrees(t *testing.T, open Opener) {
	place := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		e, err := open(fmt.Sprintf("%s/%d", place, run), true)
		if err != nil {
			rt.Fatalf("open: %v", err)
		}
		defer func() {
			if err := e.Close(); err != nil {
				rt.Fatalf("close: %v", err)
			}
		}()
		batches := rapid.SliceOfN(rapid.SliceOfN(drawEvent(), 0, 12), 1, 6).Draw(rt, "batches")
		var kept []flow.Event
		for i, batch := range batches {
			for n := range batch {
				batch[n].ID = flow.RecordID{Writer: "w1", Seq: uint64(i + 1), Index: uint32(n)}.String()
			}
			if err := e.Append(context.Background(), uint64(i+1), batch); err != nil {
				rt.Fatalf("append: %v", err)
			}
			kept = append(kept, batch...)
			if rapid.Bool().Draw(rt, "flush") {
				if err := e.Flush(context.Background()); err != nil {
					rt.Fatalf("flush: %v", err)
				}
			}
			compare(rt, e, kept, drawQuery().Draw(rt, "query"))
		}
	})
}

func compare(rt *rapid.T, e Engine, kept []flow.Event, q events.Query) {
	n, err := query.Parse(q.Text)
	if err != nil {
		rt.Fatalf("the suite drew a query that cannot be read: %q: %v", q.Text, err)
	}
	var want []flow.Event
	for _, ev := range kept {
		inside := (q.From.IsZero() || !ev.Time.Before(q.From)) && (q.To.IsZero() || ev.Time.Before(q.To))
		if inside && query.Match(n, &ev) {
			want = append(want, ev)
		}
	}
	slices.SortFunc(want, newestFirst)
	got := all(rt, e, q)
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("search %q from %v to %v: %s", q.Text, q.From, q.To, diff)
	}
	count, err := e.Count(context.Background(), q)
	if err != nil || count != len(want) {
		rt.Fatalf("count %q: %d, %v; want %d", q.Text, count, err, len(want))
	}
	compareTop(rt, e, want, events.TopQuery{Query: q, Fields: drawFields().Draw(rt, "fields"), Limit: 1000})
	for _, ev := range got[:min(len(got), 2)] {
		one, err := e.Get(context.Background(), ev.ID)
		if err != nil {
			rt.Fatalf("get %s: %v", ev.ID, err)
		}
		if diff := cmp.Diff(ev, one); diff != "" {
			rt.Fatalf("get %s: %s", ev.ID, diff)
		}
	}
}
