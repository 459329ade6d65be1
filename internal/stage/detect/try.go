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
)

// Bounds of trials.
const (
	mostTrials  = 2                // at a time; others are asked to wait
	tryTime     = 30 * time.Second // of one
	mostTried   = 1_000_000        // stored events
	tryPage     = 2000             // stored events that are read at once
	longestSpan = 92 * 24 * time.Hour
)

type tryInput struct {
	Body struct {
		Rule    string    `json:"rule,omitempty" doc:"a rule in force; with neither rule nor text: every rule in force" maxLength:"512"`
		Text    string    `json:"text,omitempty" doc:"rules that are in force nowhere (Sigma, YAML)" maxLength:"262144"`
		Events  []string  `json:"events,omitempty" doc:"records as a source would send them; absent: stored events" maxItems:"5000"`
		Format  string    `json:"format,omitempty" doc:"of the records; absent: found by looking at each" enum:",syslog,ndjson,suricata,webhook,frigate,sensor"`
		Mapping string    `json:"mapping,omitempty" doc:"of webhook and sensor records" maxLength:"100"`
		From    time.Time `json:"from,omitempty" doc:"stored events at or after this time; absent: a day before to"`
		To      time.Time `json:"to,omitempty" doc:"stored events before this time; absent: now"`
		Query   string    `json:"q,omitempty" doc:"only stored events that meet this query" maxLength:"8192"`
		Explain bool      `json:"explain,omitempty" doc:"explain each match that is listed"`
	}
}

func (m *Module) try(ctx context.Context, in *tryInput) (*TryResult, error) {
	select {
	case m.trying <- struct{}{}:
		defer func() { <-m.trying }()
	default:
		return nil, &fault.Error{Kind: fault.Busy, RetryAfter: 5 * time.Second,
			Sentence: "Other people are trying rules just now. Try again in a moment."}
	}
	began := m.d.Now()
	pack, err := m.asked(in.Body.Rule, in.Body.Text)
	if err != nil {
		return nil, err
	}
	t := newTrial(pack, in.Body.Rule, m.d.Board.zone())
	t.explain = in.Body.Explain
	within, cancel := context.WithTimeout(ctx, tryTime)
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
	pack, err := m.d.Library.Compile([]byte(text), current)
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
	if err := m.d.Looks.Look(ctx, "events, to try a rule: "+in.Body.Query); err != nil {
		return from, to, err
	}
	q := events.Query{Text: in.Body.Query, From: from, To: to, Limit: tryPage}
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
			if t.out.Tried == mostTried || ctx.Err() != nil || !t.take(&r.Events[i]) {
				t.out.Partial = true
				return from, to, nil
			}
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			return from, to, nil
		}
	}
}
