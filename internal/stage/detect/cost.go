package detect

import "time"

// Cost is what one rule takes since it was loaded, estimated from a sample of
// its evaluations.
type Cost struct {
	Rule        string
	Evaluations uint64
	Matches     uint64
	Spent       time.Duration
	// Timed is how many evaluations the sample has, Long how many of these took
	// longer than LongEvaluation.
	Timed, Long uint64
}

// LongEvaluation is longer than any evaluation of a sound rule takes.
const LongEvaluation = 10 * time.Millisecond
