package query

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"warder/internal/kit/fault"
)

// Bounds of a query, so that no search is a burden by its text alone.
const (
	maxText  = 8192 // bytes
	maxTerms = 256
	maxDepth = 64 // parentheses and negations
)

// Parse reads a query. An empty one meets every event. Errors are fault.Invalid
// and say what would be right; those of the language are an *Error and say where.
func Parse(text string) (Node, error) {
	if len(text) > maxText {
		return nil, fault.New(fault.Invalid, "the search is %d bytes long; at most %d are read", len(text), maxText)
	}
	if !utf8.ValidString(text) {
		return nil, fault.New(fault.Invalid, "the search is not valid UTF-8")
	}
	n, err := parse(text)
	return n, located(err, text)
}

func parse(text string) (Node, error) {
	p := &parser{lexer: lexer{in: text}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.token.kind == end {
		return And{}, nil
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.token.kind != end {
		return nil, wrong(p.token.at, "a parenthesis closes that was never opened")
	}
	return n, nil
}

type parser struct {
	lexer
	token token
	terms int
	depth int
}

func (p *parser) advance() (err error) {
	p.token, err = p.next()
	return err
}

func (p *parser) or() (Node, error) {
	var all Or
	for {
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if p.token.kind != or {
			break
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return flatOr(all), nil
}

func (p *parser) and() (Node, error) {
	var all And
	for {
		n, err := p.not()
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if p.token.kind == and {
			if err := p.advance(); err != nil {
				return nil, err
			}
			continue
		}
		if k := p.token.kind; k == end || k == or || k == shut {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return flatAnd(all), nil
}

// flatAnd and flatOr take away parentheses that change nothing, so that a query
// that was written again reads as the same tree.
func flatAnd(in And) And {
	var out And
	for _, n := range in {
		if inner, ok := n.(And); ok {
			out = append(out, inner...)
			continue
		}
		out = append(out, n)
	}
	return out
}

func flatOr(in Or) Or {
	var out Or
	for _, n := range in {
		if inner, ok := n.(Or); ok {
			out = append(out, inner...)
			continue
		}
		out = append(out, n)
	}
	return out
}

func (p *parser) not() (Node, error) {
	if p.token.kind != minus && p.token.kind != not {
		return p.primary()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.not()
	p.depth--
	if err != nil {
		return nil, err
	}
	if inner, ok := n.(Not); ok {
		return inner.Node, nil
	}
	return Not{n}, nil
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return wrong(p.token.at, "it is nested deeper than %d levels", maxDepth)
	}
	return nil
}

func (p *parser) primary() (Node, error) {
	switch p.token.kind {
	case open:
		return p.group()
	case field:
		name := p.token
		if err := p.advance(); err != nil {
			return nil, err
		}
		if name.text == "" {
			return nil, wrong(name.at, "a field needs a name")
		}
		if p.token.kind == end {
			return nil, wrong(name.at, "a value is missing after %s:", name.text)
		}
		return p.term(name.text)
	case word, quoted, regex:
		return p.term("")
	case shut:
		return nil, wrong(p.token.at, "something is missing before )")
	case end:
		return nil, wrong(p.token.at, "something is missing at the end")
	}
	return nil, wrong(p.token.at, "%s needs something on both sides; to search for the word, put it in quotes", p.token.text)
}

func (p *parser) group() (Node, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	begin := p.token.at
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.token.kind != shut {
		return nil, wrong(begin, "the parenthesis that opens here does not close")
	}
	p.depth--
	return n, p.advance()
}

func (p *parser) term(name string) (Node, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, wrong(p.token.at, "it has more than %d terms", maxTerms)
	}
	t := newTerm(name)
	switch text := p.token.text; p.token.kind {
	case regex:
		compiled, err := regexp.Compile("(?i)" + text)
		if err != nil {
			return nil, wrong(p.token.at, "/%s/ is no regular expression (RE2): %v", text, err)
		}
		t.regex, t.pattern = compiled, text
	case quoted:
		t.parts = literal(text)
	default:
		if err := t.read(text); err != nil {
			return nil, wrong(p.token.at, "%v", err)
		}
	}
	return t, p.advance()
}

// read takes bare text: numbers, or a pattern.
func (t *Term) read(text string) error {
	if text[0] == '>' || text[0] == '<' {
		if t.Field == "" {
			return fmt.Errorf("%s needs a field before it, as in sensor.value:%s", text, text)
		}
		n, ok := readNumbers(text)
		if !ok {
			return fmt.Errorf("after %c a number is needed; to search for the text, put it in quotes", text[0])
		}
		t.numbers = n
		return nil
	}
	if n, ok := readNumbers(text); ok && t.Field != "" {
		t.numbers = n
		return nil
	}
	t.parts = pattern(text)
	return nil
}

// readNumbers reads >8, >=8, <8, <=8 and 2..8.
func readNumbers(s string) (*numbers, bool) {
	number := func(s string) (float64, bool) {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	n := &numbers{low: math.Inf(-1), high: math.Inf(1)}
	var ok bool
	switch {
	case strings.HasPrefix(s, ">"):
		rest, inclusive := strings.CutPrefix(s[1:], "=")
		n.low, ok = number(rest)
		n.lowOpen = !inclusive
	case strings.HasPrefix(s, "<"):
		rest, inclusive := strings.CutPrefix(s[1:], "=")
		n.high, ok = number(rest)
		n.highOpen = !inclusive
	default:
		var okToo bool
		low, high, found := strings.Cut(s, "..")
		n.low, ok = number(low)
		n.high, okToo = number(high)
		ok = ok && okToo && found
	}
	return n, ok
}

// pattern reads bare text with stars and escapes.
func pattern(s string) []part {
	var parts []part
	var b strings.Builder
	flush := func() {
		parts = append(parts, literal(b.String())...)
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && escapable(s[i+1]):
			i++
			b.WriteByte(s[i])
		case c == '*':
			flush()
			if len(parts) == 0 || !parts[len(parts)-1].star {
				parts = append(parts, part{star: true})
			}
		default:
			b.WriteByte(c)
		}
	}
	flush()
	return parts
}

func literal(s string) []part {
	if s == "" {
		return nil
	}
	return []part{{text: fold(s), raw: s}}
}

// quoteIn writes a literal that stands beside a star, where quotes cannot be.
func quoteIn(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == '/' && i > 0 {
			b.WriteRune(r) // only at the beginning could it be taken for a regular expression
			continue
		}
		if r < utf8.RuneSelf && escapable(byte(r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
