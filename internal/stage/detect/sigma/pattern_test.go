package sigma

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{`abc`, `abc`, true}, {`abc`, `abcd`, false}, {`a*c`, `abbc`, true}, {`a?c`, `abc`, true}, {`a?c`, `ac`, false},
		{`*`, ``, true}, {`?`, ``, false}, {`?*`, `x`, true}, {`*\*`, `a*`, true}, {`a\*`, `a*`, true}, {`a\*`, `ab`, false},
		{`a\?`, `a?`, true}, {`C:\Windows\*`, `C:\Windows\`, false}, {`C:\Windows\\*`, `C:\Windows\cmd`, true},
		{`\\server`, `\server`, true}, {`\\\\server`, `\\server`, true}, {`a\b`, `a\b`, true}, {`\`, `\`, true},
		{`*é?`, `caféx`, true}, {`a**b`, `ab`, true}, {`*a*b*`, `xxaxxbxx`, true}, {`*a*b*`, `xxbxxaxx`, false},
	} {
		p := newPattern(parsePattern(c.pattern))
		if got := p.match(c.text); got != c.want {
			t.Errorf("%q against %q: %t", c.pattern, c.text, got)
		}
	}
}

// TestPatternsAgreeWithRegexps compares with a translation into regular expressions.
func TestPatternsAgreeWithRegexps(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune(`ab*?\é`)), 0, 12, -1)
	texts := rapid.StringOfN(rapid.SampledFrom([]rune(`ab*?\é`)), 0, 16, -1)
	rapid.Check(t, func(t *rapid.T) {
		pieces := parsePattern(letters.Draw(t, "pattern"))
		var expr strings.Builder
		expr.WriteString(`(?s)\A`)
		for _, p := range pieces {
			switch {
			case p.many:
				expr.WriteString(`.*`)
			case p.one:
				expr.WriteString(`.`)
			default:
				expr.WriteString(regexp.QuoteMeta(p.literal))
			}
		}
		expr.WriteString(`\z`)
		text := texts.Draw(t, "text")
		p := newPattern(pieces)
		if want := regexp.MustCompile(expr.String()).MatchString(text); p.match(text) != want {
			t.Fatalf("%v against %q: %t", pieces, text, !want)
		}
	})
}

// TestGlobIsNotExponential: many stars against a text that almost fits.
func TestGlobIsNotExponential(t *testing.T) {
	p := newPattern(parsePattern(strings.Repeat("a*", 200) + "b"))
	if p.match(strings.Repeat("a", 20_000)) {
		t.Error("met")
	}
}
