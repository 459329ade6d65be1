package correlate

import (
	"fmt"
	"testing"
	"time"

	"warder/internal/flow"
)

const (
	high = flow.SeverityHigh
	low  = flow.SeverityLow
	info = flow.SeverityInfo
)

// TestJoining says which alerts are one story, and why.
func TestJoining(t *testing.T) {
	s := corridor(t, 20)
	live := func(id string, refs ...string) flow.Alert { return alert(id, flow.ThreatFire, high, 0, refs...) }
	later := func(id string, d time.Duration, refs ...string) flow.Alert {
		return alert(id, flow.ThreatFire, high, d, refs...)
	}
	exercise := live("b", "pc-0")
	exercise.Exercise = "ex"
	silent := func(id, source string) flow.Alert {
		a := alert(id, flow.ThreatSourceSilent, high, 0, "pc-0")
		a.Detector, a.Source = "health", source
		return a
	}
	for _, c := range []struct {
		name   string
		alerts []flow.Alert
		want   string
		reason string // of the last alert
	}{
		{"same asset", []flow.Alert{live("a", "pc-0"), live("b", "pc-0")}, "a b", "join.asset"},
		{"same person by badge and logon", []flow.Alert{live("a", "pc-0", "@user:HOSP\\M.Rossi"), live("b", "pc-9", "@person:m.rossi")}, "a b", "join.actor"},
		{"same outside address", []flow.Alert{live("a", "pc-0", "@ip:198.51.100.7"), live("b", "pc-9", "@ip:198.51.100.7")}, "a b", "join.actor"},
		{"service account", []flow.Alert{live("a", "pc-0", "@user:svc-backup"), live("b", "pc-9", "@user:svc-backup")}, "a | b", "join.first"},
		{"computer account", []flow.Alert{live("a", "pc-0", "@user:PC-0$"), live("b", "pc-9", "@user:PC-0$")}, "a | b", "join.first"},
		{"inside address of a computer", []flow.Alert{live("a", "room-0", "@ip:10.0.0.250"), live("b", "room-9", "@ip:10.0.0.250")}, "a b", "join.actor"},
		{"room and what stands in it", []flow.Alert{live("a", "room-0"), live("b", "pc-0")}, "a b", "join.near"},
		{"camera in the room", []flow.Alert{live("a", "pc-0"), live("b", "place:room-0")}, "a b", "join.near"},
		{"next room", []flow.Alert{live("a", "pc-0"), live("b", "pc-1")}, "a b", "join.near"},
		{"rooms apart", []flow.Alert{live("a", "pc-0"), live("b", "pc-5")}, "a | b", "join.first"},
		{"concrete wall", []flow.Alert{live("a", "room-9"), live("b", "room-10")}, "a | b", "join.first"},
		{"hub switch", []flow.Alert{live("a", "switch"), live("b", "switch")}, "a | b", "join.first"},
		{"hub corridor", []flow.Alert{live("a", "hall"), live("b", "place:hall")}, "a | b", "join.first"},
		{"same floor", []flow.Alert{live("a", "pc-0", "place:floor"), live("b", "pc-5", "place:floor")}, "a | b", "join.first"},
		{"same network", []flow.Alert{live("a", "pc-0", "lan"), live("b", "pc-5", "lan")}, "a | b", "join.first"},
		{"same panel saw it", []flow.Alert{live("a", "room-0", "observer:panel"), live("b", "room-5", "observer:panel")}, "a | b", "join.first"},
		{"too late", []flow.Alert{live("a", "pc-0"), later("b", 3*time.Hour, "pc-0")}, "a | b", "join.first"},
		{"late but not too late", []flow.Alert{live("a", "pc-0"), later("b", -90*time.Minute, "pc-0")}, "a b", "join.asset"},
		{"exercise and live", []flow.Alert{live("a", "pc-0"), exercise}, "a | b", "join.first"},
		{"health and hospital", []flow.Alert{live("a", "pc-0"), silent("b", "fire")}, "a | b", "join.first"},
		{"same silent source", []flow.Alert{silent("a", "fire"), silent("b", "fire")}, "a b", "join.source"},
		{"two silent sources", []flow.Alert{silent("a", "fire"), silent("b", "doors")}, "a | b", "join.first"},
		{"unknown asset", []flow.Alert{live("a", "ghost"), live("b", "ghost")}, "a | b", "join.first"},
		{"one alert ties two stories", []flow.Alert{live("a", "pc-0"), live("b", "pc-5"), live("c", "pc-0", "pc-5")}, "a b c", "join.asset"},
		{"nearness ties no stories", []flow.Alert{live("a", "pc-0"), live("b", "pc-2"), live("c", "pc-1")}, "a c | b", "join.near"},
		{"quiet alert waits", []flow.Alert{alert("a", flow.ThreatNoise, low, 0, "pc-0")}, "waiting: a", ""},
		{"quiet alert joins", []flow.Alert{live("a", "pc-0"), alert("b", flow.ThreatNoise, info, 0, "pc-0")}, "a b", "join.asset"},
		{"quiet alert is not joined by nearness", []flow.Alert{live("a", "pc-0"), alert("b", flow.ThreatNoise, low, 0, "pc-1")}, "a | waiting: b", ""},
		{"waiting alert is taken up", []flow.Alert{alert("a", flow.ThreatNoise, low, 0, "pc-0"), live("b", "pc-0")}, "a b", "join.first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := feed(t, s, Limits{}, c.alerts...)
			if got := b.partition(); got != c.want {
				t.Errorf("partition %q, want %q", got, c.want)
			}
			last := b.joins[c.alerts[len(c.alerts)-1].ID]
			if last.Reason.Code != c.reason {
				t.Errorf("reason %q, want %q", last.Reason.Code, c.reason)
			}
		})
	}
}

