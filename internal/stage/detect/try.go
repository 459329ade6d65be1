package detect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Bounds of trials.
const (
	mostTrials  = 2    // of people at a time; others are asked to wait
	mostLong    = 1    // of programs at a time, beside
	tryPage     = 5000 // stored events that are read at once
	longestSpan = 92 * 24 * time.Hour
)

// reach is how far a trial may go.
type reach struct {
	time   time.Duration
	events int // stored ones
	places chan struct{}
}

// reach gives programs more time than people, who wait for the answer.
func (m *Module) reach(who module.Principal) reach {
	if who.Token {
		return reach{10 * time.Minute, 50_000_000, m.long}
	}
	return reach{30 * time.Second, 1_000_000, m.trying}
}

type tryInput struct {
	Body struct {
		Rule    string     `json:"rule,omitempty" doc:"a rule in force; with no rule, text or files: every rule in force" maxLength:"512"`
		Text    string     `json:"text,omitempty" doc:"rules that are in force nowhere (Sigma, YAML)" maxLength:"262144"`
		Files   []RuleFile `json:"files,omitempty" doc:"instead of a text: a folder of rules that are in force nowhere, of 16 MiB at most; those that cannot be loaded are told, and the others tried" maxItems:"10000"`
		Events  []string   `json:"events,omitempty" doc:"records as a source would send them; absent: stored events" maxItems:"5000"`
		Format  string     `json:"format,omitempty" doc:"of the records; absent: found by looking at each" enum:",syslog,ndjson,suricata,webhook,frigate,sensor"`
		Mapping string     `json:"mapping,omitempty" doc:"of webhook and sensor records" maxLength:"100"`
		From    time.Time  `json:"from,omitempty" doc:"stored events at or after this time; absent: a day before to"`
		To      time.Time  `json:"to,omitempty" doc:"stored events before this time; absent: now"`
		Query   string     `json:"q,omitempty" doc:"only stored events that meet this query" maxLength:"8192"`
		Explain bool       `json:"explain,omitempty" doc:"explain each match that is listed"`
	}
}

func (m *Module) try(ctx context.Context, in *tryInput) (*TryResult, error) {
	bounds := m.reach(module.Caller(ctx))
	select {
	case bounds.places <- struct{}{}:
		defer func() { <-bounds.places }()
	default:
		return nil, &fault.Error{Kind: fault.Busy, RetryAfter: 5 * time.Second,
			Sentence: "Other people are trying rules just now. Try again in a moment."}
	}
	began := m.d.Now()
	pack, problems, err := m.wanted(in)
	if err != nil {
		return nil, err
	}
	t := newTrial(pack, in.Body.Rule, m.d.Board.zone())
	t.explain, t.most, t.out.Problems = in.Body.Explain, bounds.events, problems
	within, cancel := context.WithTimeout(ctx, bounds.time)
	defer cancel()
	var from, to time.Time
	if in.Body.Events != nil {
		m.tryPasted(within, t, in)
	} else if from, to, err = m.tryStored(within, t, in); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("try rules: %w", err)
	}
	out := t.finish(from, to)
	out.TookMillis = m.d.Now().Sub(began).Milliseconds()
	return out, nil
}

// wanted gives the rules that are to be tried, and what is wrong with others that
// came with them.
func (m *Module) wanted(in *tryInput) (*Pack, []RuleProblem, error) {
	if len(in.Body.Files) == 0 {
		pack, err := m.asked(in.Body.Rule, in.Body.Text)
		return pack, []RuleProblem{}, err
	}
	if in.Body.Text != "" {
		return nil, nil, fault.New(fault.Invalid, "give the rules as text or as files: one of the two")
	}
	return m.compileFiles(in.Body.Files, in.Body.Rule)
}

