package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// expr is a condition, a boolean program over selections: one, not, all, some, or
// in explanations noted.
type expr interface{ isExpr() }

type (
	one  struct{ sel int }
	not  struct{ of expr }
	all  struct{ of []expr }
	some struct {
		of   []expr
		need int
	}
)

func (one) isExpr()  {}
func (not) isExpr()  {}
func (all) isExpr()  {}
func (some) isExpr() {}

// Bounds of a condition: its nesting, its words, and the selections that its
// patterns name in all.
const (
	deepest   = 100
	mostWords = 10_000
	mostNamed = 100_000
)

var (
	errEmptyCondition = errors.New("condition: is empty")
	errAggregation    = errors.New("condition: aggregations (\"|\") were taken out of Sigma; write a correlation rule")
	errTooDeep        = errors.New("condition: parentheses are nested too deep")
	errTooLong        = fmt.Errorf("condition: has more than %d words, or its patterns name too many selections", mostWords)
)

// parseCondition reads a condition over selections with the names given; the
// index of a name is the selection's number.
func parseCondition(s string, names []string) (expr, error) {
	return (&conditionParser{names: names, noun: "selection"}).parse(s)
}

// noteCondition reads a condition and notes the text of each of its parts.
func noteCondition(s string, names []string) (expr, error) {
	return (&conditionParser{names: names, noun: "selection", noting: true}).parse(s)
}

func (p *conditionParser) parse(s string) (expr, error) {
	if strings.Contains(s, "|") {
		return nil, errAggregation
	}
	p.words = conditionWords(s)
	switch {
	case len(p.words) == 0:
		return nil, errEmptyCondition
	case len(p.words) > mostWords:
		return nil, errTooLong
	}
	e, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(p.words) {
		return nil, fmt.Errorf("condition: %q is one too many", p.words[p.at])
	}
	return e, nil
}

func conditionWords(s string) []string {
	s = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(s)
	return strings.Fields(s)
}

type conditionParser struct {
	words []string
	at    int
	names []string
	also  []string // what each may be called instead; nil where there is nothing else
	noun  string   // what the names are of
	named int      // selections that patterns named so far
	// noting makes parts remember their text, for explanations.
	noting bool
}

// noted is a part of a condition with its text.
type noted struct {
	expr
	text string
}

func (p *conditionParser) note(e expr, from int) expr {
	if !p.noting || e == nil {
		return e
	}
	text := strings.Join(p.words[from:p.at], " ")
	return noted{e, strings.NewReplacer("( ", "(", " )", ")").Replace(text)}
}

// take consumes the next word if it is the one given, whatever its case.
func (p *conditionParser) take(word string) bool {
	if p.at < len(p.words) && strings.EqualFold(p.words[p.at], word) {
		p.at++
		return true
	}
	return false
}

func (p *conditionParser) or(depth int) (expr, error) {
	from := p.at
	list, err := p.list(depth, "or", p.and)
	if err != nil || len(list) == 1 {
		return single(list), err
	}
	return p.note(some{list, 1}, from), nil
}

func (p *conditionParser) and(depth int) (expr, error) {
	from := p.at
	list, err := p.list(depth, "and", p.not)
	if err != nil || len(list) == 1 {
		return single(list), err
	}
	return p.note(all{list}, from), nil
}

func single(list []expr) expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func (p *conditionParser) list(depth int, word string, next func(int) (expr, error)) ([]expr, error) {
	var list []expr
	for {
		e, err := next(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if !p.take(word) {
			return list, nil
		}
	}
}

func (p *conditionParser) not(depth int) (expr, error) {
	if depth > deepest {
		return nil, errTooDeep
	}
	from := p.at
	if p.take("not") {
		e, err := p.not(depth + 1)
		return p.note(not{e}, from), err
	}
	if p.take("(") {
		e, err := p.or(depth + 1)
		if err == nil && !p.take(")") {
			err = errors.New("condition: a parenthesis is not closed")
		}
		return e, err
	}
	return p.operand()
}

// operand reads a selection's name, or "1 of ...", "all of ...", "any of ...".
func (p *conditionParser) operand() (expr, error) {
	if p.at >= len(p.words) {
		return nil, errors.New("condition: ends too early")
	}
	word := p.words[p.at]
	p.at++
	if p.at < len(p.words) && strings.EqualFold(p.words[p.at], "of") {
		p.at++
		e, err := p.of(word)
		return p.note(e, p.at-3), err
	}
	i := slices.Index(p.names, word)
	if i < 0 {
		i = slices.Index(p.also, word)
	}
	if i < 0 {
		return nil, fmt.Errorf("condition: there is no %s %q", p.noun, word)
	}
	return one{i}, nil
}

func (p *conditionParser) of(quantifier string) (expr, error) {
	if p.at >= len(p.words) {
		return nil, errors.New("condition: ends too early")
	}
	what := p.words[p.at]
	p.at++
	var list []expr
	named := selector(what)
	for i, name := range p.names {
		if named(name) || p.also != nil && named(p.also[i]) {
			list = append(list, one{i})
		}
	}
	p.named += len(list)
	switch {
	case p.named > mostNamed:
		return nil, errTooLong
	case len(list) == 0:
		return nil, fmt.Errorf("condition: no %s is named like %q", p.noun, what)
	case strings.EqualFold(quantifier, "all"):
		return all{list}, nil
	case strings.EqualFold(quantifier, "any"):
		return some{list, 1}, nil
	}
	need, err := strconv.Atoi(quantifier)
	if err != nil || need < 1 || need > len(list) {
		return nil, fmt.Errorf("condition: %q of %d %ss makes no sense", quantifier, len(list), p.noun)
	}
	return some{list, need}, nil
}

// selector tells which selections a pattern of "of" means. "them" is every one;
// those that are set aside by a leading underscore are only meant by a pattern
// that begins with it too.
func selector(what string) func(name string) bool {
	if strings.EqualFold(what, "them") {
		what = "*"
	}
	var pieces []piece
	for i, literal := range strings.Split(what, "*") {
		if i > 0 {
			pieces = append(pieces, piece{many: true})
		}
		if literal != "" {
			pieces = append(pieces, piece{literal: literal})
		}
	}
	return func(name string) bool {
		hidden := strings.HasPrefix(name, "_") && !strings.HasPrefix(what, "_")
		return !hidden && matchGlob(pieces, name)
	}
}
