package sigma

import (
	"strings"
	"testing"
)

// What only PCRE has is refused by its name, and by how it begins.
func TestConstructsAreNamed(t *testing.T) {
	for expr, want := range map[string]string{
		`a(?=b)`: "look-ahead, (?=,", `a(?!b)`: "negative look-ahead, (?!,", `(?<=a)b`: "look-behind, (?<=,", `(?<!a)b`: "negative look-behind, (?<!,",
		`(?P<n>a)(?P=n)`: "a back-reference by name, (?P=,", `(a)\1`: `a back-reference, \1,`, `(?<n>a)\k<n>`: `a back-reference, \k,`,
		`(?x)a b`: "the flag x, (?x,", `(?ix)a`: "the flag x, (?ix,", `(?i-x:a)`: "the flag x, (?i-x,", `(?J)a`: "the flag J, (?J,", `(?n)a`: "the flag n, (?n,",
		`(?^a)`:  "the flag ^, (?^,",
		`(?P>n)`: "recursion, (?P>,", `(?R)`: "recursion, (?R,", `(?1)`: "recursion, (?1,", `(?-1)`: "recursion, (?-1,", `(?+1)`: "recursion, (?+,",
		`(?C1)`: "a callout, (?C,", `(?'n'a)`: "a name in quotes (write (?P<name>), (?',", `a++`: "a possessive repetition, ++,",
		`a**`: "a repetition of a repetition, **,", `\N`: `any but a line feed (write [^\n]), \N,`, `\e`: `an escape character (write \x1b), \e,`,
		`\cA`: `a control character, \c,`, `\u0041`: `a character by its number in this form, \u,`, `\i`: `the escape, \i,`,
		`[[:foo:]]`: "a class of characters of that name, [:foo:],", `\p{Foo}`: `a class of characters of that name, \p{Foo},`, `(?>a)`: "an atomic group, (?>,",
	} {
		_, err := compileRegexp(expr, "")
		if err == nil || !strings.HasPrefix(err.Error(), "re: "+want+" is not supported") {
			t.Errorf("%s: %v, want %s", expr, err, want)
		}
	}
	for _, expr := range []string{`(?i)a`, `(?P<n>a)`, `(?<n>a)`, `(?i-s:a)`, `\Qa\E`, `[[:alpha:]]`, `\p{Greek}`} {
		if _, err := compileRegexp(expr, ""); err != nil {
			t.Errorf("%s: %v", expr, err)
		}
	}
}
