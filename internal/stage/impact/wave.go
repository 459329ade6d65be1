package impact

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// wave is one computation under way.
type wave struct {
	snap     *hospital.Snapshot
	rules    *Rules
	starts   []flow.Affected
	verdicts map[node]flow.Verdict
	epoch    time.Time
	end      time.Duration   // the horizon, counted from the latest start
	broken   map[string]bool // assets that no longer protect, because they are hit themselves
	queue    queue
	reached  map[node][]*label // accepted derivations: less and less likely, sooner and sooner
	groups   map[groupKey]*group
	stopped  map[barrierKey]flow.Barrier
}

func newWave(s *hospital.Snapshot, rules *Rules, starts, verdicts []flow.Affected) *wave {
	w := &wave{
		snap: s, rules: rules, verdicts: map[node]flow.Verdict{}, broken: map[string]bool{},
		reached: map[node][]*label{}, groups: map[groupKey]*group{}, stopped: map[barrierKey]flow.Barrier{},
	}
	for _, v := range verdicts {
		w.verdicts[node{v.Asset, v.Threat}] = v.Verdict
	}
	w.begin(append(slices.Clone(starts), confirmed(verdicts)...))
	return w
}

func confirmed(verdicts []flow.Affected) []flow.Affected {
	return slices.DeleteFunc(slices.Clone(verdicts), func(v flow.Affected) bool {
		return v.Verdict != flow.VerdictConfirmed
	})
}

// begin puts the starts into the queue, each node once, from its earliest time on.
func (w *wave) begin(starts []flow.Affected) {
	slices.SortStableFunc(starts, func(a, b flow.Affected) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Threat, b.Threat))
	})
	seen := map[node]bool{}
	for _, a := range starts {
		n := node{a.Asset, a.Threat}
		if seen[n] || w.verdicts[n] == flow.VerdictRefuted {
			continue
		}
		seen[n] = true
		a.Verdict = w.verdicts[n]
		w.starts = append(w.starts, a)
	}
	if len(w.starts) == 0 {
		return
	}
	w.epoch = w.starts[0].Since
	w.end = w.starts[len(w.starts)-1].Since.Sub(w.epoch) + Horizon
	for _, a := range w.starts {
		if disarms(a.Threat) {
			w.broken[a.Asset] = true
		}
		if _, known := w.snap.Asset(a.Asset); known {
			l := &label{node: node{a.Asset, a.Threat}, likelihood: 1, at: a.Since.Sub(w.epoch)}
			l.root = l
			heap.Push(&w.queue, l)
		}
	}
}

// disarms tells whether an asset under this threat stops protecting others: a
// firewall that is compromised, a fire door that is held open.
func disarms(t flow.Threat) bool {
	switch t {
	case flow.ThreatLost, flow.ThreatCompromise, flow.ThreatForcedDoor, flow.ThreatHeldDoor, flow.ThreatTamper:
		return true
	}
	return false
}

// run settles derivations, likeliest first. Links never raise a likelihood, so
// the first derivation of a node that is taken from the queue is its best, and a
// later one matters only if it comes sooner.
func (w *wave) run() {
	for w.queue.Len() > 0 {
		l := heap.Pop(&w.queue).(*label)
		if l.seat != nil {
			w.sit(l)
			continue
		}
		if !w.accept(l) {
			continue
		}
		w.expand(l)
	}
}

func (w *wave) accept(l *label) bool {
	front := w.reached[l.node]
	if len(front) == fronts || len(front) > 0 && l.at >= front[len(front)-1].at {
		return false
	}
	w.reached[l.node] = append(front, l)
	return true
}

func (w *wave) expand(l *label) {
	asset, ok := w.snap.Asset(l.node.asset)
	if !ok {
		return
	}
	for _, r := range w.rules.on[l.node.threat] {
		if !r.From.asset(asset) {
			continue
		}
		if r.Relation == Self {
			w.pass(l, r, hospital.Dependency{From: asset.ID, To: asset.ID, Relation: Self})
			continue
		}
		w.along(l, r)
	}
}

func (w *wave) along(l *label, r *Rule) {
	edges := w.snap.Out(l.node.asset)
	if r.Against {
		edges = w.snap.In(l.node.asset)
	}
	for _, d := range edges {
		if r.Relation == "" || d.Relation == r.Relation {
			w.pass(l, r, d)
		}
	}
}

// pass carries harm over one link, unless something stops it.
func (w *wave) pass(l *label, r *Rule, d hospital.Dependency) {
	to := d.To
	if r.Against {
		to = d.From
	}
	target, ok := w.snap.Asset(to)
	if !ok || !r.To.asset(target) {
		return
	}
	n := node{to, r.Gives}
	if w.verdicts[n] == flow.VerdictRefuted || n == l.node {
		return
	}
	link := link{rule: r, edge: d, delay: r.Delay, likelihood: r.Likelihood * scale(d.Likelihood)}
	grouped := r.redundant()
	if grouped {
		link.delay += d.Autonomy
	}
	if !w.within(l, link) {
		return
	}
	degree, by := w.protection(target, r.Gives)
	if degree >= 1 {
		w.stop(l, n, by, degree)
		return
	}
	link.likelihood *= 1 - degree
	if !w.within(l, link) {
		return
	}
	next := w.follow(l, n, link)
	if grouped {
		next.seat = w.seat(n, d)
	}
	heap.Push(&w.queue, next)
}

// link is a rule applied to a dependency.
type link struct {
	rule       *Rule
	edge       hospital.Dependency
	likelihood float64
	delay      time.Duration
}

func (w *wave) within(l *label, k link) bool {
	return l.likelihood*k.likelihood >= Cutoff && l.at+k.delay <= w.end
}

func (w *wave) follow(l *label, n node, k link) *label {
	return &label{
		node: n, likelihood: l.likelihood * k.likelihood, at: l.at + k.delay, root: l.root, parent: l,
		step: flow.Step{
			From: l.node.asset, FromThreat: l.node.threat, To: n.asset, ToThreat: n.threat,
			Rule: k.rule.ID, Relation: string(k.edge.Relation),
			Likelihood: k.likelihood, Delay: k.delay.Seconds(), Why: w.why(k.rule, l.node.asset, n.asset),
		},
	}
}

func (w *wave) why(r *Rule, from, to string) flow.Text {
	return flow.Text{Code: "impact.why." + r.ID, Params: map[string]string{"from": w.name(from), "to": w.name(to)}}
}

func (w *wave) name(id string) string {
	if a, ok := w.snap.Asset(id); ok && a.Name != "" {
		return a.Name
	}
	return id
}

// scale reads a dependency's likelihood, where none is given as certain.
func scale(likelihood float64) float64 {
	if likelihood == 0 {
		return 1
	}
	return likelihood
}
