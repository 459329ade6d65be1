package oracle

import (
	"slices"
	"strings"
	"unicode"
)

// sign is one character of a rule's value.
type sign struct {
	kind signKind
	char rune // of a plain sign
}

type signKind int

const (
	plain signKind = iota
	one            // ?: a single mandatory character
	many           // *: any number of characters
	dash           // one of the characters that windash makes interchangeable
)

// parseSigns reads a value (Rules: String Wildcard, Escape Character). A
// backslash takes the meaning from a wildcard or a backslash after it, and is
// itself before anything else.
func parseSigns(value string) []sign {
	chars := []rune(value)
	var signs []sign
	for i := 0; i < len(chars); i++ {
		switch c := chars[i]; {
		case c == '\\' && i+1 < len(chars) && (chars[i+1] == '*' || chars[i+1] == '?' || chars[i+1] == '\\'):
			i++
			signs = append(signs, sign{plain, chars[i]})
		case c == '*':
			signs = append(signs, sign{kind: many})
		case c == '?':
			signs = append(signs, sign{kind: one})
		default:
			signs = append(signs, sign{plain, c})
		}
	}
	return signs
}

// fold names the orbit of a character under simple case folding by its smallest
// member (House: case).
func fold(c rune) rune {
	smallest := c
	for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
		smallest = min(smallest, other)
	}
	return smallest
}

// pattern is a value ready to be compared, its case taken away unless it counts.
type pattern struct {
	signs []sign
	cased bool
	runs  []string // its unbroken plain parts
}

func newPattern(signs []sign, cased bool) pattern {
	p := pattern{cased: cased}
	run := ""
	for _, s := range append(slices.Clone(signs), sign{kind: many}) {
		if s.kind == plain && !cased {
			s.char = fold(s.char)
		}
		p.signs = append(p.signs, s)
		switch {
		case s.kind == plain:
			run += string(s.char)
		case run != "":
			p.runs = append(p.runs, run)
			run = ""
		}
	}
	p.signs = p.signs[:len(signs)]
	return p
}

// meets says whether a whole text is as the pattern says. That every run must be
// found in the text decides nothing, but spares most of the work.
func (p pattern) meets(t text) bool {
	chars, whole := t.folded, t.foldedText
	if p.cased {
		chars, whole = t.plain, t.plainText
	}
	for _, run := range p.runs {
		if !strings.Contains(whole, run) {
			return false
		}
	}
	return p.meetsSlowly(chars)
}

func (p pattern) meetsSlowly(chars []rune) bool {
	m := matching{chars: chars}
	return m.from(p.signs, 0)
}

type matching struct {
	chars  []rune
	failed map[[2]int]bool // stars and positions tried in vain, lest time grows without bound
}

// from says whether the characters from position at on are as value says.
func (m *matching) from(value []sign, at int) bool {
	for i, s := range value {
		if s.kind == many {
			return m.star(value[i+1:], at)
		}
		if at == len(m.chars) || !s.is(m.chars[at]) {
			return false
		}
		at++
	}
	return at == len(m.chars)
}

func (s sign) is(c rune) bool {
	switch s.kind {
	case one:
		return true
	case dash:
		return isDash(c)
	default:
		return s.char == c
	}
}

// star lets a * take no character, then one, then two, and so on.
func (m *matching) star(rest []sign, at int) bool {
	if len(rest) == 0 {
		return true
	}
	key := [2]int{len(rest), at}
	if m.failed[key] {
		return false
	}
	for end := at; end <= len(m.chars); end++ {
		if m.from(rest, end) {
			return true
		}
	}
	if m.failed == nil {
		m.failed = map[[2]int]bool{}
	}
	m.failed[key] = true
	return false
}
