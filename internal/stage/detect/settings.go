package detect

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"warder/internal/flow"
)

// RuleSetting is what the hospital decided about a rule.
type RuleSetting struct {
	Rule     string        `json:"-"`
	Title    string        `json:"-"` // of the rule when it was set
	Off      bool          `json:"off"`
	Severity flow.Severity `json:"severity" doc:"instead of the rule's own; empty for that" enum:",info,low,medium,high,critical"`
	Why      string        `json:"why"`
	Who      string        `json:"who"`
	At       time.Time     `json:"at"`
}

// Settings judges what rules found by what the hospital decided: which rules are
// off, how severe they are, and which matches are excepted. It is asked on the
// way of every match and may be used by many goroutines; a change is one swap of
// an immutable snapshot.
type Settings struct {
	board   *Board // counts what was excepted; may be nil
	names   Names  // by which exceptions find fields, as rules do
	current atomic.Pointer[snapshot]
}

// snapshot is everything that was decided at one moment.
type snapshot struct {
	settings   map[string]RuleSetting
	exceptions map[string][]*excepting // by rule, newest first, in every state
}

// NewSettings returns settings that keep everything. The board counts what
// exceptions swallow; it may be nil. The names of fields are Warder's own content,
// which stays while it runs.
func NewSettings(board *Board, names Names) *Settings {
	s := &Settings{board: board, names: names}
	s.current.Store(&snapshot{})
	return s
}

var _ Judge = (*Settings)(nil)

// Judge tells whether a match counts, and gives the rule as the hospital wants
// it. The rule that it was handed is never changed.
func (s *Settings) Judge(m Match, ev *flow.Event) (*Rule, bool) {
	now := s.current.Load()
	if now.excepts(m.Rule, ev, s.board) {
		return m.Rule, false
	}
	setting, ok := now.of(m.Rule)
	switch {
	case !ok:
		return m.Rule, true
	case setting.Off:
		return m.Rule, false
	case setting.Severity == "" || setting.Severity == m.Rule.Severity:
		return m.Rule, true
	}
	changed := *m.Rule
	changed.Severity = setting.Severity
	return &changed, true
}

// excepts tells whether an exception swallows a match, and counts that it did.
func (s *snapshot) excepts(r *Rule, ev *flow.Event, board *Board) bool {
	if len(s.exceptions) == 0 {
		return false
	}
	for _, id := range names(r) {
		list := s.exceptions[id]
		if len(list) == 0 {
			continue
		}
		scopes := ev.Scopes()
		for _, x := range list {
			if !x.covers(ev, scopes) {
				continue
			}
			x.hits.Add(1)
			if board != nil {
				board.Excepted(id, ev.Received)
			}
			return true
		}
	}
	return false
}

// names are the ids under which a rule may be set: its own, and that of the
// family of a foreign one ("suricata" of "suricata:2001219").
func names(r *Rule) []string {
	if family, _, found := strings.Cut(r.ID, ":"); found && r.Kind == KindForeign {
		return []string{r.ID, family}
	}
	return []string{r.ID}
}

func (s *snapshot) of(r *Rule) (RuleSetting, bool) {
	if len(s.settings) == 0 {
		return RuleSetting{}, false
	}
	for _, id := range names(r) {
		if setting, ok := s.settings[id]; ok {
			return setting, true
		}
	}
	return RuleSetting{}, false
}

// severityOf gives the severity in effect.
func (s *snapshot) severityOf(r *Rule) flow.Severity {
	if setting, ok := s.of(r); ok && setting.Severity != "" {
		return setting.Severity
	}
	return r.Severity
}

// list gives the exceptions of a rule as they stand, newest first.
func (s *snapshot) list(rule string, now time.Time) []Exception {
	list := make([]Exception, 0, len(s.exceptions[rule]))
	for _, x := range s.exceptions[rule] {
		list = append(list, x.shown(now))
	}
	return list
}

func (x *excepting) shown(now time.Time) Exception {
	e := x.Exception
	e.Hits, e.State = x.hits.Load(), e.state(x.removed, now)
	return e
}

// inForce counts the exceptions of a rule that are at work.
func (s *snapshot) inForce(rule string, now time.Time) (n int) {
	for _, x := range s.exceptions[rule] {
		if x.state(x.removed, now) == InForce {
			n++
		}
	}
	return n
}

// rules lists the rules about which something is set or in force, in order.
func (s *snapshot) rules(now time.Time) []string {
	found := map[string]bool{}
	for id := range s.settings {
		found[id] = true
	}
	for id := range s.exceptions {
		found[id] = found[id] || s.inForce(id, now) > 0
	}
	maps.DeleteFunc(found, func(_ string, yes bool) bool { return !yes })
	return slices.Sorted(maps.Keys(found))
}

// replace makes a new state the current one. Exceptions go on counting where
// they stand, since matches are swallowed while the database is read.
func (s *Settings) replace(next *snapshot) {
	before := map[string]*excepting{}
	for _, list := range s.current.Load().exceptions {
		for _, x := range list {
			before[x.ID] = x
		}
	}
	for _, list := range next.exceptions {
		for _, x := range list {
			if old := before[x.ID]; old != nil {
				x.hits, x.kept = old.hits, old.kept
			}
		}
	}
	s.current.Store(next)
}
