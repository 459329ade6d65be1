package impact

import (
	"slices"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// protection combines what protects an asset against a threat, as measures that
// fail independently of each other. A measure none of whose means is intact does
// not count.
func (w *wave) protection(a *hospital.Asset, t flow.Threat) (degree float64, by []string) {
	open := 1.0
	for _, p := range a.Protections {
		if p.Against != t || slices.ContainsFunc(p.By, func(id string) bool { return w.broken[id] }) {
			continue
		}
		open *= 1 - min(1, max(0, p.Degree))
		by = append(by, p.By...)
		if len(p.By) == 0 && p.Note != "" {
			by = append(by, p.Note)
		}
	}
	return 1 - open, by
}

type barrierKey struct {
	from, to string
	threat   flow.Threat
}

func (w *wave) stop(l *label, n node, by []string, degree float64) {
	k := barrierKey{l.node.asset, n.asset, n.threat}
	w.stopped[k] = flow.Barrier{From: k.from, To: k.to, Threat: k.threat, Protection: by, Degree: degree}
}
