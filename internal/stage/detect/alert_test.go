package detect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

func roles(a flow.Alert) string {
	var list []string
	for _, r := range a.Assets {
		list = append(list, r.ID+"/"+string(r.Role))
	}
	return strings.Join(list, " ")
}

func TestWhomTheThreatIsOn(t *testing.T) {
	ref := func(id string, role flow.Role) flow.AssetRef { return flow.AssetRef{ID: id, Role: role} }
	door, reader, room := ref("door", flow.RoleTarget), ref("reader", flow.RoleObserver), ref("room", flow.RolePlace)
	origin := ref("pc", flow.RoleOrigin)
	for _, c := range []struct {
		asset flow.Role
		refs  []flow.AssetRef
		want  string
	}{
		{flow.RoleTarget, []flow.AssetRef{door, reader, room}, "door/target reader/observer room/place"},
		{flow.RolePlace, []flow.AssetRef{door, reader, room}, "room/target door/observer reader/observer"},
		{flow.RoleObserver, []flow.AssetRef{door, reader, room}, "reader/target door/observer room/place"},
		{flow.RoleTarget, []flow.AssetRef{reader, room}, "room/target reader/observer"},
		{flow.RoleTarget, []flow.AssetRef{origin}, "pc/target"},
		{flow.RoleTarget, []flow.AssetRef{reader}, "reader/observer"}, // a panel does not burn
		{flow.RolePlace, []flow.AssetRef{ref("room", flow.RoleTarget), reader}, "room/target reader/observer"},
		{flow.RoleOrigin, []flow.AssetRef{ref("srv", flow.RoleTarget), origin}, "pc/target srv/observer"},
		{flow.RoleTarget, nil, ""},
	} {
		a := detect.NewAlert(&detect.Rule{ID: "r", Asset: c.asset}, &flow.Event{ID: "e", Assets: c.refs})
		if got := roles(a); got != c.want {
			t.Errorf("%s of %v: %s, want %s", c.asset, c.refs, got, c.want)
		}
	}
}

func TestActors(t *testing.T) {
	ev := func(pairs ...string) *flow.Event {
		e := &flow.Event{ID: "e", Attributes: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			e.Attributes[pairs[i]] = pairs[i+1]
		}
		return e
	}
	known := ev(flow.AttrSourceIP, "10.0.0.1")
	known.Assets = []flow.AssetRef{{ID: "pc", Role: flow.RoleOrigin, By: flow.ByIP, Value: "10.0.0.1"}}
	for want, e := range map[string]*flow.Event{
		"user:m.rossi badge:b1": ev(flow.AttrPerson, "M.Rossi", flow.AttrUser, "m.rossi", flow.AttrBadge, "B1"),
		"user:l.garnier":        ev(flow.AttrRecipient, "L.Garnier@hospital.example"),
		"":                      ev(flow.AttrUser, "SRV-1$"),
		"ip:198.51.100.7":       ev(flow.AttrUser, "root", flow.AttrSourceIP, "198.51.100.7"),
		"object:1.5-a":          ev(flow.AttrObjectID, "1.5-a", flow.AttrSourceIP, "127.0.0.1"),
	} {
		if got := strings.Join(detect.NewAlert(&detect.Rule{ID: "r"}, e).Actors, " "); got != want {
			t.Errorf("%v: %q, want %q", e.Attributes, got, want)
		}
	}
	if a := detect.NewAlert(&detect.Rule{ID: "r"}, known); len(a.Actors) > 0 {
		t.Errorf("an asset's address is an actor: %v", a.Actors)
	}
}

func TestAlertsAreMadeAgainTheSame(t *testing.T) {
	r := &detect.Rule{ID: "r", Title: "Title"}
	one, two := &flow.Event{ID: "e1"}, &flow.Event{ID: "e2"}
	if a, b := detect.NewAlert(r, one, two), detect.NewAlert(r, one, two); a.ID != b.ID || !strings.HasPrefix(a.ID, "al-") {
		t.Errorf("%s and %s", a.ID, b.ID)
	}
	if a, b := detect.NewAlert(r, one), detect.NewAlert(&detect.Rule{ID: "s"}, one); a.ID == b.ID {
		t.Error("two rules, one id")
	}
	if p := detect.NewAlert(r, one).Text.Params; p["title"] != "Title" || p["title_fr"] != "Title" || p["rule"] != "r" {
		t.Errorf("text: %v", p)
	}
}

