package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
)

// filter suppresses what other rules find (Sigma filters specification 2.1).
type filter struct {
	rule   detect.Rule
	source logsource
	section
	keep expr // what must hold for a rule to be met still
}

var errAmbiguous = errors.New(`filter.condition: is read in two ways: name what is to be suppressed, or write "not (...)" around it`)

// kept turns a filter's condition into what must hold. The specification's own
// example names what is to be suppressed ("condition: selection"); what is
// published is joined by "and" as it stands ("condition: not selection"). Both
// are understood: a condition of which every selection is negated says what must
// hold, one of which none is says what to suppress. One that is mixed would mean
// the opposite by the one reading of what it means by the other.
func kept(e expr) (expr, error) {
	if _, negated := bare(e).(not); negated {
		return e, nil
	}
	switch plain, negated := polarity(e, false); {
	case plain && negated:
		return nil, errAmbiguous
	case negated:
		return e, nil
	}
	return not{e}, nil
}

// bare is a condition without its text.
func bare(e expr) expr {
	if n, ok := e.(noted); ok {
		return n.expr
	}
	return e
}

// polarity tells whether selections occur under an even and under an odd number
// of negations.
func polarity(e expr, under bool) (plain, negated bool) {
	var list []expr
	switch e := bare(e).(type) {
	case one:
		return !under, under
	case not:
		return polarity(e.of, !under)
	case all:
		list = e.of
	case some:
		list = e.of
	}
	for _, x := range list {
		p, n := polarity(x, under)
		plain, negated = plain || p, negated || n
	}
	return plain, negated
}

// filter adds the filters to the rules that they name.
func (l *loader) filter() {
	for _, e := range l.order {
		if e.replaced || e.rule.Kind != detect.KindFilter || e.doc.ours.Off {
			continue
		}
		f, rules, err := l.readFilter(e)
		if err != nil {
			l.fail(e.rule, err)
			continue
		}
		for _, other := range rules {
			other.compiled.add(&f)
			other.compiled.rule.Filters = append(other.compiled.rule.Filters, f.rule.Title)
		}
		l.set.filters = append(l.set.filters, f)
	}
}

// readFilter finds the rules of a filter. A rule that is not known is told of; if
// none of them is, the filter has failed.
func (l *loader) readFilter(e *entry) (filter, []*entry, error) {
	f := filter{rule: e.rule, source: e.doc.source, section: e.section}
	var err error
	if f.keep, err = kept(e.section.condition); err != nil {
		return f, nil, at(e.doc.filter, err)
	}
	node := child(e.doc.filter, "rules")
	var names []string
	if node == nil {
		return f, nil, at(e.doc.filter, errors.New("filter.rules: want the rules, or any"))
	}
	if err := readTexts(node, &names); err != nil {
		return f, nil, fmt.Errorf("filter.rules: %w", err)
	}
	if len(names) == 1 && strings.EqualFold(names[0], "any") {
		return f, l.within(f.source), nil
	}
	rules, doubts := l.filtered(f.source, names)
	if len(rules) == 0 {
		doubts = append(doubts, "filter.rules: there is nothing to filter")
		return f, nil, at(node, errors.New(strings.Join(doubts, "; ")))
	}
	if f.rule.Warning != "" {
		doubts = slices.Insert(doubts, 0, f.rule.Warning)
	}
	f.rule.Warning = strings.Join(doubts, "; ")
	return f, rules, nil
}

// filtered finds rules by their ids or names, and says of each that it cannot
// filter why.
func (l *loader) filtered(source logsource, names []string) (rules []*entry, doubts []string) {
	for _, name := range names {
		e := l.find(name)
		switch {
		case e == nil:
			doubts = append(doubts, "filter.rules: "+l.missing(name))
		case e.compiled == nil:
			doubts = append(doubts, fmt.Sprintf("filter.rules: %q is a %s, where a rule over single events is wanted", name, e.rule.Kind))
		case !source.includes(e.doc.source):
			doubts = append(doubts, fmt.Sprintf("filter.rules: %q is of another log source than the filter", name))
		case !slices.Contains(rules, e):
			rules = append(rules, e)
		}
	}
	return rules, doubts
}

// within lists the rules of a log source.
func (l *loader) within(source logsource) (rules []*entry) {
	for _, e := range l.order {
		if !e.replaced && e.compiled != nil && source.includes(e.doc.source) {
			rules = append(rules, e)
		}
	}
	return rules
}

// includes tells whether the other log source is the same or a part of this one.
func (s logsource) includes(other logsource) bool {
	same := func(general, special string) bool { return general == "" || general == special }
	return same(s.Product, other.Product) && same(s.Category, other.Category) && same(s.Service, other.Service)
}

// add joins a filter's condition to a rule's.
func (c *compiled) add(f *filter) {
	c.condition = all{[]expr{c.condition, shifted(f.keep, len(c.selections))}}
	c.selections = slices.Concat(c.selections, f.selections)
	c.filters = append(c.filters, f)
}

// shifted renumbers the selections of a condition.
func shifted(e expr, by int) expr {
	each := func(list []expr) []expr {
		out := make([]expr, len(list))
		for i, x := range list {
			out[i] = shifted(x, by)
		}
		return out
	}
	switch e := e.(type) {
	case noted:
		return noted{shifted(e.expr, by), e.text}
	case one:
		return one{e.sel + by}
	case not:
		return not{shifted(e.of, by)}
	case all:
		return all{each(e.of)}
	case some:
		return some{each(e.of), e.need}
	}
	return e
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
