package correlate

import (
	"slices"

	"warder/internal/flow"
)

// gravity orders threats by how grave they are at the same severity: first what
// endangers people, then what harms care, then what may lead there.
func gravity(t flow.Threat) int {
	order := []flow.Threat{
		flow.ThreatFire, flow.ThreatSmoke, flow.ThreatManipulation, flow.ThreatTheft, flow.ThreatIntruder,
		flow.ThreatFlood, flow.ThreatLost, flow.ThreatMalware, flow.ThreatCompromise, flow.ThreatExfiltration,
		flow.ThreatForcedDoor, flow.ThreatTamper, flow.ThreatDenial, flow.ThreatBadgeMisuse, flow.ThreatCredential,
		flow.ThreatHot, flow.ThreatCold, flow.ThreatGlass, flow.ThreatDegraded, flow.ThreatScan, flow.ThreatPhishing,
		flow.ThreatCrowd, flow.ThreatLoitering, flow.ThreatHeldDoor, flow.ThreatHumid, flow.ThreatNoise,
		flow.ThreatPolicyViolation, flow.ThreatPipeline, flow.ThreatSourceSilent,
	}
	if i := slices.Index(order, t); i >= 0 {
		return len(order) - i
	}
	return 0
}

// domain tells which world a threat belongs to.
func domain(a *flow.Alert) string {
	switch {
	case a.Detector == "health":
		return "health"
	case a.Threat.Cyber():
		return "cyber"
	}
	return "physical"
}

func graver(a, b flow.Severity) flow.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}
