package detect

import "warder/internal/flow"

// Explainer says why a rule meets an event or does not. It is slow and exact,
// made for people.
type Explainer interface {
	// Explain fails with fault.NotFound when there is no such rule.
	Explain(rule string, ev *flow.Event) (*Explanation, error)
}

// Explanation is why one rule meets one event or does not, predicate by
// predicate.
type Explanation struct {
	Rule       string               `json:"rule"`
	Title      string               `json:"title"`
	Matched    bool                 `json:"matched" doc:"the event is of the rule's log source and meets its condition"`
	LogSource  LogSourceExplanation `json:"log_source"`
	Condition  ConditionExplanation `json:"condition"`
	Selections []SelectionOutcome   `json:"selections" doc:"in the order of the rule"`
}

// LogSourceExplanation compares what the rule is written for with what the
// event is.
type LogSourceExplanation struct {
	Wanted LogSource   `json:"wanted"`
	Has    []LogSource `json:"has" doc:"every log source that the event is of, the most special first"`
	Met    bool        `json:"met"`
}

// LogSource is where an event comes from, in Sigma's terms; an empty part is
// not asked for.
type LogSource struct {
	Product  string `json:"product,omitempty"`
	Category string `json:"category,omitempty"`
	Service  string `json:"service,omitempty"`
}

// ConditionExplanation is a node of the condition with its outcome.
type ConditionExplanation struct {
	Op   string                 `json:"op" enum:"and,or,not,selection,at-least"`
	Text string                 `json:"text" doc:"as the rule writes it, or the selection's name"`
	Met  bool                   `json:"met"`
	Of   []ConditionExplanation `json:"of,omitempty"`
}

// SelectionOutcome is a selection with its outcome: one of its alternatives must
// be met whole.
type SelectionOutcome struct {
	Name         string               `json:"name"`
	Met          bool                 `json:"met"`
	Alternatives []AlternativeOutcome `json:"alternatives"`
}

// AlternativeOutcome is a list of items that must all be met.
type AlternativeOutcome struct {
	Met   bool          `json:"met"`
	Items []ItemOutcome `json:"items"`
}

// ItemOutcome is one line of a selection with its outcome.
type ItemOutcome struct {
	Field     string         `json:"field" doc:"empty for keywords"`
	Modifiers []string       `json:"modifiers,omitempty"`
	Met       bool           `json:"met"`
	All       bool           `json:"all,omitempty" doc:"every value must be met, not one of them"`
	Values    []ValueOutcome `json:"values" doc:"what the rule asks for"`
	Present   bool           `json:"present" doc:"the event has the field"`
	Event     []string       `json:"event,omitempty" doc:"what the event has there, the first few, each cut at 500 characters"`
	ReadAs    string         `json:"read_as,omitempty" doc:"the event's own name of the field, where it is another"`
}

// ValueOutcome is one value that a rule asks for, with its outcome.
type ValueOutcome struct {
	Text string `json:"text" doc:"as the rule writes it; null is written null"`
	Met  bool   `json:"met"`
}
