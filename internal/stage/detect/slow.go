package detect

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/id"
)

// When a rule is slow. Costs are estimated from few timed evaluations, of which
// each may have met a pause of the machine; so there must be many, twice. Most of
// them no pause meets: a rule of which most took very long is slow at once, however
// rarely it is evaluated.
const (
	lookEvery     = 15 * time.Second
	slowMean      = time.Millisecond // per evaluation
	slowShare     = 0.25             // of the time that all rules take
	fewestTried   = 2000             // evaluations from one judgement to the next
	fewestRules   = 20               // with fewer, each has a large share by nature
	fewestTimed   = 10               // evaluations of the sample, before most of them say something
	leastTogether = time.Second      // of matching between two looks, before a share says something
)

// Coster tells what its rules take; a Matcher may be one.
type Coster interface {
	Costs() []Cost
}

// costs gathers what the rules in force take.
func (m *Module) costs() (all []Cost) {
	for _, matcher := range m.current.Load().Ruleset.Matchers {
		if c, ok := matcher.(Coster); ok {
			all = append(all, c.Costs()...)
		}
	}
	return all
}

// shares makes costs what people are shown.
func shares(costs []Cost) map[string]RuleCost {
	total := time.Duration(0)
	for _, c := range costs {
		total += c.Spent
	}
	shown := make(map[string]RuleCost, len(costs))
	for _, c := range costs {
		s := RuleCost{Evaluations: c.Evaluations, MeanMicros: float64(mean(c)) / float64(time.Microsecond)}
		if total > 0 {
			s.Share = float64(c.Spent) / float64(total)
		}
		shown[c.Rule] = s
	}
	return shown
}

func mean(c Cost) time.Duration {
	if c.Evaluations == 0 {
		return 0
	}
	return c.Spent / time.Duration(c.Evaluations)
}

// slowness judges, look after look, which rules are slow. A rule is judged by
// what it took since it was judged last, so that one that recovers is seen to,
// and is slow when two judgements in a row say so, or one finds it terrible.
type slowness struct {
	mu    sync.Mutex
	slow  map[string]bool
	doubt map[string]bool // the last judgement said so
	since map[string]Cost // where each rule stood when it was judged last
	last  map[string]Cost // where each stood at the last look
}

// verdict is a rule that became slow.
type verdict struct {
	rule  string
	mean  time.Duration
	share float64
}

// judge takes the costs of one look and returns the rules that became slow.
func (s *slowness) judge(costs []Cost) (found []verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	share := s.sharesNow(costs)
	for _, c := range costs {
		since := c.after(s.since[c.Rule])
		if since.Evaluations < fewestTried && !since.terrible() {
			continue
		}
		s.since[c.Rule] = c
		v := verdict{rule: c.Rule, mean: mean(since), share: share[c.Rule]}
		switch {
		case since.terrible():
			s.doubt[c.Rule] = true
			if !s.slow[c.Rule] {
				s.slow[c.Rule] = true
				found = append(found, v)
			}
		case v.mean <= slowMean && v.share <= slowShare:
			delete(s.slow, c.Rule)
			delete(s.doubt, c.Rule)
		case !s.doubt[c.Rule]:
			s.doubt[c.Rule] = true
		case !s.slow[c.Rule]:
			s.slow[c.Rule] = true
			found = append(found, v)
		}
	}
	return found
}

// after is what was added to an earlier cost of the rule.
func (c Cost) after(before Cost) Cost {
	return Cost{
		Rule: c.Rule, Evaluations: c.Evaluations - before.Evaluations, Matches: c.Matches - before.Matches, Spent: c.Spent - before.Spent,
		Timed: c.Timed - before.Timed, Long: c.Long - before.Long,
	}
}

// terrible tells a rule of which most evaluations take very long. It asks for the
// median: one pause of the machine makes a mean of few what it likes.
func (c Cost) terrible() bool { return c.Timed >= fewestTimed && c.Long > c.Timed/2 }

// sharesNow gives each rule's part of the time that all took since the last look;
// nothing when they took too little to say.
func (s *slowness) sharesNow(costs []Cost) map[string]float64 {
	spent := make(map[string]time.Duration, len(costs))
	total, tried := time.Duration(0), 0
	for _, c := range costs {
		d := c.Spent - s.last[c.Rule].Spent
		s.last[c.Rule] = c
		spent[c.Rule] = d
		if total += d; d > 0 {
			tried++
		}
	}
	if total < leastTogether || tried < fewestRules {
		return nil
	}
	share := make(map[string]float64, len(spent))
	for rule, d := range spent {
		share[rule] = float64(d) / float64(total)
	}
	return share
}

// forget begins anew, as other rules do.
func (s *slowness) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow, s.doubt, s.since, s.last = map[string]bool{}, map[string]bool{}, map[string]Cost{}, map[string]Cost{}
}

// rules lists the rules that are slow now.
func (s *slowness) rules() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.slow)
}

// lookForSlow raises an alert for each rule that became slow.
func (m *Module) lookForSlow(ctx context.Context) {
	pack := m.current.Load()
	for _, v := range m.slow.judge(m.costs()) {
		at := m.d.Now().UTC()
		title, titleFR := v.rule, v.rule
		if r := pack.rule(v.rule); r != nil {
			title, titleFR = r.Title, r.Title
			if r.TitleFR != "" {
				titleFR = r.TitleFR
			}
		}
		m.raise(ctx, flow.Alert{
			ID: id.Derive("al", "health/rule-slow", v.rule, at.Format(time.RFC3339Nano)), Rule: "health/rule-slow",
			Text: flow.Text{Code: "alert.rule.slow", Params: map[string]string{
				"rule": v.rule, "title": title, "title_fr": titleFR,
				"mean_us": strconv.FormatInt(v.mean.Microseconds(), 10), "share": strconv.Itoa(int(v.share*100 + 0.5)),
			}},
			Severity: flow.SeverityMedium, Time: at, Received: at, Actors: []string{"rule:" + v.rule},
		})
		m.d.Log.Warn("a rule is slow", "rule", v.rule, "title", title, "mean", v.mean, "share", v.share)
	}
}
