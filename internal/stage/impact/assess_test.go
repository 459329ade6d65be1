package impact

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// theatre is a hospital with a redundant supply: two UPSs of which one must
// hold feed a board, the board feeds a theatre, the theatre a care service.
func theatre() *hospital.Model {
	return &hospital.Model{
		Name: "theatre", TimeZone: "UTC",
		Assets: []hospital.Asset{
			{ID: "ups-1", Kind: hospital.UPS, Name: "UPS 1"}, {ID: "ups-2", Kind: hospital.UPS, Name: "UPS 2"},
			{ID: "board", Kind: hospital.Power, Name: "Board"}, {ID: "theatre", Kind: hospital.Room, Name: "Theatre"},
			{ID: "surgery", Kind: hospital.CareService, Name: "Surgery", Place: "zz-site", Criticality: 5},
			{ID: "dentist", Kind: hospital.CareService, Name: "Dentist", Place: "zz-site"},
		},
		Dependencies: []hospital.Dependency{
			{From: "ups-1", To: "board", Relation: hospital.Supplies, Group: "ups", Need: 1, Autonomy: time.Minute},
			{From: "ups-2", To: "board", Relation: hospital.Supplies, Group: "ups", Need: 1, Autonomy: time.Minute},
			{From: "board", To: "theatre", Relation: hospital.Supplies, Autonomy: 10 * time.Minute},
			{From: "theatre", To: "surgery", Relation: hospital.Supplies, Likelihood: 0.5},
		},
	}
}

func find(a flow.Assessment, asset string, threat flow.Threat) (flow.Impact, bool) {
	i := slices.IndexFunc(a.Impacts, func(i flow.Impact) bool { return i.Asset == asset && i.Threat == threat })
	if i < 0 {
		return flow.Impact{}, false
	}
	return a.Impacts[i], true
}

func TestRedundantSupply(t *testing.T) {
	e, s := shippedEngine(t), snapshotOf(theatre())
	one := e.Assess(s, []flow.Affected{at("ups-1 lost", epoch)}, nil, epoch)
	if im, ok := find(one, "board", flow.ThreatLost); ok {
		t.Errorf("one UPS takes the board: %+v", im)
	}
	both := e.Assess(s, []flow.Affected{at("ups-1 lost", epoch), at("ups-2 lost", epoch.Add(time.Hour))}, nil, epoch)
	im, ok := find(both, "surgery", flow.ThreatLost)
	if !ok || im.Likelihood != 0.5 || im.ArrivesAt != "2026-03-01T10:11:00Z" {
		t.Errorf("surgery: %+v", im)
	}
	if len(both.Services) != 1 || both.Services[0].HarmAt != im.ArrivesAt || both.Services[0].Severity != flow.SeverityCritical {
		t.Errorf("services: %+v", both.Services)
	}
	if why := im.Path[0].Why; why.Code != "impact.why-redundant" || why.Params["falls"] != "2" {
		t.Errorf("why: %+v", why)
	}
}

func TestVerdicts(t *testing.T) {
	e, s := shippedEngine(t), snapshotOf(theatre())
	start := []flow.Affected{at("board lost", epoch)}
	refuted := e.Assess(s, start, []flow.Affected{{Asset: "theatre", Threat: flow.ThreatLost, Verdict: flow.VerdictRefuted, Since: epoch}}, epoch)
	if _, ok := find(refuted, "theatre", flow.ThreatLost); ok || len(refuted.Services) > 0 {
		t.Errorf("what was refuted passes on: %+v", refuted.Services)
	}
	later := epoch.Add(5 * time.Minute)
	confirmed := e.Assess(s, start, []flow.Affected{{Asset: "surgery", Threat: flow.ThreatLost, Verdict: flow.VerdictConfirmed, Since: later}}, epoch)
	im, ok := find(confirmed, "surgery", flow.ThreatLost)
	if !ok || im.Likelihood != 1 || im.Delay != 0 || im.Verdict != flow.VerdictConfirmed || im.ArrivesAt != later.Format(time.RFC3339) {
		t.Errorf("what was confirmed: %+v", im)
	}
	wrong := e.Assess(s, start, []flow.Affected{{Asset: "board", Threat: flow.ThreatLost, Verdict: flow.VerdictRefuted, Since: epoch}}, epoch)
	if len(wrong.Impacts) != 0 {
		t.Errorf("a refuted start: %+v", wrong.Impacts)
	}
}

func TestBrokenProtectionDoesNotCount(t *testing.T) {
	m := &hospital.Model{
		Name: "doors", TimeZone: "UTC",
		Assets: []hospital.Asset{
			{ID: "a", Kind: hospital.Room, Name: "A"}, {ID: "fire-door", Kind: hospital.Door, Name: "Fire door"},
			{ID: "b", Kind: hospital.Room, Name: "B", Protections: []hospital.Protection{{Against: flow.ThreatFire, Degree: 1, By: []string{"fire-door"}}}},
		},
		Dependencies: []hospital.Dependency{{From: "a", To: "b", Relation: hospital.LeadsTo}},
	}
	e, s := shippedEngine(t), snapshotOf(m)
	closed := e.Assess(s, []flow.Affected{at("a fire", epoch)}, nil, epoch)
	want := []flow.Barrier{{From: "a", To: "b", Threat: flow.ThreatFire, Protection: []string{"fire-door"}, Degree: 1}}
	if diff := cmp.Diff(want, closed.Barriers); diff != "" {
		t.Errorf("barriers (-want +got):\n%s", diff)
	}
	open := e.Assess(s, []flow.Affected{at("a fire", epoch), at("fire-door held-door", epoch)}, nil, epoch)
	if _, ok := find(open, "b", flow.ThreatFire); !ok {
		t.Error("a fire door that is held open stops the fire")
	}
}

func TestGaps(t *testing.T) {
	e, s := shippedEngine(t), snapshotOf(theatre())
	starts := []flow.Affected{at("nobody-knows fire", epoch), at("board source-silent", epoch), at("dentist lost", epoch)}
	a := e.Assess(s, starts, nil, epoch)
	var got []string
	for _, g := range a.NotModelled {
		got = append(got, g.Code+" "+g.Params["asset"]+g.Params["threat"])
	}
	want := []string{"impact.gap-threat source-silent", "impact.gap-isolated Dentist", "impact.gap-unknown-asset nobody-knows", "impact.gap-power Dentist"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

func TestSameInputSameAssessment(t *testing.T) {
	e, model := shippedEngine(t), built(t, referenceModel(t))
	var first []byte
	for range 3 {
		b, err := json.Marshal(e.Assess(model, []flow.Affected{at("a-r-e2014 fire", epoch), at("a-app-schedule manipulation", epoch)}, nil, epoch))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if string(b) != string(first) {
			t.Fatal("two assessments of one input differ")
		}
	}
}
