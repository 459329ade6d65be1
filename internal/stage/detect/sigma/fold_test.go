package sigma

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFoldAgreesWithEqualFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.String().Draw(t, "a")
		b := rapid.OneOf(rapid.String(), rapid.Just(strings.ToUpper(a)), rapid.Just(strings.ToLower(a)), rapid.Just(strings.ToTitle(a))).Draw(t, "b")
		if (fold(a) == fold(b)) != strings.EqualFold(a, b) {
			t.Fatalf("%q and %q: folded %q and %q, EqualFold %t", a, b, fold(a), fold(b), strings.EqualFold(a, b))
		}
		if fold(fold(a)) != fold(a) {
			t.Fatalf("%q is not folded for good", a)
		}
	})
}

func TestFoldOfSpecialLetters(t *testing.T) {
	for _, same := range [][2]string{{"K", "k"}, {"K", "k"}, {"ſ", "S"}, {"Σ", "ς"}, {"É", "é"}, {"ABC", "abc"}} {
		if fold(same[0]) != fold(same[1]) {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
	if fold("ß") == fold("ss") {
		t.Error("full folding is not asked for")
	}
}
