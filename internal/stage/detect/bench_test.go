package detect

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// noon is when the tests of this package happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// desk is the module with everything around it that it may touch.
type desk struct {
	*Module
	board    *Board
	settings *Settings
	shelf    *shelf
	alerts   *published
	evidence *kept
	swapped  []*Pack
	now      time.Time
	looks    []string
}

// Look notes that somebody looked at evidence.
func (d *desk) Look(_ context.Context, what string) error {
	d.looks = append(d.looks, what)
	return nil
}

// newDesk opens the module over a store; the rules are those given.
func newDesk(t *testing.T, s *store.Store, rules ...Rule) *desk {
	t.Helper()
	d := &desk{shelf: &shelf{}, alerts: &published{}, evidence: &kept{}, now: noon}
	d.shelf.put(rules...)
	pack, _ := d.shelf.Load(t.Context())
	d.board = NewBoard(pack.Ruleset.Rules)
	d.settings = NewSettings(d.board, nil)
	var err error
	d.Module, err = NewModule(t.Context(), Deps{
		Board: d.board, Settings: d.settings, Pack: pack, Library: d.shelf, Swap: func(p *Pack) { d.swapped = append(d.swapped, p) },
		Normaliser: reader{}, Evidence: d.evidence, Looks: d, Alerts: d.alerts, Space: s.Space("detect"),
		Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// by is a context of somebody.
func by(name string) context.Context {
	return module.WithCaller(context.Background(), module.Principal{ID: "u-" + name, Name: name, Role: "lead"})
}

// rule shows one rule of the list.
func (d *desk) rule(t *testing.T, id string) RuleStatus {
	t.Helper()
	for _, s := range d.statuses() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("rule %s is not listed", id)
	return RuleStatus{}
}

// shelf is a library whose rules are in memory. A rule meets the events whose
// action is its name.
type shelf struct {
	mu    sync.Mutex
	rules []Rule
	state string
	fails error
	costs []Cost
}

func (s *shelf) put(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.state = rules, s.state+"."
}

// Load implements Library.
func (s *shelf) Load(context.Context) (*Pack, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return nil, s.fails
	}
	return s.pack(append([]Rule{}, s.rules...)), nil
}

func (s *shelf) pack(rules []Rule) *Pack {
	p := &Pack{Prints: map[string]string{}, State: s.state}
	p.Ruleset = &Ruleset{Rules: rules, Matchers: []Matcher{byAction{rules, s}}}
	for _, r := range rules {
		p.Prints[r.ID] = r.Description
	}
	p.Text = func(rule string) ([]byte, error) {
		if p.rule(rule) == nil {
			return nil, fault.New(fault.NotFound, "no rule")
		}
		return []byte("id: other\n---\nid: " + rule + "\nlogsource: {product: warder, category: access}\n"), nil
	}
	p.Tests = func(context.Context, *Rule) ([]RuleTest, error) {
		return []RuleTest{{Kind: "hit", Text: "case: a"}}, nil
	}
	p.Explainer = says{}
	p.Counter = func([]Correlation) func(*flow.Hit) []Found {
		seen := 0
		return func(h *flow.Hit) []Found { // every third hit
			if seen++; seen%3 != 0 {
				return nil
			}
			return []Found{{Rule: *p.rule(h.Correlation), Event: h.Event}}
		}
	}
	return p
}

// Compile makes a rule of each word: its id, which is its name too.
func (s *shelf) Compile(files []RuleFile, _ *Pack) (*Pack, error) {
	var rules []Rule
	for _, f := range files {
		for i, word := range strings.Fields(f.Text) {
			r := Rule{ID: word, Name: word, Title: strings.ToUpper(word), Kind: KindEvent, Level: "low", Severity: flow.SeverityLow,
				File: f.Name, Line: i + 1}
			if word == "broken" {
				r = Rule{Error: "is broken", File: f.Name, Line: i + 1}
			}
			rules = append(rules, r)
		}
	}
	return s.pack(rules), nil
}

// State implements Library.
func (s *shelf) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// byAction is the rules at work.
type byAction struct {
	rules []Rule
	shelf *shelf
}

func (b byAction) Match(ev *flow.Event) (found []Match) {
	for i := range b.rules {
		if r := &b.rules[i]; r.Error == "" && r.Name != "" && r.Name == ev.Action {
			found = append(found, Match{Rule: r, Alert: true, Count: true})
		}
	}
	return found
}

func (b byAction) Costs() []Cost { return b.shelf.costs }

// says explains that it was asked.
type says struct{}

func (says) Explain(rule string, ev *flow.Event) (*Explanation, error) {
	return &Explanation{Rule: rule, Title: ev.Action, Matched: rule == ev.Action}, nil
}

// reader makes events of lines: the action is the line.
type reader struct{}

func (reader) Event(id flow.RecordID, raw flow.Raw) flow.Event {
	ev := flow.Event{ID: id.String(), Time: raw.Received, Received: raw.Received, Format: raw.Format, Category: flow.CategoryAccess,
		Action: string(raw.Data), Raw: raw.Data}
	if ev.Action == "unreadable" {
		ev.Category, ev.ParseError = flow.CategoryOther, "cannot be read"
	}
	return ev
}

// published takes alerts.
type published struct {
	mu   sync.Mutex
	list []flow.Alert
}

func (p *published) Publish(_ context.Context, _ string, alerts ...flow.Alert) (uint64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, alerts...)
	return uint64(len(p.list)), nil
}

// kept is stored events, the newest first.
type kept struct {
	events []flow.Event
	asked  []events.Query
}

func (k *kept) Search(ctx context.Context, q events.Query) (events.Result, error) {
	k.asked = append(k.asked, q)
	from := 0
	if q.Cursor != "" {
		from = len(q.Cursor)
	}
	to := min(from+3, len(k.events)) // small pages
	r := events.Result{Events: k.events[from:to]}
	if to < len(k.events) {
		r.Next = strings.Repeat("x", to)
	}
	return r, ctx.Err()
}

func (k *kept) Get(_ context.Context, id string) (flow.Event, error) {
	for _, e := range k.events {
		if e.ID == id {
			return e, nil
		}
	}
	return flow.Event{}, fault.New(fault.NotFound, "no event %s", id)
}

var errUnreadable = errors.New("the folder cannot be read")
