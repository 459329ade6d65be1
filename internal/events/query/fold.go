package query

import (
	"strings"
	"unicode/utf8"
)

// fold is what "case never matters" means: lower case, as Unicode maps it.
func fold(s string) string { return strings.ToLower(s) }

// Fold returns the form in which values are compared.
func Fold(s string) string { return fold(s) }

// contains tells whether the folded text holds a text that is folded already.
// It avoids folding the whole text, which for the raw bytes of many events is
// what a search spends its time on.
func contains(s, folded string) bool {
	if ascii(folded) {
		if indexASCII(s, folded) {
			return true
		}
		if ascii(s) {
			return false
		}
	}
	return strings.Contains(fold(s), folded)
}

// ContainsFold tells whether s, folded, holds folded.
func ContainsFold(s, folded string) bool { return contains(s, folded) }

// indexASCII finds an ASCII text without regard to case.
func indexASCII(s, lower string) bool {
	if lower == "" {
		return true
	}
	first := lower[0]
	upper := first
	if 'a' <= first && first <= 'z' {
		upper = first - 'a' + 'A'
	}
	low, up := -1, -1 // where the first byte comes next, in each case; len(s) when never
	for at := 0; at+len(lower) <= len(s); at++ {
		low, up = next(s, first, low, at), next(s, upper, up, at)
		if at = min(low, up); at+len(lower) > len(s) {
			return false
		}
		if equalASCII(s[at+1:at+len(lower)], lower[1:]) {
			return true
		}
	}
	return false
}

func next(s string, b byte, known, from int) int {
	if known >= from {
		return known
	}
	at := strings.IndexByte(s[from:], b)
	if at < 0 {
		return len(s)
	}
	return from + at
}

func equalASCII(s, lower string) bool {
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
