package oracle

import (
	"testing"

	"pgregory.net/rapid"
)

// TestRunsDecideNothing: what spares work in meets does not change its answers.
func TestRunsDecideNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPattern(parseSigns(rapid.StringOfN(rapid.SampledFrom([]rune(`aAbK*?\ſ`)), 0, 8, -1).Draw(t, "value")), rapid.Bool().Draw(t, "cased"))
		x := newText(rapid.StringOfN(rapid.SampledFrom([]rune(`aAbkK*?\s`)), 0, 8, -1).Draw(t, "text"))
		chars := x.folded
		if p.cased {
			chars = x.plain
		}
		if p.meets(x) != p.meetsSlowly(chars) {
			t.Fatalf("%v and %q", p, x.plainText)
		}
	})
}
