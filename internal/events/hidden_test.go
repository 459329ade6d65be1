package events_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// person says in all that an event can hold who it is of.
func person(n int) flow.Event {
	e := eventstest.Plain(n)
	if n%5 == 3 {
		e.Attributes = map[string]string{flow.AttrPerson: "zacharias.quist", flow.AttrUser: "zacharias.quist",
			flow.AttrMessage: "zacharias.quist came in", "custom.name": "zacharias.quist"}
		e.Original = map[string]any{"zacharias": "quist"}
		e.Raw = []byte("<34>1 zacharias.quist came in")
	}
	return e
}

// What was erased is seen by no question from the moment in which Erase answers:
// while it still lies in files and after, in memory too, and whatever part of a
// row group is looked at.
func TestErasedIsSeenByNobody(t *testing.T) {
	const stored, all = 100, 120
	o := options(t, t.TempDir())
	o.FlushCount, o.FlushAge = 1<<20, time.Hour
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	events.GroupRows(s, 16)
	var sent []flow.Event
	for n := range all {
		sent = append(sent, person(n))
	}
	for n, part := range [][]flow.Event{sent[:70], sent[70:stored], sent[stored:]} {
		if err := s.Append(t.Context(), uint64(n+1), part); err != nil {
			t.Fatal(err)
		}
		if n < 2 {
			if err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	see(t, s, sent, nil)
	let := events.KeepShape(s)
	erased, err := s.Erase(t.Context(), events.Order{ID: "e1", Why: "case 7", Request: events.Request{Query: "zacharias"}})
	if err != nil || erased.Events != all/5 {
		t.Fatalf("%+v, %v", erased, err)
	}
	var left, gone []flow.Event
	for _, e := range sent {
		if e.Attributes[flow.AttrUser] == "" {
			left = append(left, e)
		} else {
			gone = append(gone, e)
		}
	}
	see(t, s, left, gone)
	if s.Erasures()[0].Rewritten != nil {
		t.Fatal("it has left the files already: the test looks too late")
	}
	let()
	waitRewritten(t, s)
	see(t, s, left, gone)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	see(t, open(t, o), left, gone)
}

// see asks a store everything that can be asked.
func see(t *testing.T, s *events.Store, left, gone []flow.Event) {
	t.Helper()
	for _, e := range gone {
		if _, err := s.Get(t.Context(), e.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("event %s is still shown: %v", e.ID, err)
		}
	}
	for _, e := range left {
		if got, err := s.Get(t.Context(), e.ID); err != nil || got.ID != e.ID {
			t.Errorf("event %s: %v", e.ID, err)
		}
	}
	second := func(n int) time.Time { return eventstest.Epoch().Add(time.Duration(n) * time.Second) }
	for _, text := range []string{"", "badge", "zacharias", "actor.person:p3", "category:access", "not badge", `custom.name:zacharias.quist`, "n:73"} {
		for _, span := range [][2]int{{0, 1000}, {5, 13}, {10, 57}, {69, 111}, {83, 84}} {
			q := events.Query{Text: text, From: second(span[0]), To: second(span[1]), Limit: 1000}
			var want []flow.Event
			for _, e := range left {
				if n, err := query.Parse(text); err != nil {
					t.Fatal(err)
				} else if query.Match(n, &e) && !e.Time.Before(q.From) && e.Time.Before(q.To) {
					want = append(want, e)
				}
			}
			seeOne(t, s, q, want)
		}
	}
}

func seeOne(t *testing.T, s *events.Store, q events.Query, want []flow.Event) {
	t.Helper()
	named := func(what string, got []flow.Event) {
		t.Helper()
		if diff := cmp.Diff(idsOf(want), idsOf(got)); diff != "" {
			t.Errorf("%s %q: %s", what, q.Text, diff)
		}
	}
	number := func(what string, got int, err error) {
		t.Helper()
		if err != nil || got != len(want) {
			t.Errorf("%s %q: %d, want %d, %v", what, q.Text, got, len(want), err)
		}
	}
	r, err := s.Search(t.Context(), q)
	number("search", len(r.Events), err)
	named("search", r.Events)
	n, err := s.Count(t.Context(), q)
	number("count", n, err)
	h, err := s.Histogram(t.Context(), q, 10)
	exact := h.From.Equal(q.From) && h.To.Equal(q.To) // its spans are those that people count in
	total := 0
	for _, b := range h.Counts {
		total += b.Total
	}
	if err != nil || exact && total != len(want) || total < len(want) {
		t.Errorf("histogram %q: %d, want %d, %v", q.Text, total, len(want), err)
	}
	for _, fields := range [][]string{{flow.AttrPerson}, {flow.AttrMessage}, {"zacharias"}, {flow.AttrPerson, "custom.name"}, {"category", flow.AttrUser}} {
		top, err := s.Top(t.Context(), events.TopQuery{Query: q, Fields: fields, Limit: 1000})
		number("top of "+strings.Join(fields, " and "), top.Total, err)
		counted := 0
		for _, v := range top.Values {
			counted += v.Count
		}
		number("values of "+strings.Join(fields, " and "), counted+top.Without, nil)
	}
	fields, err := s.Fields(t.Context(), q, 1000)
	number("fields", fields.Sample, err)
	var each []flow.Event
	_, err = s.Each(t.Context(), events.Selection{Query: q}, func(e *flow.Event, _ events.Origin) error {
		each = append(each, *e)
		return nil
	})
	number("each", len(each), err)
	named("each", each)
}

func idsOf(all []flow.Event) []string {
	out := []string{}
	for _, e := range all {
		out = append(out, e.ID)
	}
	slices.Sort(out)
	return out
}
