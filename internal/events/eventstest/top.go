package eventstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

func drawFields() *rapid.Generator[[]string] {
	field := rapid.OneOf(names(), rapid.SampledFrom([]string{"id", "category", "site", "source", "asset", "asset.place", "unknown",
		"event.action", "original.message", "deep.er", "list.er", "parse_error", flow.AttrQuantity, "absent"}))
	return rapid.SliceOfN(field, 1, 2)
}

// compareTop compares what an engine counts with counting the events one by one.
func compareTop(rt *rapid.T, e Engine, kept []flow.Event, q events.TopQuery) {
	want := events.Top{Total: len(kept)}
	counts, shown := map[string]int{}, map[string][]string{}
	for _, name := range q.Fields {
		want.Fields = append(want.Fields, query.NewField(name).Name())
	}
	for i := range kept {
		all := pairs(&kept[i], q.Fields)
		if len(all) == 0 {
			want.Without++
		}
		for _, values := range all {
			key := query.Fold(strings.Join(values, "\x00"))
			counts[key]++
			shown[key] = values
		}
	}
	for key, n := range counts {
		want.Values = append(want.Values, events.TopValue{Values: shown[key], Count: n})
	}
	want.Distinct = len(want.Values)
	got, err := e.Top(context.Background(), q)
	if err != nil {
		rt.Fatalf("top %q of %q: %v", q.Fields, q.Text, err)
	}
	for _, list := range [][]events.TopValue{got.Values, want.Values} { // which spelling is shown depends on the other values
		for i := range list {
			list[i].Values = strings.Split(query.Fold(strings.Join(list[i].Values, "\x00")), "\x00")
		}
		slices.SortFunc(list, func(a, b events.TopValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), slices.Compare(a.Values, b.Values))
		})
	}
	if len(got.Values) == 0 {
		got.Values = nil
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		rt.Fatalf("top %q of %q: %s", q.Fields, q.Text, diff)
	}
}

// pairs lists the values of an event, or the pairs of them.
func pairs(e *flow.Event, fields []string) [][]string {
	out := [][]string{nil}
	for _, name := range fields {
		var longer [][]string
		for _, head := range out {
			for _, value := range query.NewField(name).Values(e) {
				longer = append(longer, append(slices.Clone(head), value))
			}
		}
		out = longer
	}
	return out
}

func topCounts(t *testing.T, open func(bool) Engine) {
	e := open(true)
	must(t, e.Append(t.Context(), 1, plains(0, 60)))
	loud := Plain(60)
	loud.Attributes[flow.AttrPerson] = "P4"
	must(t, e.Append(t.Context(), 2, []flow.Event{loud}))
	got, err := e.Top(t.Context(), events.TopQuery{Fields: []string{flow.AttrPerson}, Limit: 2})
	must(t, err)
	want := events.Top{Fields: []string{flow.AttrPerson}, Total: 61, Distinct: 7,
		Values: []events.TopValue{{Values: []string{"P4"}, Count: 9}, {Values: []string{"p0"}, Count: 9}}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	few := events.TopQuery{Query: events.Query{Budget: events.Budget{Values: 3}}, Fields: []string{flow.AttrPerson, "category"}}
	if got, err = e.Top(t.Context(), few); err != nil || !got.Approximate || got.Distinct != 3 || got.Total != 61 {
		t.Errorf("with room for three values: %+v, %v", got, err)
	}
	for _, fields := range [][]string{nil, {""}, {"a", "b", "c"}} {
		if _, err := e.Top(t.Context(), events.TopQuery{Fields: fields}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("top of %q: %v, want invalid", fields, err)
		}
	}
}
