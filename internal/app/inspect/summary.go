package inspect

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"warder/internal/stage/detect"
)

// Summary is what came of a search.
type Summary struct {
	Records    int       `json:"records"`
	Unreadable int       `json:"unreadable"`
	InPart     int       `json:"in_part"`  // read, but not all of it: a time that is none, say
	Problems   []Problem `json:"problems"` // the first unreadable ones
	Findings   int       `json:"findings"`
	Rules      []Tally   `json:"rules"` // the gravest first; filled by Tallies

	zone   *time.Location
	byRule map[string]*Tally
}

// Problem is a record that cannot be read, and why.
type Problem struct {
	Place
	Reason string `json:"reason"`
}

// Tally is what one rule found.
type Tally struct {
	Rule    detect.Rule    `json:"-"`
	ID      string         `json:"rule"`
	Title   string         `json:"title"`
	Level   string         `json:"level"`
	Hits    int            `json:"hits"`
	First   time.Time      `json:"first"`
	Last    time.Time      `json:"last"`
	Example Place          `json:"example"`
	PerDay  map[string]int `json:"per_day"` // "2026-11-22" in the hospital's zone
}

const mostProblems = 20

func newSummary(zone *time.Location) *Summary {
	return &Summary{zone: zone, byRule: map[string]*Tally{}, Problems: []Problem{}, Rules: []Tally{}}
}

func (s *Summary) record(rec *record) {
	s.Records++
	switch {
	case rec.event.ParseError == "":
	case !rec.event.Unreadable():
		s.InPart++
	default:
		s.Unreadable++
		if len(s.Problems) < mostProblems {
			reason := rec.raw.Refused
			if reason == "" {
				reason = rec.event.ParseError
			}
			s.Problems = append(s.Problems, Problem{rec.Place, reason})
		}
	}
}

func (s *Summary) found(f *Finding, rule *detect.Rule) {
	s.Findings++
	t := s.byRule[f.Rule]
	if t == nil {
		t = &Tally{
			Rule: *rule, ID: f.Rule, Title: f.Title, Level: string(f.Level),
			First: f.Time, Last: f.Time, Example: f.Place, PerDay: map[string]int{},
		}
		s.byRule[f.Rule] = t
	}
	t.Hits++
	if f.Time.Before(t.First) {
		t.First = f.Time
	}
	if f.Time.After(t.Last) {
		t.Last = f.Time
	}
	t.PerDay[f.Time.In(s.zone).Format(time.DateOnly)]++
}

// Tallies lists what each rule found: the gravest first, of those the most
// frequent.
func (s *Summary) Tallies() []Tally {
	s.Rules = s.Rules[:0]
	for _, id := range slices.Sorted(maps.Keys(s.byRule)) {
		s.Rules = append(s.Rules, *s.byRule[id])
	}
	slices.SortStableFunc(s.Rules, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Rule.Severity.Rank(), a.Rule.Severity.Rank()), cmp.Compare(b.Hits, a.Hits))
	})
	return s.Rules
}