func TestReasonsNameWhatIsShared(t *testing.T) {
	s := corridor(t, 5)
	b := feed(t, s, Limits{}, alert("a", flow.ThreatFire, high, 0, "room-1"), alert("b", flow.ThreatFire, high, 0, "pc-2"))
	r := b.joins["b"].Reason
	if r.Params["asset"] != "pc-2" || r.Params["with"] != "ROOM-1" || r.Params["with_id"] != "room-1" || r.Params["distance"] != "1" {
		t.Errorf("reason: %+v", r)
	}
}

// TestQuietAlertsOpenTogether needs several low alerts about one thing; info
// never opens anything.
func TestQuietAlertsOpenTogether(t *testing.T) {
	s := corridor(t, 3)
	var lows, infos []flow.Alert
	for i := range 5 {
		lows = append(lows, alert(fmt.Sprintf("a%d", i), flow.ThreatCredential, low, time.Duration(i)*time.Minute, "@user:m.rossi"))
		infos = append(infos, alert(fmt.Sprintf("a%d", i), flow.ThreatCredential, info, time.Duration(i)*time.Minute, "@user:m.rossi"))
	}
	if got := feed(t, s, Limits{}, lows[:4]...).partition(); got != "waiting: a0 a1 a2 a3" {
		t.Errorf("four: %s", got)
	}
	b := feed(t, s, Limits{}, lows...)
	if got := b.partition(); got != "a0 a1 a2 a3 a4" {
		t.Errorf("five: %s", got)
	}
	if c := b.incidents()[0]; c.Incident.Severity != low || c.Incident.Alerts != 5 {
		t.Errorf("incident: %+v", c.Incident)
	}
	if got := feed(t, s, Limits{}, infos...).partition(); got != "waiting: a0 a1 a2 a3 a4" {
		t.Errorf("info: %s", got)
	}
}

func TestTouchedIncidentsAreNotMerged(t *testing.T) {
	s := corridor(t, 10)
	k, b := correlator{limits: Limits{}.withDefaults(), model: s, now: noon}, newMemory()
	give := func(a flow.Alert) {
		if err := k.take(t.Context(), b, a); err != nil {
			t.Fatal(err)
		}
	}
	give(alert("a", flow.ThreatFire, high, 0, "pc-0"))
	give(alert("b", flow.ThreatFire, high, time.Minute, "pc-5"))
	for _, c := range b.incidents() {
		c.Touched = true
	}
	give(alert("c", flow.ThreatFire, high, 2*time.Minute, "pc-0", "pc-5"))
	if got := b.partition(); got != "a c | b" || b.notes != 1 {
		t.Errorf("both touched: %s with %d notes", got, b.notes)
	}
	give(alert("d", flow.ThreatFire, high, 0, "pc-9"))
	give(alert("e", flow.ThreatFire, high, 2*time.Minute, "pc-9", "pc-5"))
	if got := b.partition(); got != "a c d e | b" {
		t.Errorf("one touched: %s", got)
	}
}

// TestSum is what an incident says of its alerts.
func TestSum(t *testing.T) {
	s := corridor(t, 3)
	b := feed(t, s, Limits{},
		alert("b", flow.ThreatFire, flow.SeverityCritical, time.Minute, "room-1"),
		alert("a", flow.ThreatScan, high, 0, "pc-1"),
		alert("c", flow.ThreatTheft, high, 2*time.Minute, "pc-1"))
	in := b.incidents()[0].Incident
	if in.Type != flow.ThreatFire || in.Severity != flow.SeverityCritical || in.Place != "room-1" || in.Site != "site" || in.Alerts != 3 {
		t.Errorf("incident: %+v", in)
	}
	if in.Title.Code != "incident.title.fire" || in.Title.Params["place"] != "ROOM-1" {
		t.Errorf("title: %+v", in.Title)
	}
	if fmt.Sprint(in.Domains) != "[cyber physical]" {
		t.Errorf("domains: %v", in.Domains)
	}
	if len(in.Assets) != 3 || in.Assets[0].Asset != "pc-1" || in.Assets[0].Threat != flow.ThreatScan {
		t.Errorf("assets: %+v", in.Assets)
	}
}

func TestOutlookRaisesSeverity(t *testing.T) {
	a := flow.Assessment{
		Starts:  []flow.Affected{{Asset: "room"}},
		Impacts: []flow.Impact{{Asset: "room"}, {Asset: "ups"}, {Asset: "ups", Threat: flow.ThreatSmoke}},
		Services: []flow.ServiceImpact{
			{Service: "icu", State: flow.ThreatDegraded, Likelihood: 0.2, TimeToHarm: 60, Severity: flow.SeverityCritical},
			{Service: "icu", State: flow.ThreatLost, Likelihood: 0.5, TimeToHarm: 600, Severity: high},
			{Service: "lab", State: flow.ThreatLost, Likelihood: 0.9, TimeToHarm: 1e6, Severity: flow.SeverityCritical},
		},
	}
	if got := raised(&a); got != high {
		t.Errorf("raised to %s: unlikely and distant harm counts", got)
	}
	if o := outlook(&a); o.Assets != 1 || o.Services != 2 || o.Next != "icu" || o.NextState != flow.ThreatDegraded {
		t.Errorf("outlook: %+v", o)
	}
}
