package detect

import "warder/internal/flow"

// Ruleset is every rule of every detector as they were loaded together. It is
// never changed: another one takes its place (Consumer.Swap).
type Ruleset struct {
	Rules        []Rule // all, for people: loaded, off and failed ones
	Matchers     []Matcher
	Correlations []Correlation
	Names        Names // the other names that fields of events may have
}

// Judge has the last word on what a rule found: what the hospital turned off or
// excepted is not kept, and a rule may be more or less severe than its file
// says. It never changes the rule that it is given, and may be called by several
// goroutines.
type Judge interface {
	Judge(m Match, ev *flow.Event) (rule *Rule, keep bool)
}
