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
		// No other letters fold into ASCII than the signs for Kelvin and the dotted I.
		if !strings.Contains(s, "\u212a") && !strings.Contains(s, "\u0130") {
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
	k := rarest(lower)
	first := lower[k]
	upper := first
	if 'a' <= first && first <= 'z' {
		upper = first - 'a' + 'A'
	}
	low, up := -1, -1 // where that byte comes next, in each case; len(s) when never
	for at := k; at+len(lower)-k <= len(s); at++ {
		low, up = next(s, first, low, at), next(s, upper, up, at)
		if at = min(low, up); at+len(lower)-k > len(s) {
			return false
		}
		if equalASCII(s[at-k:at-k+len(lower)], lower) {
			return true
		}
	}
	return false
}

// rarest returns the place of a byte that few texts hold: what comes early in this
// list is frequent in records.
func rarest(lower string) int {
	const frequent = "e0ati1onsrc\"2d:lm\\-,35p4. u8679f/_hgwbvykxjzq"
	best, rank := 0, -1
	for i := range len(lower) {
		at := strings.IndexByte(frequent, lower[i])
		if at < 0 {
			at = len(frequent)
		}
		if at > rank {
			best, rank = i, at
		}
	}
	return best
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
