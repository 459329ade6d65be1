package impact

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// impacts lists every node that was reached, soonest first.
func (w *wave) impacts() []flow.Impact {
	out := make([]flow.Impact, 0, len(w.reached))
	for n, front := range w.reached {
		best := front[0]
		out = append(out, flow.Impact{
			Asset: n.asset, Threat: n.threat, Likelihood: best.likelihood,
			Delay: best.delay().Seconds(), Severity: w.severity(n), Path: best.path(),
			Verdict: w.verdicts[n], ArrivesAt: w.moment(best.at),
		})
	}
	slices.SortFunc(out, func(a, b flow.Impact) int {
		return cmp.Or(
			cmp.Compare(w.arrival(a.Asset, a.Threat), w.arrival(b.Asset, b.Threat)),
			cmp.Compare(b.Likelihood, a.Likelihood),
			cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Threat, b.Threat))
	})
	return out
}

// services lists the care services that suffer. One that is first degraded and
// later lost is listed for both; one that is lost at least as soon as it is
// degraded is listed as lost only.
func (w *wave) services() []flow.ServiceImpact {
	out := []flow.ServiceImpact{}
	for n, front := range w.reached {
		a, _ := w.snap.Asset(n.asset)
		if a.Kind != hospital.CareService || n.threat != flow.ThreatDegraded && n.threat != flow.ThreatLost {
			continue
		}
		if n.threat == flow.ThreatDegraded && w.lostBy(n.asset, front[0]) {
			continue
		}
		best := front[0]
		out = append(out, flow.ServiceImpact{
			Service: n.asset, State: n.threat, Likelihood: best.likelihood, TimeToHarm: best.delay().Seconds(),
			HarmAt: w.moment(best.at), Severity: w.severity(n), Path: best.path(),
		})
	}
	slices.SortFunc(out, func(a, b flow.ServiceImpact) int {
		return cmp.Or(
			cmp.Compare(w.arrival(a.Service, a.State), w.arrival(b.Service, b.State)),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.State, b.State))
	})
	return out
}

// arrival is when the best derivation of a node arrives.
func (w *wave) arrival(asset string, t flow.Threat) time.Duration {
	return w.reached[node{asset, t}][0].at
}

func (w *wave) lostBy(service string, degraded *label) bool {
	lost, ok := w.reached[node{service, flow.ThreatLost}]
	return ok && lost[0].at <= degraded.at && lost[0].likelihood >= degraded.likelihood
}

func (w *wave) barriers() []flow.Barrier {
	return slices.SortedFunc(maps.Values(w.stopped), func(a, b flow.Barrier) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Threat, b.Threat))
	})
}

// delay counts from the start that the derivation comes from.
func (l *label) delay() time.Duration { return l.at - l.root.at }

func (l *label) path() []flow.Step {
	steps := []flow.Step{}
	for ; l.parent != nil; l = l.parent {
		steps = append(steps, l.step)
	}
	slices.Reverse(steps)
	return steps
}

func (w *wave) moment(at time.Duration) string {
	return w.epoch.Add(at).UTC().Format(time.RFC3339)
}

// severity says how bad an impact is if it comes; how likely it is stays a
// number of its own.
func (w *wave) severity(n node) flow.Severity {
	a, _ := w.snap.Asset(n.asset)
	rank := weight(a) + gravity(n.threat)
	if a.Kind == hospital.CareService {
		rank++
	}
	return []flow.Severity{
		flow.SeverityInfo, flow.SeverityLow, flow.SeverityMedium, flow.SeverityHigh, flow.SeverityCritical,
	}[max(0, min(4, rank))]
}

// weight is an asset's criticality from 0 to 3.
func weight(a *hospital.Asset) int {
	switch a.Criticality {
	case 1:
		return 0
	case 2, 3, 0:
		return 1
	case 4:
		return 2
	}
	return 3
}

// gravity is what a threat adds to the weight of what it hits.
func gravity(t flow.Threat) int {
	switch t {
	case flow.ThreatFire:
		return 2
	case flow.ThreatSmoke, flow.ThreatFlood, flow.ThreatIntruder, flow.ThreatTheft, flow.ThreatCompromise,
		flow.ThreatMalware, flow.ThreatExfiltration, flow.ThreatManipulation, flow.ThreatLost:
		return 1
	}
	return 0
}
