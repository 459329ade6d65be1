package count

import (
	"math"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Counter counts everything in one place and follows what correlations find to
// those that count them: the step without its exchange, for files that are read
// once and for trying rules. One goroutine uses it.
type Counter struct {
	state *partition
}

// NewCounter returns a counter that remembers nothing yet.
func NewCounter(correlations []detect.Correlation) *Counter {
	return &Counter{newPartition(newPlan(correlations), math.MaxInt64)}
}

// Take counts one hit and returns what it raised. A hit that nobody asked about
// who counts it (detect.NewHit) is asked about here.
func (c *Counter) Take(hit *flow.Hit) []Raised {
	if hit.Correlation == "" {
		return c.all(c.state.plan.dispatch.Hits(hit.Rule, &hit.Event))
	}
	f := c.state.take(hit)
	if f == nil {
		return nil
	}
	told := f.tell(nil, c.state.plan.dispatch)
	var out []Raised
	if told.alert != nil {
		out = append(out, Raised{*told.rule, *told.alert})
	}
	return append(out, c.all(told.hits)...)
}

func (c *Counter) all(hits []flow.Hit) (out []Raised) {
	for i := range hits {
		out = append(out, c.Take(&hits[i])...)
	}
	return out
}