// asked gives the rules that somebody asks about: those in force, or a text's.
func (m *Module) asked(rule, text string) (*Pack, error) {
	current := m.current.Load()
	if text == "" {
		switch r := current.rule(rule); {
		case rule == "":
		case r == nil:
			return nil, fault.New(fault.NotFound, "there is no rule %s", rule)
		case r.Error != "":
			return nil, fault.New(fault.Invalid, "rule %s could not be loaded: %s", rule, r.Error)
		}
		return current, nil
	}
	pack, err := m.d.Library.Compile(justText(text), current)
	if err != nil {
		return nil, err
	}
	for _, r := range pack.Ruleset.Rules {
		if r.Error != "" {
			return nil, fault.New(fault.Invalid, "%s", problemText(&r))
		}
	}
	if len(pack.Ruleset.Rules) == 0 {
		return nil, fault.New(fault.Invalid, "the text holds no rule")
	}
	if rule != "" && pack.rule(rule) == nil {
		return nil, fault.New(fault.NotFound, "the text has no rule %s", rule)
	}
	return pack, nil
}

func problemText(r *Rule) string {
	if r.Line > 0 {
		return fmt.Sprintf("line %d: %s", r.Line, r.Error)
	}
	return r.Error
}

// tryPasted reads records as a source's are read.
func (m *Module) tryPasted(ctx context.Context, t *trial, in *tryInput) {
	for i, line := range in.Body.Events {
		if ctx.Err() != nil {
			t.out.Partial = true
			return
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		ev := m.pasted(i, line, in.Body.Format, in.Body.Mapping)
		if !t.take(&ev) {
			t.out.Partial = true
			return
		}
	}
}

// pasted makes an event of a pasted record.
func (m *Module) pasted(i int, line, format, mapping string) flow.Event {
	raw := flow.Raw{Source: "pasted", Format: flow.Format(format), Mapping: mapping, Received: m.d.Now().UTC(), Data: []byte(line)}
	if raw.Format == "" {
		raw.Format = guess(line)
	}
	return m.d.Normaliser.Event(flow.RecordID{Writer: "pasted", Seq: 1, Index: uint32(i)}, raw)
}

// guess tells a record's format by its looks.
func guess(line string) flow.Format {
	line = strings.TrimSpace(line)
	switch {
	case !strings.HasPrefix(line, "{"):
		return flow.FormatSyslog
	case strings.Contains(line, `"event_type"`) && strings.Contains(line, `"timestamp"`):
		return flow.FormatSuricata
	}
	return flow.FormatJSON
}

// tryStored goes through the evidence, newest first. It looks at nothing that is
// not in the audit.
func (m *Module) tryStored(ctx context.Context, t *trial, in *tryInput) (from, to time.Time, err error) {
	from, to = in.Body.From, in.Body.To
	if to.IsZero() {
		to = m.d.Now()
	}
	if from.IsZero() {
		from = to.Add(-24 * time.Hour)
	}
	if span := to.Sub(from); span <= 0 || span > longestSpan {
		return from, to, fault.New(fault.Invalid, "from must be before to, and at most %d days", int(longestSpan.Hours()/24))
	}
	if len(t.asked) == 0 {
		return from, to, nil // nothing can be found
	}
	if err := m.d.Looks.Look(ctx, "events, to try a rule: "+in.Body.Query); err != nil {
		return from, to, err
	}
	q := events.Query{Text: in.Body.Query, From: from, To: to, Limit: tryPage}
	t.stored, t.out.Since = true, to
	for {
		r, err := m.d.Evidence.Search(ctx, q)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.out.Partial = true
			return from, to, nil
		}
		if err != nil {
			return from, to, fmt.Errorf("try rules: %w", err)
		}
		t.out.Partial = t.out.Partial || r.Damaged > 0
		for i := range r.Events {
			if t.out.Tried == t.most || ctx.Err() != nil || !t.take(&r.Events[i]) {
				t.out.Partial = true
				return from, to, nil
			}
			t.out.Since = r.Events[i].Time
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			t.out.Since = from
			return from, to, nil
		}
	}
}
