package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// condition is a condition or a part of one.
type condition struct {
	// holds says whether it is true, given the search identifiers.
	holds func(identifier func(name string) bool) bool
	// plain and negated say whether it names search identifiers under an even and
	// under an odd number of negations, not whether all of it is a negation.
	plain, negated, not bool
}

func (c condition) with(other condition, holds func(id func(string) bool) bool) condition {
	return condition{holds: holds, plain: c.plain || other.plain, negated: c.negated || other.negated}
}

// parseCondition reads one condition (Rules: Condition). From the least to the
// most binding: or, and, not, x of, brackets.
func parseCondition(text string, names []string) (condition, error) {
	spaced := strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	p := &parser{words: strings.Fields(spaced), names: names}
	h, err := p.or()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("condition: %q is left over", p.words[0])
	}
	return h, err
}

type parser struct {
	words []string
	names []string
}

// take consumes the next word when it is the one named.
func (p *parser) take(word string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], word) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) or() (condition, error) {
	left, err := p.and()
	for err == nil && p.take("or") {
		var right condition
		right, err = p.and()
		before := left
		left = before.with(right, func(id func(string) bool) bool { return before.holds(id) || right.holds(id) })
	}
	return left, err
}

func (p *parser) and() (condition, error) {
	left, err := p.not()
	for err == nil && p.take("and") {
		var right condition
		right, err = p.not()
		before := left
		left = before.with(right, func(id func(string) bool) bool { return before.holds(id) && right.holds(id) })
	}
	return left, err
}

func (p *parser) not() (condition, error) {
	if p.take("not") {
		inner, err := p.not()
		return condition{
			holds: func(id func(string) bool) bool { return !inner.holds(id) },
			plain: inner.negated, negated: inner.plain, not: true,
		}, err
	}
	return p.operand()
}

func (p *parser) operand() (condition, error) {
	if p.take("(") {
		inner, err := p.or()
		if err == nil && !p.take(")") {
			err = fmt.Errorf("condition: a bracket is not closed")
		}
		return inner, err
	}
	if len(p.words) == 0 {
		return condition{}, fmt.Errorf("condition: ends too early")
	}
	word := p.words[0]
	p.words = p.words[1:]
	if p.take("of") {
		return p.of(word)
	}
	for _, name := range p.names {
		if name == word {
			return condition{holds: func(id func(string) bool) bool { return id(word) }, plain: true}, nil
		}
	}
	return condition{}, fmt.Errorf("condition: no search identifier %q", word)
}

// of is Rules: Condition, 1/all of them and 1/all of search-identifier-pattern.
// House: any of is 1 of, and other numbers than 1 are understood.
func (p *parser) of(quantity string) (condition, error) {
	if len(p.words) == 0 {
		return condition{}, fmt.Errorf("condition: %s of what?", quantity)
	}
	chosen := p.chosen(p.words[0])
	if len(chosen) == 0 {
		return condition{}, fmt.Errorf("condition: %s of %s: there is none", quantity, p.words[0])
	}
	p.words = p.words[1:]
	needed, err := strconv.Atoi(quantity)
	switch {
	case strings.EqualFold(quantity, "all"):
		needed, err = len(chosen), nil
	case strings.EqualFold(quantity, "any"):
		needed, err = 1, nil
	case err == nil && needed < 1:
		err = fmt.Errorf("condition: %s of", quantity)
	}
	return condition{plain: true, holds: func(id func(string) bool) bool {
		met := 0
		for _, name := range chosen {
			if id(name) {
				met++
			}
		}
		return met >= needed
	}}, err
}

// chosen lists the search identifiers that a pattern means, those that start
// with an underscore excluded. House: unless the pattern does too.
func (p *parser) chosen(pattern string) []string {
	if strings.EqualFold(pattern, "them") {
		pattern = "*"
	}
	var names []string
	for _, name := range p.names {
		excluded := strings.HasPrefix(name, "_") && !strings.HasPrefix(pattern, "_")
		if !excluded && starMatches(pattern, name) {
			names = append(names, name)
		}
	}
	return names
}

// starMatches knows * only (Rules: Condition: "matching is done with * wildcards").
func starMatches(pattern, name string) bool {
	if pattern == "" {
		return name == ""
	}
	if pattern[0] == '*' {
		return starMatches(pattern[1:], name) || name != "" && starMatches(pattern, name[1:])
	}
	return name != "" && name[0] == pattern[0] && starMatches(pattern[1:], name[1:])
}
