package detect

import (
	"cmp"
	"slices"
	"time"

	"warder/internal/flow"
)

// Bounds of a trial's answer and of its memory.
const (
	mostMatches = 50
	mostHits    = 50_000 // that correlations count
)

// TryResult is what rules find in the events that they were tried on.
type TryResult struct {
	Tried      int          `json:"tried" doc:"events that were looked at"`
	Matched    int          `json:"matched" doc:"matches, of all rules that were asked for"`
	Unreadable int          `json:"unreadable" doc:"records that could not be read; they meet no rule"`
	PerDay     []HitsDay    `json:"per_day" doc:"matches by the events' own time, days of the site"`
	Rules      []TriedRule  `json:"rules" doc:"each rule that matched, the one with the most matches first"`
	Matches    []TriedMatch `json:"matches" doc:"the first fifty"`
	TookMillis int64        `json:"took_ms"`
	Partial    bool         `json:"partial" doc:"there are more events than were looked at: a bound of time or number was met, or some cannot be read"`
	// Since and CountedSince say how far back a trial on stored events got.
	Since        time.Time     `json:"since,omitzero" doc:"of stored events: those at or after this time were looked at"`
	CountedSince time.Time     `json:"counted_since,omitzero" doc:"where correlations had more to count than a trial keeps: they counted events at or after this time"`
	Problems     []RuleProblem `json:"problems" doc:"rules of the files that cannot be loaded; they were not tried"`
}

// TriedRule is what one rule found.
type TriedRule struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Kind     Kind          `json:"kind" enum:"event,correlation,foreign,filter"`
	Level    string        `json:"level" doc:"as the rule says it; may be empty"`
	Severity flow.Severity `json:"severity" doc:"the rule's own, whatever was decided about it"`
	Hits     int           `json:"hits"`
	First    time.Time     `json:"first" doc:"by the events' own time"`
	Last     time.Time     `json:"last"`
	PerDay   []HitsDay     `json:"per_day"`
}

// TriedMatch is one match. Of a correlation it has the event by which the rule
// found, as counting keeps it.
type TriedMatch struct {
	Event       flow.Event   `json:"event"`
	Rule        string       `json:"rule"`
	Explanation *Explanation `json:"explanation,omitempty"`
}

// trial tries rules on events, beside the way: nothing is published, counted or
// kept, and what was decided about the rules is left out of account.
type trial struct {
	pack    *Pack
	asked   map[string]bool // rules
	explain bool
	zone    *time.Location
	out     TryResult
	stored  bool // what comes is stored events, the newest first
	most    int  // events
	found   map[string]*outcome
	// first and last are the days of the events that were tried.
	first, last int64
	dispatch    *Dispatch
	counted     map[string]bool // rules whose hits are needed
	hits        []flow.Hit
	full        bool // there is no room for more hits
	onlyCounts  bool // all rules that were asked for are correlations
}

// outcome is what a rule found so far.
type outcome struct {
	TriedRule
	days map[int64]int64 // matches
}

// newTrial tries one rule of a pack, or with an empty id all that it lists.
func newTrial(pack *Pack, rule string, zone *time.Location) *trial {
	t := &trial{pack: pack, asked: map[string]bool{}, zone: zone, found: map[string]*outcome{}, onlyCounts: true,
		out: TryResult{Matches: []TriedMatch{}}}
	for i := range pack.Ruleset.Rules {
		if r := &pack.Ruleset.Rules[i]; r.Error == "" && (rule == "" || r.ID == rule) {
			t.asked[r.ID] = true
			t.onlyCounts = t.onlyCounts && r.Kind == KindCorrelation
		}
	}
	t.need()
	return t
}

// need finds out which rules are to be counted: those that a correlation counts
// that is asked for, and what these count in turn.
func (t *trial) need() {
	correlations := map[string]*Correlation{}
	for i := range t.pack.Ruleset.Correlations {
		c := &t.pack.Ruleset.Correlations[i]
		if c.Rule.Kind == KindCorrelation {
			correlations[c.Rule.ID] = c
		}
	}
	t.counted = map[string]bool{}
	var add func(id string)
	add = func(id string) {
		c := correlations[id]
		if c == nil {
			return
		}
		delete(correlations, id)
		for _, of := range c.Of {
			t.counted[of] = true
			add(of)
		}
	}
	for id := range t.asked {
		add(id)
	}
	if len(t.counted) > 0 {
		t.dispatch = NewDispatch(t.pack.Ruleset.Correlations)
	}
}

