package events_test

import (
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func as(t *testing.T, who module.Principal, routes []module.Route, id string, in any) (any, error) {
	t.Helper()
	for _, r := range routes {
		if r.ID == id {
			return r.Call(module.WithCaller(t.Context(), who), in)
		}
	}
	t.Fatalf("no route %s", id)
	return nil, nil
}

func TestSavedSearches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		routes := events.NewSaved(s.Space("events"), eventstest.Epoch).Routes()
		ann, bob := module.Principal{ID: "u1", Name: "Ann", Role: "operator"}, module.Principal{ID: "u2", Name: "Bob", Role: "operator"}
		save := func(name, query string, shared bool) (*events.SavedSearch, error) {
			in := &events.SaveInput{}
			in.Body.Name, in.Body.Query, in.Body.Shared, in.Body.From = name, query, shared, eventstest.Epoch()
			out, err := as(t, ann, routes, "save-search", in)
			if err != nil {
				return nil, err
			}
			return out.(*events.SavedSearch), nil
		}
		own, err := save("Doors", "category:access", false)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := save("alarms", "category:fire", true)
		if err != nil || !shared.From.Equal(eventstest.Epoch()) || shared.To != nil {
			t.Fatalf("%+v, %v", shared, err)
		}
		for _, bad := range [][2]string{{"  ", ""}, {"x", "(a"}} {
			if _, err := save(bad[0], bad[1], false); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v, want invalid", bad, err)
			}
		}
		names := func(who module.Principal) (out []string) {
			list, err := as(t, who, routes, "list-saved-searches", &module.None{})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list.(*module.List[events.SavedSearch]).Items {
				if x.Mine != (who.ID == "u1") || x.By != "Ann" || !x.At.Equal(eventstest.Epoch().UTC().Truncate(time.Microsecond)) {
					t.Errorf("%+v", x)
				}
				out = append(out, x.Name)
			}
			return out
		}
		if got := names(ann); len(got) != 2 || got[0] != "alarms" {
			t.Errorf("hers %q", got)
		}
		if got := names(bob); len(got) != 1 || got[0] != "alarms" {
			t.Errorf("his %q", got)
		}
		for id, who := range map[string]module.Principal{own.ID: bob, shared.ID: bob} {
			if _, err := as(t, who, routes, "remove-saved-search", &events.SavedInput{ID: id}); fault.KindOf(err) != fault.NotFound {
				t.Errorf("another's removed: %v", err)
			}
		}
		for id, who := range map[string]module.Principal{own.ID: ann, shared.ID: {ID: "u3", Role: "admin"}} {
			if _, err := as(t, who, routes, "remove-saved-search", &events.SavedInput{ID: id}); err != nil {
				t.Error(err)
			}
		}
		if got := names(ann); got != nil {
			t.Errorf("left %q", got)
		}
		actions := map[string]int{}
		entries, _, err := s.AuditLog(t.Context(), store.AuditQuery{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			actions[e.Action]++
		}
		if actions["search.save"] != 2 || actions["search.remove"] != 2 {
			t.Errorf("audit %v", actions)
		}
	})
}
