package detect

import (
	"cmp"
	"slices"
	"time"
)

// mostFigures bounds of how many rules figures are given one by one.
const mostFigures = 50

// Figures are what a monitoring system asks about rules.
type Figures struct {
	Rules         map[string]int // by status
	Exceptions    int            // in force
	Reloads       int64          // since the start
	FailedReloads int64
	Excepted      int64 // matches of all rules
	Matches       int64
	Spent         time.Duration // on matching, since the rules were loaded
	// Busiest are the rules that take most time and those that found most.
	Busiest []RuleFigures
}

// RuleFigures are those of one rule.
type RuleFigures struct {
	Rule    string
	Matches int64
	Spent   time.Duration // since the rules were loaded
}

// Figures reads them when somebody asks.
func (m *Module) Figures() Figures {
	f := Figures{Rules: map[string]int{statusActive: 0, statusOff: 0, statusError: 0},
		Reloads: m.reloads.done.Load(), FailedReloads: m.reloads.failed.Load()}
	spent := map[string]time.Duration{}
	for _, c := range m.costs() {
		spent[c.Rule] = c.Spent
		f.Spent += c.Spent
	}
	all := m.statuses()
	list := make([]RuleFigures, 0, len(all))
	for _, s := range all {
		f.Rules[s.Status]++
		f.Exceptions += s.Exceptions
		f.Excepted += s.Excepted
		f.Matches += s.Hits
		if s.Status != statusError {
			list = append(list, RuleFigures{Rule: s.ID, Matches: s.Hits, Spent: spent[s.ID]})
		}
	}
	f.Busiest = busiest(list)
	return f
}

// busiest takes half of the places by time and the rest by matches.
func busiest(list []RuleFigures) []RuleFigures {
	slices.SortStableFunc(list, func(a, b RuleFigures) int { return cmp.Compare(b.Spent, a.Spent) })
	first := min(len(list), mostFigures/2)
	rest := list[first:]
	slices.SortStableFunc(rest, func(a, b RuleFigures) int { return cmp.Compare(b.Matches, a.Matches) })
	return list[:min(len(list), mostFigures)]
}
