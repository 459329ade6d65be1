package notify

import (
	"cmp"
	"slices"
	"time"
)

// probePause is how long a receiver that fails is left alone at most while an
// urgent notice waits for it.
const probePause = 30 * time.Second

// front is the oldest waiting notice about an incident: the one of them that may
// be tried, as the notices about an incident stay in order.
type front struct {
	id     string
	seq    int64
	newest int64     // seq of the incident's newest waiting notice
	urgent bool      // one of the incident's waiting notices is
	next   time.Time // zero before the first attempt
}

func (f *front) fresh() bool { return f.next.IsZero() }

// queue decides which of the waiting notices a webhook gets next. What it knows
// of the receiver is not stored: after a restart each notice waits for its own
// time, or for the next probe.
type queue struct {
	tried  map[string]int64 // by notice that failed since the receiver last took one: the incident's newest at that time
	alive  bool             // the receiver took something since the program started
	last   time.Time        // of the last attempt
	yields bool             // the last attempt was one of an urgent notice, and failed: one of the others passes
}

// due tells whether a notice may be tried now: it is new, or its pause is over,
// or the receiver took another one after this one failed, or a newer notice
// about the same incident has come.
func (q *queue) due(f *front, now time.Time) bool {
	newest, tried := q.tried[f.id]
	return f.fresh() || !f.next.After(now) || !tried && q.alive || tried && f.newest > newest
}

// pick chooses the notice to try now; nil, and for how long to rest, when none
// is to be. Urgent ones go first, new ones before those that failed; an urgent
// one that failed lets one of the others pass.
func (q *queue) pick(fronts []front, now time.Time) (*front, time.Duration) {
	rest := idle
	var due []*front
	var probe *front
	for i := range fronts {
		f := &fronts[i]
		if q.due(f, now) {
			due = append(due, f)
			continue
		}
		rest = min(rest, f.next.Sub(now))
		if f.urgent && (probe == nil || f.next.Before(probe.next)) {
			probe = f
		}
	}
	if len(due) > 0 {
		return slices.MinFunc(due, q.order), 0
	}
	if probe == nil {
		return nil, rest
	}
	if wait := q.last.Add(probePause).Sub(now); wait > 0 {
		return nil, min(rest, wait)
	}
	return probe, 0
}

func (q *queue) order(a, b *front) int {
	return cmp.Or(cmp.Compare(q.rank(a), q.rank(b)), a.next.Compare(b.next), cmp.Compare(a.seq, b.seq))
}

func (q *queue) rank(f *front) int {
	switch {
	case f.urgent && f.fresh():
		return 0
	case f.urgent && !q.yields:
		return 1
	case f.urgent:
		return 3
	}
	return 2
}

// note takes in how an attempt went. Who refuses a notice for what it is does
// listen.
func (q *queue) note(f *front, taken bool, now time.Time) {
	q.last, q.yields = now, f.urgent && !taken
	if taken {
		q.alive = true
		clear(q.tried)
		return
	}
	if q.tried == nil {
		q.tried = map[string]int64{}
	}
	q.tried[f.id] = f.newest
}
