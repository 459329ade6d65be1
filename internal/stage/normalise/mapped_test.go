package normalise

import (
	"strings"
	"testing"

	"warder/internal/flow"
	"warder/internal/hospital"
)

func TestWebhookMapping(t *testing.T) {
	m := Mapping{
		Name: "nurse-call", Category: "medical", ActionPath: "event.type", Action: "call.other", Time: "event.at",
		Actions: []Action{{From: "CALL", To: "call.opened"}},
		Fields: []Field{
			{Attribute: flow.AttrMessage, Path: "event.text"}, {Attribute: flow.AttrProduct, Value: "nurse-call"},
			{Attribute: flow.AttrCameraZone, Path: "event.zones"},
		},
		Assets: []Named{{Kind: "door", Path: "where.0.door"}, {Kind: "ip", Path: "from", Role: "origin"}, {Kind: "hostname", Path: "@channel/-2", Role: "observer"}},
	}
	if errs := (Config{Mappings: []Mapping{m}}).Validate(); len(errs) > 0 {
		t.Fatal(errs)
	}
	n := New(hospital.NewHolder(smallHospital(t)), ByName([]Mapping{m}))
	event := func(data string) flow.Event {
		return n.Event(flow.RecordID{Writer: "w"}, flow.Raw{
			Format: flow.FormatWebhook, Mapping: "nurse-call", Channel: "calls/srv-schedule/7", Received: accepted, Data: []byte(data),
		})
	}
	ev := event(`{"event":{"type":"CALL","at":1795341540,"text":"Room 7","zones":["a b","c"]},"where":[{"door":"d-a2-014"}],"from":"10.9.9.9"}`)
	if ev.Category != flow.CategoryMedical || ev.Action != "call.opened" || ev.Attributes[flow.AttrMessage] != "Room 7" {
		t.Errorf("event: %+v", ev)
	}
	if ev.Time.Unix() != 1795341540 || ev.Attributes[flow.AttrProduct] != "nurse-call" || ev.Attributes[flow.AttrCameraZone] != "a_b c" {
		t.Errorf("event: %+v", ev)
	}
	if got := strings.Join(refs(ev), "; "); got != "d-pharmacy is target by door d-a2-014; srv is observer by hostname srv-schedule; r-pharmacy is place by door d-a2-014" {
		t.Errorf("assets: %s", got)
	}
	if got := strings.Join(unknown(ev), "; "); got != "ip 10.9.9.9" {
		t.Errorf("unknown: %s", got)
	}
	if ev := event(`{"event":{"type":"TEST"}}`); ev.Action != "call.other" || !ev.Time.Equal(accepted) {
		t.Errorf("fallbacks: %+v", ev)
	}
}

func TestUnknownMapping(t *testing.T) {
	ev := normaliser(t).Event(flow.RecordID{Writer: "w"}, flow.Raw{Format: flow.FormatWebhook, Mapping: "none", Received: accepted, Data: []byte("{}")})
	if !strings.Contains(ev.ParseError, `mapping "none" is not configured`) {
		t.Error(ev.ParseError)
	}
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	good := Mapping{Name: "m", Category: "sensor"}
	with := func(change func(*Mapping)) Mapping {
		m := good
		change(&m)
		return m
	}
	for want, m := range map[string]Mapping{
		"name: want a word":                    with(func(m *Mapping) { m.Name = "a b" }),
		"category: \"sensors\" is none of":     with(func(m *Mapping) { m.Category = "sensors" }),
		"actions: want action_path":            with(func(m *Mapping) { m.Actions = []Action{{"a", "b"}} }),
		"fields[0]: want either path or value": with(func(m *Mapping) { m.Fields = []Field{{Attribute: "message"}} }),
		"is not in the vocabulary":             with(func(m *Mapping) { m.Fields = []Field{{Attribute: "mesage", Path: "x"}} }),
		"assets[0]: want kind and path":        with(func(m *Mapping) { m.Assets = []Named{{Kind: "ip"}} }),
		"assets[0].role: \"place\" is none of": with(func(m *Mapping) { m.Assets = []Named{{Kind: "ip", Path: "x", Role: "place"}} }),
		"quantities[0]: want path, and either": with(func(m *Mapping) { m.Quantities = []Quantity{{Path: "x"}} }),
	} {
		errs := Config{Mappings: []Mapping{m}}.Validate()
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("want %q, have %v", want, errs)
		}
	}
	if errs := (Config{Mappings: []Mapping{good, good}}).Validate(); len(errs) != 1 {
		t.Errorf("a name used twice: %v", errs)
	}
}
