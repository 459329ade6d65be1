package impact

import (
	"container/heap"
	"slices"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// groupKey names the redundant suppliers of one consumer, for one harm.
type groupKey struct {
	node  node
	group string // the model's group, or the lone supplier
}

// group counts which suppliers have fallen.
type group struct {
	falls  int // how many must fall for the consumer to fall
	fallen map[string]time.Duration
	latest time.Duration // when the consumer falls, by what was settled so far
	down   bool
}

// seat is a supplier's place in a group.
type seat struct {
	group    *group
	supplier string
}

func (w *wave) seat(n node, d hospital.Dependency) *seat {
	k := groupKey{node: n, group: "group:" + d.Group}
	if d.Group == "" {
		k.group = "alone:" + d.From
	}
	g, ok := w.groups[k]
	if !ok {
		g = &group{falls: w.falls(d), fallen: map[string]time.Duration{}}
		w.groups[k] = g
	}
	return &seat{group: g, supplier: d.From}
}

// falls is n-k+1 for a consumer of which k of n suppliers must hold.
func (w *wave) falls(d hospital.Dependency) int {
	if d.Group == "" {
		return 1
	}
	suppliers, need := map[string]bool{}, 1
	for _, e := range w.snap.In(d.To) {
		if e.Relation == hospital.Supplies && e.Group == d.Group {
			suppliers[e.From] = true
			need = max(need, e.Need)
		}
	}
	return max(1, len(suppliers)-need+1)
}

// sit settles the fall of one supplier. The consumer falls with the last one
// that it can do without; because falls are settled likeliest first, the one
// settled now is the least likely of them and gives the consumer's likelihood.
func (w *wave) sit(l *label) {
	g, who := l.seat.group, l.seat.supplier
	if before, ok := g.fallen[who]; ok && before <= l.at {
		return
	}
	g.fallen[who] = l.at
	if len(g.fallen) < g.falls {
		return
	}
	at := nth(g.fallen, g.falls)
	if at > w.end || g.down && at >= g.latest {
		return
	}
	g.down, g.latest = true, at
	heap.Push(&w.queue, l.fall(at, g))
}

// fall turns the last supplier's fall into the consumer's: it waits for the
// others, so that the path's delays still add up.
func (l *label) fall(at time.Duration, g *group) *label {
	c := *l
	c.seat = nil
	if g.falls > 1 {
		c.at = at
		c.step.Delay = (at - l.parent.at).Seconds()
		c.step.Why = flow.Text{Code: "impact.why-redundant", Params: map[string]string{
			"from": l.step.Why.Params["from"], "to": l.step.Why.Params["to"], "falls": strconv.Itoa(g.falls),
		}}
	}
	return &c
}

func nth(fallen map[string]time.Duration, n int) time.Duration {
	times := make([]time.Duration, 0, len(fallen))
	for _, t := range fallen {
		times = append(times, t)
	}
	slices.Sort(times)
	return times[n-1]
}
