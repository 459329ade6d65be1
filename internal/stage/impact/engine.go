package impact

import (
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Engine computes what follows from the affected assets of an incident.
// Implementations are pure: they keep no state and may be called at the same time.
type Engine interface {
	// Assess works on one snapshot. Starts are what alerts and people say is hit;
	// verdicts are what people said of predictions: a confirmed one is a start
	// from its Since on, a refuted one is removed and passes nothing on.
	// Incident, its version and the time taken are the caller's to fill in.
	Assess(s *hospital.Snapshot, starts, verdicts []flow.Affected, at time.Time) flow.Assessment
}

// Limits of a computation.
const (
	// Cutoff is the likelihood below which an impact is not worth showing: 1 %.
	Cutoff = 0.01
	// Horizon is how far ahead is looked.
	Horizon = 24 * time.Hour
	// fronts is how many derivations of one impact are followed: the best, and
	// less likely ones that come sooner, which matter at the horizon and where
	// redundant suppliers fall one after the other.
	fronts = 8
)

// Spread is the engine: label-setting propagation in the order of likelihood.
type Spread struct {
	rules *Rules
}

// NewSpread returns the engine for a rule set.
func NewSpread(rules *Rules) *Spread { return &Spread{rules: rules} }

// node is a state that an asset can be in.
type node struct {
	asset  string
	threat flow.Threat
}

// label is one derivation of a node.
type label struct {
	node       node
	likelihood float64
	at         time.Duration // after the epoch, which is the earliest start
	root       *label        // the start that it comes from
	parent     *label        // nil for a start
	step       flow.Step     // from parent to node
	seat       *seat         // not nil: no node yet, but one lost supplier of a group
}

// Assess implements Engine.
func (e *Spread) Assess(s *hospital.Snapshot, starts, verdicts []flow.Affected, at time.Time) flow.Assessment {
	w := newWave(s, e.rules, starts, verdicts)
	w.run()
	return flow.Assessment{
		Model:       s.Version(),
		Computed:    at,
		Impacts:     w.impacts(),
		Services:    w.services(),
		Barriers:    w.barriers(),
		NotModelled: w.gaps(),
		Starts:      w.starts,
	}
}
