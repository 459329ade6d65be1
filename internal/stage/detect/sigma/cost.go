package sigma

import (
	"sync/atomic"
	"time"

	"warder/internal/stage/detect"
)

// cost is what the evaluations of one rule took, of those that were timed.
type cost struct {
	timed   atomic.Uint64
	long    atomic.Uint64 // of those, longer than detect.LongEvaluation
	nanos   atomic.Uint64
	matches atomic.Uint64 // all of them, not only those that were timed
}

// sampled is of how many events one is timed. It is a prime, so that a stream
// that repeats itself does not hide a rule.
const sampled = 61

// Costs lists what each rule that was evaluated takes: matches as counted, the
// rest estimated from a sample of the events. What is done once for all rules,
// such as reading the event and finding witnesses, is no rule's; but what a rule
// is the first to ask for is.
func (e *Engine) Costs() []detect.Cost {
	var list []detect.Cost
	for i := range e.costs {
		c := &e.costs[i]
		timed, matches := c.timed.Load(), c.matches.Load()
		if timed == 0 && matches == 0 {
			continue
		}
		list = append(list, detect.Cost{
			Rule: e.rules[i].rule.ID, Evaluations: max(timed*sampled, matches), Matches: matches,
			Spent: time.Duration(c.nanos.Load() * sampled), Timed: timed, Long: min(c.long.Load(), timed),
		})
	}
	return list
}

// try evaluates a rule.
func (s *scratch) try(r int32) {
	met := false
	if s.number%sampled == 0 {
		met = s.timed(r)
	} else {
		met = s.run(s.engine.programs[r])
	}
	if met {
		s.met = append(s.met, r)
		s.engine.costs[r].matches.Add(1)
	}
}

func (s *scratch) timed(r int32) bool {
	c, start := &s.engine.costs[r], s.engine.clock()
	met := s.run(s.engine.programs[r])
	took := max(s.engine.clock().Sub(start), 0)
	c.timed.Add(1)
	c.nanos.Add(uint64(took))
	if took > detect.LongEvaluation {
		c.long.Add(1)
	}
	return met
}
