package source

import (
	"slices"
	"time"
)

// skews keeps the newest differences between a sender's clock and Warder's.
type skews struct {
	ring [skewSamples]time.Duration
	n    int // ever added
}

const (
	skewSamples = 101
	// skewFew is how many samples a statement needs.
	skewFew = 5
	// skewLarge is the difference at which joins in time become doubtful.
	skewLarge = 5 * time.Second
)

func (s *skews) add(d time.Duration) {
	s.ring[s.n%skewSamples] = d
	s.n++
}

// median is robust against records that waited in a sender's queue.
func (s *skews) median() (time.Duration, bool) {
	n := min(s.n, skewSamples)
	if n < skewFew {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(s.ring[:n]))
	return sorted[n/2], true
}

// SkewState says what is known of a source's clock.
type SkewState string

// The skew states.
const (
	SkewUnknown SkewState = "unknown" // too few records with a time of their own
	SkewOK      SkewState = "ok"
	SkewAhead   SkewState = "ahead"  // the sender's clock is fast
	SkewBehind  SkewState = "behind" // the sender's clock is slow, or its records come late
)

func (s *skews) state() (time.Duration, SkewState) {
	m, known := s.median()
	switch {
	case !known:
		return 0, SkewUnknown
	case m > skewLarge:
		return m, SkewAhead
	case m < -skewLarge:
		return m, SkewBehind
	}
	return m, SkewOK
}
