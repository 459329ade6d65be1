package detect

import (
	"context"
	"strings"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

func fields(words string) []string { return strings.Fields(strings.ToLower(words)) }

// CheckResult is what a text of rules holds.
type CheckResult struct {
	Rules    []CheckedRule  `json:"rules" doc:"those that can be loaded"`
	Problems []CheckProblem `json:"problems"`
}

// CheckedRule is a rule that can be loaded.
type CheckedRule struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Kind    Kind   `json:"kind" enum:"event,correlation,foreign,filter"`
	Warning string `json:"warning,omitempty" doc:"what is doubtful of it"`
}

// CheckProblem is why a rule cannot be loaded.
type CheckProblem struct {
	Line  int    `json:"line" doc:"from 1; 0 where it is not known"`
	Error string `json:"error"`
}

type checkInput struct {
	Body struct {
		Text string `json:"text" doc:"rules as a file has them (Sigma, YAML)" minLength:"1" maxLength:"262144"`
	}
}

func (m *Module) check(_ context.Context, in *checkInput) (*CheckResult, error) {
	pack, err := m.d.Library.Compile(justText(in.Body.Text), m.current.Load())
	if err != nil {
		return nil, err
	}
	out := &CheckResult{Rules: []CheckedRule{}, Problems: []CheckProblem{}}
	for _, r := range pack.Ruleset.Rules {
		if r.Error != "" {
			out.Problems = append(out.Problems, CheckProblem{r.Line, r.Error})
		} else {
			out.Rules = append(out.Rules, CheckedRule{r.ID, r.Title, r.Kind, r.Warning})
		}
	}
	return out, nil
}

type explainInput struct {
	Body struct {
		Rule    string `json:"rule,omitempty" doc:"a rule in force, or one of the text's" maxLength:"512"`
		Text    string `json:"text,omitempty" doc:"rules that are in force nowhere (Sigma, YAML)" maxLength:"262144"`
		EventID string `json:"event_id,omitempty" doc:"a stored event" maxLength:"512"`
		Event   string `json:"event,omitempty" doc:"a record as a source would send it" maxLength:"1048576"`
		Format  string `json:"format,omitempty" doc:"of the record; absent: found by looking at it" enum:",syslog,ndjson,suricata,webhook,frigate,sensor"`
		Mapping string `json:"mapping,omitempty" doc:"of webhook and sensor records" maxLength:"100"`
	}
}

func (m *Module) explain(ctx context.Context, in *explainInput) (*Explanation, error) {
	b := &in.Body
	if b.Rule == "" && b.Text == "" {
		return nil, fault.New(fault.Invalid, "name a rule, or give its text")
	}
	if (b.EventID == "") == (b.Event == "") {
		return nil, fault.New(fault.Invalid, "name a stored event by event_id, or give a record as event: one of the two")
	}
	pack, err := m.asked(b.Rule, b.Text)
	if err != nil {
		return nil, err
	}
	rule := b.Rule
	if rule == "" {
		rule = pack.Ruleset.Rules[0].ID
	}
	var ev flow.Event
	if b.EventID == "" {
		ev = m.pasted(0, b.Event, b.Format, b.Mapping)
	} else {
		if err := m.d.Looks.Look(ctx, "event "+b.EventID); err != nil {
			return nil, err
		}
		if ev, err = m.d.Evidence.Get(ctx, b.EventID); err != nil {
			return nil, err
		}
	}
	if ev.Unreadable() {
		return nil, fault.New(fault.Invalid, "the record could not be read as %s: %s", ev.Format, ev.ParseError)
	}
	return pack.Explainer.Explain(rule, &ev)
}
