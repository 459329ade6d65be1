package sigma

import "strings"

// pattern is a Sigma string: literal text with the wildcards * (any text) and ?
// (any one rune).
type pattern struct {
	kind shape
	text string  // for all shapes but glob
	glob []piece // for glob
}

type shape uint8

const (
	exact shape = iota
	contains
	startsWith
	endsWith
	anything
	glob
)

// piece is one element of a glob: literal text, or a wildcard.
type piece struct {
	literal string
	one     bool // ?
	many    bool // *
}

// parsePattern reads Sigma's escapes: a backslash makes a following *, ? or
// backslash itself; before anything else it is a backslash.
func parsePattern(s string) []piece {
	var pieces []piece
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			pieces = append(pieces, piece{literal: lit.String()})
			lit.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == '*' || s[i+1] == '?' || s[i+1] == '\\'):
			i++
			lit.WriteByte(s[i])
		case c == '*':
			flush()
			if n := len(pieces); n == 0 || !pieces[n-1].many {
				pieces = append(pieces, piece{many: true})
			}
		case c == '?':
			flush()
			pieces = append(pieces, piece{one: true})
		default:
			lit.WriteByte(c)
		}
	}
	flush()
	return pieces
}

// literalOf gives the text of pieces without wildcards.
func literalOf(pieces []piece) (string, bool) {
	switch {
	case len(pieces) == 0:
		return "", true
	case len(pieces) == 1 && !pieces[0].one && !pieces[0].many:
		return pieces[0].literal, true
	}
	return "", false
}

// openAt adds a * at an end that has none.
func openAt(pieces []piece, front, back bool) []piece {
	if front && (len(pieces) == 0 || !pieces[0].many) {
		pieces = append([]piece{{many: true}}, pieces...)
	}
	if back && (len(pieces) == 0 || !pieces[len(pieces)-1].many) {
		pieces = append(pieces[:len(pieces):len(pieces)], piece{many: true})
	}
	return pieces
}

// newPattern chooses the cheapest shape that means the same.
func newPattern(pieces []piece) pattern {
	if s, ok := literalOf(pieces); ok {
		return pattern{kind: exact, text: s}
	}
	front, back := pieces[0].many, pieces[len(pieces)-1].many
	inner := pieces
	if front {
		inner = inner[1:]
	}
	if back && len(inner) > 0 {
		inner = inner[:len(inner)-1]
	}
	s, plain := literalOf(inner)
	switch {
	case !plain:
		return pattern{kind: glob, glob: pieces}
	case s == "":
		return pattern{kind: anything}
	case front && back:
		return pattern{kind: contains, text: s}
	case front:
		return pattern{kind: endsWith, text: s}
	}
	return pattern{kind: startsWith, text: s}
}

// match tells whether the whole text meets the pattern. Both are folded, or
// neither.
func (p *pattern) match(s string) bool {
	switch p.kind {
	case exact:
		return s == p.text
	case contains:
		return strings.Contains(s, p.text)
	case startsWith:
		return strings.HasPrefix(s, p.text)
	case endsWith:
		return strings.HasSuffix(s, p.text)
	case anything:
		return true
	}
	return matchGlob(p.glob, s)
}

// matchGlob goes back only to the newest *, which suffices for globs: its time
// is at most the product of both lengths.
func matchGlob(pieces []piece, s string) bool {
	at, star, from := 0, -1, 0
	for i := 0; ; {
		if at < len(pieces) {
			switch p := pieces[at]; {
			case p.many:
				star, from = at, i
				at++
				continue
			case p.one && i < len(s):
				i += runeLen(s[i:])
				at++
				continue
			case !p.one && strings.HasPrefix(s[i:], p.literal):
				i += len(p.literal)
				at++
				continue
			}
		} else if i == len(s) {
			return true
		}
		if star < 0 || from >= len(s) {
			return false
		}
		from += runeLen(s[from:])
		at, i = star+1, from
	}
}

func runeLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}
