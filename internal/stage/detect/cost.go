package detect

import "time"

// Cost is what one rule takes since it was loaded, estimated from a sample of
// its evaluations.
type Cost struct {
	Rule        string
	Evaluations uint64
	Matches     uint64
	Spent       time.Duration
}
