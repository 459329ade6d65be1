package index

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func verbatim(c byte) bool { return c != '\\' }

// TestSieveMissesNothing: a text that holds a pattern never falls through.
func TestSieveMissesNothing(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("abKS.1\\é")), 6, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		patterns := rapid.SliceOfN(letters, 1, 5).Draw(t, "patterns")
		s := NewSieve(patterns, verbatim)
		if s == nil {
			return
		}
		p := rapid.SampledFrom(patterns).Draw(t, "pattern")
		text := rapid.String().Draw(t, "before") + strings.ToUpper(p) + rapid.String().Draw(t, "after")
		if !s.May(text) && !Odd(text) {
			t.Fatalf("%q holds %q", text, p)
		}
	})
}

func TestSieveLetsMostFallThrough(t *testing.T) {
	s := NewSieve([]string{"sekurlsa::", "privilege::debug", `\mimilib.dll`, "kiwi legit printer"}, verbatim)
	if s == nil || s.Numeric() {
		t.Fatal("there is none")
	}
	for _, text := range []string{
		"", "abc", `C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule`,
		"Special privileges assigned to new logon. Subject: Security ID: S-1-5-18 Account Name: SYSTEM",
	} {
		if s.May(text) {
			t.Errorf("%q may", text)
		}
	}
	for _, few := range [][]string{{"short"}, {`a\b\c\d\e`}, {"ééééééé"}} {
		if NewSieve(few, verbatim) != nil {
			t.Errorf("%q has a sieve", few)
		}
	}
}