func TestLargeAlertsAreBounded(t *testing.T) {
	var events []*flow.Event
	for i := range 1000 {
		events = append(events, &flow.Event{
			ID: fmt.Sprint(i), Assets: []flow.AssetRef{{ID: fmt.Sprintf("a%d", i), Role: flow.RoleTarget}},
			Attributes: map[string]string{flow.AttrUser: fmt.Sprintf("u%d", i)},
		})
	}
	a := detect.NewAlert(&detect.Rule{ID: "r"}, events...)
	if len(a.Events) != 200 || a.Events[0] != "0" || a.Events[199] != "999" || len(a.Assets) != 50 || len(a.Actors) != 20 {
		t.Errorf("%d events, %d assets, %d actors", len(a.Events), len(a.Assets), len(a.Actors))
	}
	if a.Assets[0].ID != "a999" {
		t.Errorf("the newest asset is not first: %v", a.Assets[0])
	}
}

func TestLookup(t *testing.T) {
	ev := &flow.Event{
		Category: flow.CategoryFire, Action: "fire.alarm", Site: "s",
		Attributes: map[string]string{flow.AttrUser: "u", flow.AttrMessage: "cut"},
		Original:   map[string]any{"message": "whole", "a": map[string]any{"b.c": map[string]any{"d": 3.0}}, "x": nil, "l": []any{"1", "2"}},
		Assets:     []flow.AssetRef{{ID: "room", Role: flow.RoleTarget}},
	}
	for name, want := range map[string]any{
		"event.category": "fire", "event.action": "fire.alarm", "event.site": "s", "asset.target": "room",
		flow.AttrUser: "u", "message": "whole", "a.b.c.d": 3.0, "x": nil,
	} {
		if got, ok := detect.Lookup(ev, ev.Scopes(), name); !ok || got != want {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
	for _, name := range []string{"asset.place", "nothing", "a.b", "event.source"} {
		if got, ok := detect.Lookup(ev, ev.Scopes(), name); ok {
			t.Errorf("%s: %v", name, got)
		}
	}
	if detect.FieldText(ev, "l") != "1" {
		t.Error("of a list the first element is the text")
	}
}

func TestHitsCarryWhatIsCounted(t *testing.T) {
	ev := &flow.Event{ID: "e", Raw: []byte("raw"), Original: map[string]any{"SourceIp": "10.0.0.1", "n": 5.0}, Attributes: map[string]string{"a": "b"}}
	hit := detect.NewHit("r", ev, []detect.Field{{"SourceIp"}, {"n"}, {"absent"}, {"a"}})
	if hit.Event.Raw != nil || hit.Event.Original != nil || hit.Event.Attributes["SourceIp"] != "10.0.0.1" || hit.Event.Attributes["n"] != "5" {
		t.Errorf("hit: %+v", hit)
	}
	if len(ev.Attributes) != 1 || ev.Original == nil {
		t.Error("the event itself changed")
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		op   string
		met  []float64
		fail []float64
	}{
		{"gt", []float64{6}, []float64{5}}, {"gte", []float64{5}, []float64{4}}, {"lt", []float64{4}, []float64{5}}, {"lte", []float64{5}, []float64{6}},
		{"eq", []float64{5}, []float64{4}}, {"neq", []float64{4}, []float64{5}}, {"what", nil, []float64{5}},
	} {
		b := detect.Bound{Op: c.op, Value: 5}
		if !slices.ContainsFunc(c.met, b.Holds) && len(c.met) > 0 || slices.ContainsFunc(c.fail, b.Holds) {
			t.Errorf("%s is wrong", c.op)
		}
	}
}
