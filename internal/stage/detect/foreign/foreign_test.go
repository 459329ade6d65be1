package foreign

import (
	"os"
	"slices"
	"testing"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

func table(t *testing.T) Table {
	tb, err := Read(os.DirFS("../../../../content"), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

func alert(signature, class, severity string) *flow.Event {
	return &flow.Event{
		ID: "e", Format: flow.FormatSuricata, Category: flow.CategoryNetwork, Action: "network.alert",
		Attributes: map[string]string{
			flow.AttrSignature: signature, flow.AttrForeignClass: class, flow.AttrForeignLevel: severity, flow.AttrSignatureID: "7",
		},
	}
}

func TestSuricata(t *testing.T) {
	d := New(table(t))
	for _, c := range []struct {
		signature, class, severity string
		threat                     flow.Threat
		level                      flow.Severity
	}{
		{"ET SCAN NMAP -sS window 1024", "Attempted Information Leak", "2", flow.ThreatScan, flow.SeverityMedium},
		{"ET MALWARE Cobalt Strike Beacon", "A Network Trojan was detected", "1", flow.ThreatMalware, flow.SeverityHigh},
		{"GPL WEB_SERVER x", "Web Application Attack", "1", flow.ThreatCompromise, flow.SeverityHigh},
		{"something", "A class nobody knows", "3", flow.ThreatCompromise, flow.SeverityLow},
		{"something", "Potential Corporate Privacy Violation", "", flow.ThreatPolicyViolation, flow.SeverityLow},
	} {
		ev := alert(c.signature, c.class, c.severity)
		found := d.Match(ev)
		if len(found) != 1 || !found[0].Count || found[0].Alert {
			t.Errorf("%s: %+v", c.signature, found)
			continue
		}
		r := d.suricata(ev)
		if r.Threat != c.threat || r.Severity != c.level || r.ID != "suricata:7" || r.Title != c.signature {
			t.Errorf("%s: %+v", c.signature, r)
		}
	}
	if found := d.Match(alert("SURICATA STREAM", "generic protocol command decode", "3")); found != nil {
		t.Errorf("decoder noise is an alert: %+v", found)
	}
	if found := d.Match(&flow.Event{Format: flow.FormatSuricata, Action: "network.dns"}); found != nil {
		t.Errorf("a name lookup is an alert: %+v", found)
	}
}

func TestFrigate(t *testing.T) {
	d := New(table(t))
	review := func(action, state, label string) *flow.Event {
		return &flow.Event{Format: flow.FormatFrigate, Action: action, Attributes: map[string]string{
			flow.AttrReviewState: state, flow.AttrObjectLabel: label, flow.AttrReviewID: "r1",
		}}
	}
	if found := d.Match(review("review.alert", "new", "person")); len(found) != 1 || d.frigate(review("review.alert", "new", "car fire")).Threat != flow.ThreatFire {
		t.Errorf("a review alert: %+v", found)
	}
	for _, ev := range []*flow.Event{review("review.detection", "new", "person"), review("review.alert", "end", "person"), review("object.seen", "", "person")} {
		if found := d.Match(ev); found != nil {
			t.Errorf("%s %v: %+v", ev.Action, ev.Attributes, found)
		}
	}
}

// TestTable keeps the table's words among those that the program knows.
func TestTable(t *testing.T) {
	tb := table(t)
	threats := []flow.Threat{tb.Suricata.Default, tb.Frigate.Default}
	for _, w := range tb.Suricata.Words {
		threats = append(threats, w.Threat)
	}
	for _, m := range []map[string]flow.Threat{tb.Suricata.Classes, tb.Frigate.Labels} {
		for _, threat := range m {
			threats = append(threats, threat)
		}
	}
	for _, threat := range threats {
		if !slices.Contains(flow.Threats(), threat) {
			t.Errorf("%q is no threat", threat)
		}
	}
	for level, s := range tb.Suricata.Severities {
		if s.Rank() < 0 {
			t.Errorf("severity %s: %q is none", level, s)
		}
	}
	d := New(tb)
	for _, c := range d.Correlations() {
		if c.Window <= 0 || len(c.GroupBy) == 0 || c.Describe == nil || c.Type != detect.EventCount {
			t.Errorf("correlation %+v", c)
		}
	}
}
