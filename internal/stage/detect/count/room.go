package count

import "warder/internal/flow"

// queue is the groups of a correlation, quiet longest first.
type queue struct {
	first, last *group
	bytes       int64
}

// touch moves a group to the end of its queue, and lets go of what no hit can
// meet any more at the queue's beginning.
func (p *partition) touch(g *group, ev *flow.Event, at int64) {
	g.seen = at
	if !ev.Received.IsZero() {
		g.seen = bounded(ev.Received.UnixMicro())
	}
	p.newest, p.arrived = max(p.newest, at), max(p.arrived, g.seen)
	q := &p.queues[g.corr.place]
	q.remove(g)
	q.push(g)
	for q.first != g && p.over(q.first) {
		p.leave(q.first)
	}
}

// over tells whether a group is of no use any more: by its own time and by when
// its hits came, since old records may be read today.
func (p *partition) over(g *group) bool {
	last := max(g.newest, g.fired)
	horizon := g.corr.horizon()
	return g.seen < p.arrived-horizon && (last == never || last < p.newest-horizon)
}

// shed forgets groups when there is no room: those of the correlation that holds
// the most, quiet longest first, so that a flood of one is not paid by others.
func (p *partition) shed() {
	if p.stats.Bytes <= p.budget {
		return
	}
	for enough := p.budget - p.budget/32; p.stats.Bytes > enough; {
		q := &p.queues[0]
		for i := range p.queues {
			if p.queues[i].bytes > q.bytes {
				q = &p.queues[i]
			}
		}
		if q.first == q.last {
			return // one group is all that is left
		}
		p.leave(q.first)
		p.stats.Forgotten++
	}
}

func (q *queue) push(g *group) {
	g.prev, g.next = q.last, nil
	if q.last != nil {
		q.last.next = g
	} else {
		q.first = g
	}
	q.last = g
}

func (q *queue) remove(g *group) {
	if g.prev != nil {
		g.prev.next = g.next
	} else {
		q.first = g.next
	}
	if g.next != nil {
		g.next.prev = g.prev
	} else {
		q.last = g.prev
	}
	g.prev, g.next = nil, nil
}
