package sigma

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/stage/detect"
)

var _ detect.Explainer = (*Set)(nil)

// Explain says why a rule meets an event or does not. The rule is read anew from
// its text, with everything that people want to see, and each predicate is
// evaluated by itself: slow, but by the same language as Engine.Match, with
// which it agrees. It fails with fault.NotFound when there is no such rule, and
// with fault.Invalid for what meets no single event: correlations, filters, what
// is set aside and what failed.
func (s *Set) Explain(rule string, ev *flow.Event) (*detect.Explanation, error) {
	i := slices.IndexFunc(s.rules, func(c *compiled) bool { return c.rule.ID == rule })
	if i < 0 {
		return nil, s.unexplained(rule)
	}
	c := newCompiler(s.tables)
	c.detailed = true
	x := &explaining{witnessing{c, ev, listAttributes()}, nil}
	out := &detect.Explanation{Rule: rule, Title: s.rules[i].rule.Title}
	out.LogSource = x.logSource(s.rules[i].source, s.tables.Routes)
	e, err := x.whole(s, s.rules[i])
	if err != nil {
		return nil, fmt.Errorf("explain rule %s: %w", rule, err)
	}
	out.Condition = x.condition(e)
	out.Selections = x.selections
	out.Matched = out.LogSource.Met && out.Condition.Met
	return out, nil
}

func (s *Set) unexplained(id string) error {
	for i := range s.Correlations {
		if c := &s.Correlations[i]; c.Rule.ID == id {
			return fault.New(fault.Invalid, "%q counts the hits of other rules; ask about one of those: %v", c.Rule.Title, c.Of)
		}
	}
	for _, r := range s.Failed {
		if r.ID == id {
			return fault.New(fault.Invalid, "%q could not be loaded: %s", r.Title, r.Error)
		}
	}
	if r, ok := s.Rule(id); ok {
		return fault.New(fault.Invalid, "%q meets no event: it is a filter, or set aside", r.Title)
	}
	return unknownRule(id)
}

// explaining is one event held against one rule.
type explaining struct {
	witnessing
	selections []detect.SelectionOutcome
}

// whole reads a rule with its filters from their texts, and evaluates their
// selections.
func (x *explaining) whole(s *Set, c *compiled) (expr, error) {
	e, err := x.read(s.origins[c.rule.ID], "")
	if err != nil {
		return nil, err
	}
	parts := []expr{e}
	for _, f := range c.filters {
		from := len(x.selections)
		e, err := x.read(s.origins[f.rule.ID], f.rule.Title+": ")
		if err != nil {
			return nil, err
		}
		keep, err := kept(e)
		if err != nil {
			return nil, err
		}
		parts = append(parts, shifted(keep, from))
	}
	if len(parts) == 1 {
		return e, nil
	}
	return all{parts}, nil
}

// read compiles one document and evaluates its selections, whose names begin
// with the text given.
func (x *explaining) read(o origin, before string) (expr, error) {
	docs, err := o.part.documents()
	if o.nth >= len(docs) {
		return nil, err
	}
	d, name := docs[o.nth], "detection"
	node := d.detection
	if d.filter != nil {
		name, node = "filter", d.filter
	}
	sec, err := x.compiler.section(name, node)
	if err != nil {
		return nil, err
	}
	for i := range sec.selections {
		x.selections = append(x.selections, x.selection(before+sec.names[i], &sec.selections[i]))
	}
	return sec.condition, nil
}

func (x *explaining) logSource(wanted logsource, routes []Route) detect.LogSourceExplanation {
	out := detect.LogSourceExplanation{Wanted: detect.LogSource(wanted), Met: wanted == logsource{}}
	for _, has := range x.sources(routes) {
		out.Has = append(out.Has, detect.LogSource(has))
		out.Met = out.Met || wanted.includes(has)
	}
	return out
}

