package detect

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/module"
)

// OwnFolder is the folder name under which Warder's own rules are loaded.
const OwnFolder = "warder"

// RuleStatus is one rule with what it found and what it takes.
type RuleStatus struct {
	ID         string        `json:"id"`
	Title      string        `json:"title"`
	TitleFR    string        `json:"title_fr,omitempty"`
	Kind       Kind          `json:"kind" enum:"event,correlation,foreign,filter"`
	Level      string        `json:"level" doc:"the rule's own severity"`
	Severity   flow.Severity `json:"severity" doc:"the severity in effect"`
	Threat     string        `json:"threat"`
	File       string        `json:"file,omitempty"`
	Line       int           `json:"line,omitempty" doc:"where it begins in the file"`
	Hits       int64         `json:"hits"`
	LastHit    *time.Time    `json:"last_hit,omitempty"`
	PerDay     []HitsDay     `json:"per_day" doc:"the last 14 days of the site, oldest first"`
	Excepted   int64         `json:"excepted" doc:"matches that exceptions swallowed"`
	Status     string        `json:"status" enum:"active,off,error"`
	Error      string        `json:"error,omitempty"`
	Warning    string        `json:"warning,omitempty" doc:"what is doubtful of it, though it works"`
	Techniques []string      `json:"techniques"`
	Exceptions int           `json:"exceptions" doc:"in force"`
	Cost       RuleCost      `json:"cost"`
	Slow       bool          `json:"slow"`
	Ours       bool          `json:"ours" doc:"shipped with Warder"`
}

// RuleCost is what a rule takes, since the rules were loaded.
type RuleCost struct {
	Evaluations uint64  `json:"evaluations" doc:"events that it was tried on"`
	MeanMicros  float64 `json:"mean_us" doc:"microseconds per evaluation, estimated from a sample"`
	Share       float64 `json:"share,omitempty" doc:"of the time that all rules take, 0 to 1"`
}

// Statuses of rules.
const (
	statusActive = "active"
	statusOff    = "off"
	statusError  = "error"
)

// statuses tells about every rule, in the order of loading, and then about
// rules that are gone but for which something is set.
func (m *Module) statuses() []RuleStatus {
	v := m.look()
	entries := m.d.Board.entries()
	list := make([]RuleStatus, 0, len(entries))
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		seen[e.rule.ID] = true
		list = append(list, v.status(e))
	}
	for _, id := range v.decided.rules(v.now) {
		if !seen[id] {
			list = append(list, v.status(m.d.Board.of(v.gone(id))))
		}
	}
	return list
}

// view is everything that a status is made from, at one moment.
type view struct {
	now     time.Time
	today   int64
	decided *snapshot
	costs   map[string]RuleCost
	slow    map[string]bool
}

func (m *Module) look() view {
	now := m.d.Now()
	return view{now: now, today: m.d.Board.day(now), decided: m.d.Settings.current.Load(),
		costs: shares(m.costs()), slow: m.slow.rules()}
}

// gone stands for a rule that no folder has any more.
func (v *view) gone(id string) *Rule {
	r := &Rule{ID: id, Title: id, Kind: KindEvent, Error: "no folder has this rule any more; what was set for it is kept"}
	if s, ok := v.decided.settings[id]; ok && s.Title != "" {
		r.Title = s.Title
	}
	return r
}

func (v *view) status(e entry) RuleStatus {
	r := e.rule
	s := RuleStatus{
		ID: key(r), Title: r.Title, TitleFR: r.TitleFR, Kind: r.Kind, Level: string(r.Severity),
		Severity: v.decided.severityOf(r), Threat: string(r.Threat), File: r.File, Line: r.Line,
		PerDay: e.tally.perDay(v.today), Excepted: e.tally.excepted, Hits: e.tally.hits, Status: statusActive, Error: r.Error, Warning: r.Warning,
		Techniques: append([]string{}, r.Techniques...), Exceptions: v.decided.inForce(r.ID, v.now),
		Cost: v.costs[r.ID], Slow: v.slow[r.ID], Ours: strings.HasPrefix(r.File, OwnFolder+"/"),
	}
	if !e.tally.last.IsZero() {
		s.LastHit = &e.tally.last
	}
	setting, _ := v.decided.of(r)
	switch {
	case r.Error != "":
		s.Status = statusError
	case r.Off || setting.Off:
		s.Status = statusOff
	}
	return s
}

// rulesInput asks for a page of rules.
type rulesInput struct {
	module.Page
	Words  string `query:"q" doc:"only rules with these words in id, title, threat, technique or file" maxLength:"500"`
	Status string `query:"status" doc:"only rules of this status" enum:"active,off,error"`
	Kind   string `query:"kind" doc:"only rules of this kind" enum:"event,correlation,foreign,filter"`
	Level  string `query:"level" doc:"only rules of this severity in effect" enum:"info,low,medium,high,critical"`
	Slow   bool   `query:"slow" doc:"only rules that are slow"`
	Sort   string `query:"sort" doc:"absent: in the order of loading" enum:"title,hits,last_hit,cost"`
}

// keeps tells whether a rule is asked for; words are in lower case.
func (in *rulesInput) keeps(s *RuleStatus, words []string) bool {
	if in.Status != "" && s.Status != in.Status || in.Kind != "" && string(s.Kind) != in.Kind ||
		in.Level != "" && string(s.Severity) != in.Level || in.Slow && !s.Slow {
		return false
	}
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(strings.Join(append([]string{s.ID, s.Title, s.TitleFR, s.Threat, s.File}, s.Techniques...), " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

func (in *rulesInput) sort(list []RuleStatus) {
	var order func(a, b RuleStatus) int
	switch in.Sort {
	case "title":
		order = func(a, b RuleStatus) int { return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) }
	case "hits":
		order = func(a, b RuleStatus) int { return cmp.Compare(b.Hits, a.Hits) }
	case "last_hit":
		order = func(a, b RuleStatus) int { return timeOf(b.LastHit).Compare(timeOf(a.LastHit)) }
	case "cost":
		order = func(a, b RuleStatus) int {
			return cmp.Or(cmp.Compare(b.Cost.Share, a.Cost.Share), cmp.Compare(b.Cost.MeanMicros, a.Cost.MeanMicros))
		}
	default:
		return
	}
	slices.SortStableFunc(list, order)
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
