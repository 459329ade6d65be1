package detect

import (
	"slices"
	"time"

	"warder/internal/flow"
)

// Kind is what sort of rule a rule is.
type Kind string

// The kinds of rules.
const (
	KindEvent       Kind = "event"       // one event meets it or not
	KindCorrelation Kind = "correlation" // counts over time
	KindForeign     Kind = "foreign"     // another system's detection, passed through
	KindFilter      Kind = "filter"      // suppresses what other rules find; meets nothing itself
)

// Rule is what a rule says of itself.
type Rule struct {
	ID         string
	Name       string // by which correlations refer to it; may be empty
	Title      string // English
	TitleFR    string // may be empty
	Kind       Kind
	Detector   string // flow.Alert.Detector
	Severity   flow.Severity
	Threat     flow.Threat
	Asset      flow.Role // which of an event's assets the threat is on: target, observer or place
	Techniques []string  // ATT&CK, "T1110.003"
	File       string
	Line       int    // of the rule in its file, from 1; of the cause where Error is set; 0 where it is not known
	Off        bool   // set aside by the hospital
	Silent     bool   // counted by others and no alert by itself
	Error      string // why it could not be loaded; such a rule never matches
	// Warning says what is doubtful of a rule that was loaded; may be empty.
	Warning string

	// What the file says for people, as it says it; each may be empty.
	Level          string
	Status         string
	Description    string
	Author         string
	Tags           []string
	References     []string
	FalsePositives []string
	// Filters are the titles of the filters that were added to the rule.
	Filters []string
}

// Matcher tells which rules an event meets. It is a pure function of the event
// and may be called by several goroutines.
type Matcher interface {
	Match(ev *flow.Event) []Match
}

// Match is one rule that an event met.
type Match struct {
	Rule  *Rule
	Alert bool // the match is an alert by itself
	Count bool // correlations count it
}

// CorrelationType is what a correlation counts.
type CorrelationType string

// The correlation types of the Sigma specification that are supported.
const (
	EventCount      CorrelationType = "event_count"      // how many events
	ValueCount      CorrelationType = "value_count"      // how many values of a field
	Temporal        CorrelationType = "temporal"         // all rules, in any order
	TemporalOrdered CorrelationType = "temporal_ordered" // all rules, in their order
	ValueSum        CorrelationType = "value_sum"        // the sum of a field's numbers
	ValueAvg        CorrelationType = "value_avg"        // their mean
	ValuePercentile CorrelationType = "value_percentile" // a percentile of them, or a value's share
)

// Correlation counts hits of other rules over time.
type Correlation struct {
	Rule    Rule
	Of      []string // ids of the rules and correlations that it counts
	Type    CorrelationType
	GroupBy []string
	Field   string // whose values count
	// AndFields are further fields of value_count: what is counted are the
	// combinations of all of them.
	AndFields []string
	// Percentile is the one that value_percentile holds against its bounds, from
	// 0 to 100. Nil: the bounds are about the share, in percent, that the value of
	// an event has among all values of its group.
	Percentile *float64
	// Condition, where it is set, is the extended condition of a temporal
	// correlation: which of the rules must have hits, and which none.
	Condition *Expr
	// Counted says that other correlations count this one, Silent that it makes
	// no alert of its own.
	Counted, Silent bool
	Window          time.Duration
	Bounds          []Bound
	// EachRule asks a count for a hit of every rule too, so that two hits of one
	// rule are not taken for one of each (warder.each_rule).
	EachRule bool
	// Aliases give a group-by name another field in each rule: alias -> rule id -> field.
	Aliases map[string]map[string]string
	// Names are the other names that the fields of counted events may have.
	Names Names
	// Describe, where it is set, gives the rule that the alert speaks of.
	Describe func(ev *flow.Event) Rule
}

// Bound is one condition on a count.
type Bound struct {
	Op    string // "gt", "gte", "lt", "lte", "eq", "neq"
	Value float64
}

// Holds tells whether a count meets the bound.
func (b Bound) Holds(n float64) bool {
	switch b.Op {
	case "gt":
		return n > b.Value
	case "gte":
		return n >= b.Value
	case "lt":
		return n < b.Value
	case "lte":
		return n <= b.Value
	case "eq":
		return n == b.Value
	case "neq":
		return n != b.Value
	}
	return false
}

// FieldOf is the field that a group-by name means for hits of a rule, as that
// rule names it.
func (c *Correlation) FieldOf(name, rule string) string {
	if field := c.Aliases[name][rule]; field != "" {
		return field
	}
	return name
}

// Chained tells whether others may count what a correlation finds: one that
// counts a rule under that rule's own id only keeps it from repeating itself.
func (c *Correlation) Chained() bool { return !slices.Contains(c.Of, c.Rule.ID) }