// condition evaluates every node, also those that do not matter any more.
func (x *explaining) condition(e expr) detect.ConditionExplanation {
	var out detect.ConditionExplanation
	if n, ok := e.(noted); ok {
		out, e = detect.ConditionExplanation{Text: n.text}, n.expr
	}
	var list []expr
	need := 1
	switch e := e.(type) {
	case one:
		sel := x.selections[e.sel]
		out.Op, out.Text, out.Met = "selection", sel.Name, sel.Met
		return out
	case not:
		inner := x.condition(e.of)
		out.Op, out.Met, out.Of = "not", !inner.Met, []detect.ConditionExplanation{inner}
		if out.Text == "" {
			out.Text = "not (" + inner.Text + ")"
		}
		return out
	case all:
		out.Op, list, need = "and", e.of, len(e.of)
	case some:
		out.Op, list, need = "or", e.of, e.need
		if need > 1 {
			out.Op = "at-least"
		}
	}
	met := 0
	for _, inner := range list {
		made := x.condition(inner)
		if made.Met {
			met++
		}
		out.Of = append(out.Of, made)
	}
	out.Met = met >= need
	if out.Text == "" {
		out.Text = joinedText(out.Op, out.Of)
	}
	return out
}

// joinedText writes what the rule does not write in one piece: a list of
// conditions, and a condition with those of filters.
func joinedText(op string, of []detect.ConditionExplanation) string {
	text := ""
	for i, inner := range of {
		if i > 0 {
			text += " " + op + " "
		}
		text += "(" + inner.Text + ")"
	}
	return text
}

func (x *explaining) selection(name string, sel *selection) detect.SelectionOutcome {
	out := detect.SelectionOutcome{Name: name}
	for _, items := range sel.any {
		alternative := detect.AlternativeOutcome{Met: true}
		for i := range items {
			it := x.item(&items[i])
			alternative.Items = append(alternative.Items, it)
			alternative.Met = alternative.Met && it.Met
		}
		out.Alternatives = append(out.Alternatives, alternative)
		out.Met = out.Met || alternative.Met
	}
	return out
}

func (x *explaining) item(it *item) detect.ItemOutcome {
	f := x.field(it.field)
	out := detect.ItemOutcome{Modifiers: it.written.chain, All: it.each, Present: f.present}
	if it.field != keywordField {
		out.Field = x.compiler.fields[it.field][0]
	} else {
		f.said = x.foremost(it, f.said)
	}
	out.Event = shown(f)
	if f.name != out.Field {
		out.ReadAs = f.name
	}
	if it.exists != 0 {
		out.Met = f.present == (it.exists > 0)
		out.Values = []detect.ValueOutcome{{Text: it.written.values[0].Value, Met: out.Met}}
		return out
	}
	met := 0
	for _, n := range it.written.values {
		v := x.value(it, n, f)
		if v.Met {
			met++
		}
		out.Values = append(out.Values, v)
	}
	enough := met > 0
	if it.each {
		enough = met == len(out.Values)
	}
	out.Met = enough != it.negate
	if it.written.never {
		out.Met = false
	}
	return out
}

// foremost puts what was found in front of everything else that keywords are
// searched in.
func (x *explaining) foremost(it *item, all []said) []said {
	var found, rest []said
	for _, s := range all {
		if slices.ContainsFunc(it.tests, func(p predicate) bool { return x.meets(p, s) }) {
			found = append(found, s)
		} else {
			rest = append(rest, s)
		}
	}
	return append(found, rest...)
}

// value holds one value of the rule against all that the event has.
func (x *explaining) value(it *item, n *yaml.Node, f fact) detect.ValueOutcome {
	if isNothing(n) {
		return detect.ValueOutcome{Text: "null", Met: f.null()}
	}
	out := detect.ValueOutcome{Text: n.Value}
	for _, a := range it.written.asked {
		if a.node != n {
			continue
		}
		for _, p := range a.tests {
			out.Met = out.Met || slices.ContainsFunc(f.said, func(s said) bool { return x.meets(p, s) })
		}
	}
	return out
}

// Bounds of what is shown of an event's values: how many, and bytes of each.
const (
	mostShown    = 10
	longestShown = 500
)

func shown(f fact) []string {
	var list []string
	for _, s := range f.said[:min(len(f.said), mostShown)] {
		text := s.text
		if s.null {
			text = "null"
		}
		if len(text) > longestShown {
			cut := longestShown
			for cut > 0 && !utf8.RuneStart(text[cut]) {
				cut--
			}
			text = text[:cut] + "…"
		}
		list = append(list, text)
	}
	return list
}
