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
	InPart     int       `json:"in_part"`           // read, but not all of it: a time that is none, say
	Problems   []Problem `json:"problems"`          // the first unreadable ones
	Unread     []Problem `json:"unread"`            // of each file of which nothing could be read, the first reason
	NoLogs     []Problem `json:"no_logs,omitempty"` // files among a folder's logs that are none
	Findings   int       `json:"findings"`
	Rules      []Tally   `json:"rules"` // the gravest first; filled by Tallies

	now    tried // the file whose records come
	zone   *time.Location
	byRule map[string]*Tally
}

// tried is what came of one file so far.
type tried struct {
	file  string
	read  bool     // at least one record of it
	first *Problem // that could not be read
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
	Kind    detect.Kind    `json:"kind,omitempty"`
	Level   string         `json:"level,omitempty"`
	Hits    int            `json:"hits"`
	First   time.Time      `json:"first,omitzero"`
	Last    time.Time      `json:"last,omitzero"`
	Example Place          `json:"example,omitzero"` // none of what was found on a server
	PerDay  map[string]int `json:"per_day"`          // "2026-11-22" in the hospital's zone
}

const mostProblems = 20

func newSummary(zone *time.Location) *Summary {
	return &Summary{zone: zone, byRule: map[string]*Tally{}, Problems: []Problem{}, Unread: []Problem{}, Rules: []Tally{}}
}

func (s *Summary) record(rec *record) {
	if rec.noLog {
		s.NoLogs = append(s.NoLogs, Problem{rec.Place, rec.raw.Refused})
		return
	}
	s.Records++
	if rec.File != s.now.file {
		s.endFile()
		s.now.file = rec.File
	}
	if !rec.event.Unreadable() {
		s.now.read = true
		if rec.event.ParseError != "" {
			s.InPart++
		}
		return
	}
	s.Unreadable++
	problem := Problem{rec.Place, cmp.Or(rec.raw.Refused, rec.event.ParseError)}
	if s.now.first == nil {
		s.now.first = &problem
	}
	if len(s.Problems) < mostProblems {
		s.Problems = append(s.Problems, problem)
	}
}

// endFile is told after the last record of each file.
func (s *Summary) endFile() {
	if !s.now.read && s.now.first != nil {
		s.Unread = append(s.Unread, *s.now.first)
	}
	s.now = tried{}
}

func (s *Summary) found(f *Finding, rule *detect.Rule) {
	s.Findings++
	t := s.byRule[f.Rule]
	if t == nil {
		t = &Tally{
			Rule: *rule, ID: f.Rule, Title: f.Title, Kind: rule.Kind, Level: string(f.Level),
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
