package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// meets is what a kind means, slowly.
func (k Kind) meets(text, pattern string) bool {
	text, pattern = Fold(text), Fold(pattern)
	switch k {
	case Contains:
		return strings.Contains(text, pattern)
	case Prefix:
		return strings.HasPrefix(text, pattern)
	case Suffix:
		return strings.HasSuffix(text, pattern)
	}
	return text == pattern
}

type wanted struct {
	kind Kind
	text string
}

func build(patterns []wanted) *Index {
	var b Builder
	for i, p := range patterns {
		b.Add(p.kind, p.text, int32(i))
	}
	return b.Build()
}

// check compares what an index finds in texts with what each pattern means.
func check(t interface{ Fatalf(string, ...any) }, patterns []wanted, texts []string) {
	ix := build(patterns)
	found := NewFound(len(patterns))
	var buf []byte
	for _, s := range texts {
		found.Clear()
		var ready string
		ready, buf = Ready(s, buf[:0])
		ix.Ends(ready, found)
		ix.Parts(ready, found)
		have := slices.Sorted(slices.Values(found.List()))
		var want []int32
		for i, p := range patterns {
			if p.kind.meets(s, p.text) {
				want = append(want, int32(i))
			}
			if found.Has(int32(i)) != p.kind.meets(s, p.text) {
				t.Fatalf("text %q, pattern %d %q: found %v", s, p.kind, p.text, found.Has(int32(i)))
			}
		}
		if !slices.Equal(have, want) {
			t.Fatalf("text %q, patterns %q: found %v, want %v", s, patterns, have, want)
		}
	}
}

// alphabet makes overlaps likely and holds what folding is hard for: the long s
// and the Kelvin sign, whose small letters are ASCII; sharp s; sigma, which has
// two small forms; a sign without case; a byte that is no UTF-8.
var alphabet = []string{"a", "A", "b", "k", "K", "s", "S", "\\", ".", "\u017f", "\u212a", "ß", "ẞ", "Σ", "ς", "σ", "é", "É", "µ", "Ω", "–", "\xff", "\x00"}

func word(longest int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, longest).Draw(t, "letters"), "")
	})
}

func TestFindsWhatEachPatternMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var patterns []wanted
		for range rapid.IntRange(0, 30).Draw(t, "patterns") {
			patterns = append(patterns, wanted{Kind(rapid.IntRange(0, 3).Draw(t, "kind")), word(5).Draw(t, "pattern")})
		}
		texts := rapid.SliceOfN(word(24), 1, 8).Draw(t, "texts")
		for _, p := range patterns {
			texts = append(texts, p.text, strings.ToUpper(p.text))
		}
		check(t, patterns, texts)
	})
}

func TestLongTexts(t *testing.T) {
	var patterns []wanted
	for i := range 400 {
		patterns = append(patterns, wanted{Kind(i % 4), fmt.Sprintf(`\folder-%d\Program%d.EXE`, i%37, i)})
	}
	long := strings.Repeat(`c:\FOLDER-3\program`, 2000)
	texts := []string{long, long + patterns[31].text, patterns[30].text + long, long[:300] + patterns[1].text + long, strings.Repeat("é", 1000) + patterns[5].text}
	check(t, patterns, texts)
}

// TestFoldsEveryRune: the short cuts of FoldRune give what the tables give.
func TestFoldsEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if FoldRune(r) != leastOfOrbit(r) {
			t.Fatalf("U+%04X becomes U+%04X, want U+%04X", r, FoldRune(r), leastOfOrbit(r))
		}
		if next := unicode.SimpleFold(r); FoldRune(next) != FoldRune(r) {
			t.Fatalf("U+%04X and U+%04X differ", r, next)
		}
	}
}

func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(word(12), rapid.String()).Draw(t, "text")
		if Fold(Fold(s)) != Fold(s) {
			t.Fatalf("%q becomes %q, that %q", s, Fold(s), Fold(Fold(s)))
		}
		if ASCII(s) != (strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0) {
			t.Fatalf("ASCII(%q) = %v", s, ASCII(s))
		}
	})
}

func TestFoundForgets(t *testing.T) {
	f := NewFound(3)
	f.Add(1)
	f.now = ^uint32(0)
	f.Add(2)
	f.Clear() // the stamps begin again
	if f.Has(0) || f.Has(1) || f.Has(2) || len(f.List()) != 0 {
		t.Error("a cleared set holds numbers")
	}
}

func TestAllocatesNothing(t *testing.T) {
	ix := build([]wanted{{Contains, "mimikatz"}, {Suffix, `\cmd.exe`}, {Prefix, "c:"}, {Equals, "4688"}})
	found, buf := NewFound(4), make([]byte, 0, 100)
	if n := testing.AllocsPerRun(100, func() {
		found.Clear()
		ready, _ := Ready(`C:\Tools\Mimikätz\cmd.exe`, buf)
		ix.Ends(ready, found)
		ix.Parts(ready, found)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzIndex(f *testing.F) {
	f.Add("cmd\x00.exe\x00K", `c:\windows\CMD.exe`)
	f.Add("\u017f\x00ß", "SS\xff")
	f.Fuzz(func(t *testing.T, patterns, text string) {
		var list []wanted
		for i, p := range strings.Split(patterns, "\x00") {
			list = append(list, wanted{Kind(i % 4), p})
		}
		if len(patterns) < 2000 {
			check(t, list, []string{text})
		}
	})
}

func BenchmarkParts(b *testing.B) {
	var patterns []wanted
	for i := range 5000 {
		patterns = append(patterns, wanted{Contains, fmt.Sprintf("pattern %d-%d", i*7919%5000, i)})
	}
	ix, found := build(patterns), NewFound(len(patterns))
	text := strings.Repeat(`C:\Windows\System32\svchost.exe -k netsvcs `, 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		found.Clear()
		ix.Parts(text, found)
	}
}
