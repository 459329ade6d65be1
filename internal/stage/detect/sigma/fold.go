package sigma

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold gives texts that differ only in case the same form: the smallest rune of
// each simple-folding orbit (Unicode, CaseFolding.txt, statuses C and S), with
// ASCII letters in lower case. It allocates nothing for text that is in that
// form already.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return strings.Map(foldRune, s)
		}
		if 'A' <= c && c <= 'Z' {
			return foldFrom(s, i)
		}
	}
	return s
}

func foldFrom(s string, from int) string {
	b := []byte(s)
	for i := from; i < len(b); i++ {
		switch c := b[i]; {
		case c >= utf8.RuneSelf:
			return strings.Map(foldRune, s)
		case 'A' <= c && c <= 'Z':
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}
