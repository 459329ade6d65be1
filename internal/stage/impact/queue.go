package impact

import "cmp"

// queue is a heap of derivations: likeliest first, then soonest, then by name,
// so that the order never depends on how the model was written down.
type queue []*label

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	return cmp.Or(
		cmp.Compare(b.likelihood, a.likelihood),
		cmp.Compare(a.at, b.at),
		cmp.Compare(a.node.asset, b.node.asset),
		cmp.Compare(a.node.threat, b.node.threat),
		cmp.Compare(a.step.From, b.step.From),
		cmp.Compare(a.step.FromThreat, b.step.FromThreat),
		cmp.Compare(a.step.Rule, b.step.Rule),
	) < 0
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(*label)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}