// take tries the rules on one event and tells whether there is room for more.
func (t *trial) take(ev *flow.Event) bool {
	t.out.Tried++
	day := dayNumber(ev.Time, t.zone)
	if t.out.Tried == 1 {
		t.first, t.last = day, day
	}
	t.first, t.last = min(t.first, day), max(t.last, day)
	if ev.Unreadable() {
		t.out.Unreadable++
		return true
	}
	for _, matcher := range t.pack.Ruleset.Matchers {
		for _, m := range matcher.Match(ev) {
			if t.asked[m.Rule.ID] {
				t.match(m.Rule, ev)
			}
			if m.Count && t.counted[m.Rule.ID] && !t.full {
				t.hits = append(t.hits, t.dispatch.Hits(m.Rule.ID, ev)...)
			}
		}
	}
	return t.room(ev)
}

// room tells whether there is room for another event. Rules over single events go
// on where correlations cannot: what these count is kept to the end, as it comes
// with the newest first.
func (t *trial) room(ev *flow.Event) bool {
	if len(t.hits) < mostHits {
		return true
	}
	if !t.full {
		t.full, t.out.Partial = true, true
		if t.stored {
			t.out.CountedSince = ev.Time
		}
	}
	return t.stored && !t.onlyCounts
}

func (t *trial) match(r *Rule, ev *flow.Event) {
	t.out.Matched++
	f := t.found[r.ID]
	if f == nil {
		f = &outcome{days: map[int64]int64{}, TriedRule: TriedRule{
			ID: r.ID, Title: r.Title, Kind: r.Kind, Level: r.Level, Severity: r.Severity, First: ev.Time, Last: ev.Time,
		}}
		t.found[r.ID] = f
	}
	f.Hits++
	f.days[dayNumber(ev.Time, t.zone)]++
	if ev.Time.Before(f.First) {
		f.First = ev.Time
	}
	if ev.Time.After(f.Last) {
		f.Last = ev.Time
	}
	if len(t.out.Matches) == mostMatches {
		return
	}
	match := TriedMatch{Event: *ev, Rule: r.ID}
	if t.explain && r.Kind == KindEvent {
		// That it matches is known; what cannot be explained is shown without.
		match.Explanation, _ = t.pack.Explainer.Explain(r.ID, ev)
	}
	t.out.Matches = append(t.out.Matches, match)
}

// finish counts over time, now that every event is known, and sums up. Days are
// listed without a gap over the span that is told, or that of the events.
func (t *trial) finish(from, to time.Time) *TryResult {
	t.count()
	if !from.IsZero() && !to.IsZero() {
		t.first, t.last = dayNumber(from, t.zone), dayNumber(to.Add(-1), t.zone)
	}
	sum := map[int64]int64{}
	for _, f := range t.found {
		f.PerDay = t.series(f.days)
		for day, n := range f.days {
			sum[day] += n
		}
		t.out.Rules = append(t.out.Rules, f.TriedRule)
	}
	slices.SortFunc(t.out.Rules, func(a, b TriedRule) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), cmp.Compare(a.ID, b.ID))
	})
	t.out.PerDay = t.series(sum)
	return &t.out
}

// mostDays bounds a list of days: pasted events may be years apart.
const mostDays = 400

func (t *trial) series(days map[int64]int64) []HitsDay {
	list := []HitsDay{}
	if t.out.Tried > 0 && t.last-t.first < mostDays {
		for day := t.first; day <= t.last; day++ {
			list = append(list, HitsDay{Day: dayName(day), Hits: days[day]})
		}
		return list
	}
	for day, n := range days {
		list = append(list, HitsDay{Day: dayName(day), Hits: n})
	}
	slices.SortFunc(list, func(a, b HitsDay) int { return cmp.Compare(a.Day, b.Day) })
	return list[max(0, len(list)-mostDays):]
}

// count gives the hits to the correlations in order of time.
func (t *trial) count() {
	if len(t.hits) == 0 {
		return
	}
	slices.SortStableFunc(t.hits, func(a, b flow.Hit) int { return a.Event.Time.Compare(b.Event.Time) })
	count := t.pack.Counter(t.aloud())
	for i := range t.hits {
		for _, f := range count(&t.hits[i]) {
			// What repeats an event rule's hits was matched already.
			if f.Rule.Kind == KindCorrelation && t.asked[f.Rule.ID] {
				t.match(&f.Rule, &f.Event)
			}
		}
	}
	t.hits = nil
}

// aloud gives the correlations such that those tell what they find that are
// asked for, though on the way of events they may only count for others.
func (t *trial) aloud() []Correlation {
	list := slices.Clone(t.pack.Ruleset.Correlations)
	for i := range list {
		if t.asked[list[i].Rule.ID] {
			list[i].Silent = false
		}
	}
	return list
}
