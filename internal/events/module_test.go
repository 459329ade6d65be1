package events_test

import (
	"context"
	"errors"
	"testing"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// book notes every look, or refuses.
type book struct {
	looks []string
	err   error
}

func (b *book) Look(ctx context.Context, what string) error {
	b.looks = append(b.looks, module.Caller(ctx).ID+" "+what)
	return b.err
}

func call[O any](t *testing.T, m *events.Module, id string, in any) (*O, error) {
	t.Helper()
	for _, r := range m.Routes() {
		if r.ID != id {
			continue
		}
		if r.Permission != module.ReadEvents {
			t.Errorf("%s: permission %s", id, r.Permission)
		}
		out, err := r.Call(module.WithCaller(t.Context(), module.Principal{ID: "u1"}), in)
		if err != nil {
			return nil, err
		}
		return out.(*O), nil
	}
	t.Fatalf("no route %s", id)
	return nil, nil
}

func TestRoutes(t *testing.T) {
	s := open(t, options(t, t.TempDir()))
	if err := s.Append(t.Context(), 1, plains(0, 10)); err != nil {
		t.Fatal(err)
	}
	b := &book{}
	m := events.NewModule(s, b)
	page := &events.SearchInput{Asked: events.Asked{Text: "badge"}, Page: module.Page{Limit: 4}}
	list, err := call[events.Page](t, m, "list-events", page)
	if err != nil || len(list.Items) != 4 || list.Next == "" {
		t.Fatalf("list %+v, %v", list, err)
	}
	page.Cursor = list.Next
	if list, err = call[events.Page](t, m, "list-events", page); err != nil || list.Items[0].ID != eventstest.Plain(5).ID {
		t.Errorf("second page %+v, %v", list, err)
	}
	h, err := call[events.Histogram](t, m, "count-events", &events.HistogramInput{Asked: events.Asked{From: eventstest.Epoch(), To: eventstest.Epoch().Add(60e9)}, Buckets: 60})
	if err != nil || len(h.Counts) != 60 || h.Counts[9].Total != 1 {
		t.Errorf("histogram %+v, %v", h, err)
	}
	one, err := call[flow.Event](t, m, "get-event", &events.OneInput{ID: eventstest.Plain(3).ID})
	if err != nil || string(one.Raw) != "<34>1 badge read 3" {
		t.Errorf("event %+v, %v", one, err)
	}
	if _, err := call[flow.Event](t, m, "get-event", &events.OneInput{ID: "w1.77.0"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no event: %v", err)
	}
	top, err := call[events.Top](t, m, "top-values", &events.TopInput{Field: "actor.person", And: "category", Limit: 1})
	if err != nil || len(top.Values) != 1 || top.Values[0].Count != 2 || top.Distinct != 7 {
		t.Errorf("top %+v, %v", top, err)
	}
	if f, err := call[events.Fields](t, m, "list-event-fields", &events.FieldsInput{Sample: 5}); err != nil || f.Sample != 5 {
		t.Errorf("fields %+v, %v", f, err)
	}
	if len(b.looks) != 7 || b.looks[0] != "u1 events: badge" || b.looks[3] != "u1 event w1.3.0" {
		t.Errorf("looks %q", b.looks)
	}
	b.err = errors.New("the audit is away")
	for id, in := range map[string]any{"list-events": page, "count-events": &events.HistogramInput{}, "top-values": &events.TopInput{Field: "id"},
		"list-event-fields": &events.FieldsInput{}, "get-event": &events.OneInput{ID: "w1.3.0"}} {
		if _, err := call[any](t, m, id, in); !errors.Is(err, b.err) {
			t.Errorf("%s without an audit: %v", id, err)
		}
	}
}
