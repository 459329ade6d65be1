package index

import (
	"math/bits"
	"strings"
)

// Sieve tells quickly of most texts that they hold none of a few patterns, by
// looking at every fifth byte or so: of each pattern a window of equal length is
// taken, with every five bytes in it; whatever holds the window has five of those
// at one of the places that are looked at.
type Sieve struct {
	step  int
	grams []uint64 // with open addressing; 0 is none
	shift int
	// numeric tells that a pattern may be found in a number.
	numeric bool
}

// Bounds of a sieve: shorter windows are looked for too often, more patterns are
// found too often.
const (
	shortestWindow = 7
	longestWindow  = 12
	mostGrams      = 512
)

// gramSize is chosen so that ordinary text has few of them.
const gramSize = 5

// NewSieve returns the sieve of some patterns, or nil if there is none for them.
// Windows hold only ASCII characters that clean accepts: a text that is looked at
// may write others in other ways.
func NewSieve(patterns []string, clean func(byte) bool) *Sieve {
	window := longestWindow
	for _, p := range patterns {
		window = min(window, longestClean(Fold(p), clean))
	}
	if window < shortestWindow || len(patterns)*(window-gramSize+1) > mostGrams {
		return nil
	}
	size := bits.Len(uint(len(patterns) * (window - gramSize + 1) * 8))
	s := &Sieve{step: window - gramSize + 1, grams: make([]uint64, 1<<size), shift: 64 - size}
	for _, p := range patterns {
		s.add(rarest(Fold(p), window, clean))
	}
	return s
}

func (s *Sieve) add(window string) {
	s.numeric = s.numeric || strings.Trim(window, "0123456789+-.e") == ""
	for i := 0; i+gramSize <= len(window); i++ {
		g := gram(window, i)
		s.grams[s.seek(g)] = g
	}
}

// seek finds a gram, or the place where it would stand.
func (s *Sieve) seek(g uint64) int {
	at := int(g * 0x9E3779B97F4A7C15 >> s.shift)
	for s.grams[at] != 0 && s.grams[at] != g {
		at = (at + 1) & (len(s.grams) - 1)
	}
	return at
}

// gram is five bytes of a text; letters in either case, and a few other
// characters, are not told apart.
func gram(s string, at int) uint64 {
	if at+8 <= len(s) {
		return (load8(s, at) | ones*' ') & (1<<(8*gramSize) - 1)
	}
	return (load(s[at:at+gramSize]) | ones*' ') & (1<<(8*gramSize) - 1)
}

// May tells whether a text may hold one of the patterns. It is wrong about texts
// that hold runes that fold to ASCII without being it: see Odd.
func (s *Sieve) May(text string) bool {
	for at := 0; at+gramSize <= len(text); at += s.step {
		g := gram(text, at)
		if s.grams[s.seek(g)] == g {
			return true
		}
	}
	return false
}

// Numeric tells whether a number, however it is written, may hold a pattern.
func (s *Sieve) Numeric() bool { return s.numeric }

// Odd tells whether a text holds runes that are not ASCII but fold to it.
func Odd(text string) bool {
	return strings.Contains(text, "\u017f") || strings.Contains(text, "\u212a")
}

func longestClean(p string, clean func(byte) bool) (longest int) {
	run := 0
	for i := range len(p) {
		if run++; p[i] >= 0x80 || !clean(p[i]) {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// byFrequency lists the letters of technical English, the most frequent first;
// everything else is rarer, but for the blank.
const byFrequency = " etaionsrlcdupmhgfyb"

// rarest is the window of a pattern whose most frequent gram is the least so.
func rarest(p string, window int, clean func(byte) bool) (best string) {
	most := -1
	for i := 0; i+window <= len(p); i++ {
		w := p[i : i+window]
		if longestClean(w, clean) < window {
			continue
		}
		least := rarity(w[:gramSize])
		for j := 1; j+gramSize <= window; j++ {
			least = min(least, rarity(w[j:j+gramSize]))
		}
		if least > most {
			best, most = w, least
		}
	}
	return best
}

func rarity(gram string) (rank int) {
	for i := range len(gram) {
		if n := strings.IndexByte(byFrequency, gram[i]); n >= 0 {
			rank += n
		} else {
			rank += 2 * len(byFrequency)
		}
	}
	return rank
}
