package count

import (
	"math"
	"slices"
	"time"

	"warder/internal/stage/detect"
)

// plan is a set of correlations, ready to count. It is never changed.
type plan struct {
	list     []*correlation
	byID     map[string]*correlation
	dispatch *detect.Dispatch // of what correlations find
}

// correlation is a correlation with what is worked out once.
type correlation struct {
	*detect.Correlation
	place   int // in the plan
	meaning string
	of      map[string]uint16 // rule -> place in Of
	window  int64             // microseconds
	clauses []clause          // of temporal types without bounds
	fewest  int               // entries that a window must have to be worth a look
	most    int               // entries that a group may have
	chained bool              // other correlations may count what it finds
}

// clause is a detect.Clause by places in Of, With in that order.
type clause struct{ with, without []uint16 }

func newPlan(correlations []detect.Correlation) *plan {
	p := &plan{byID: map[string]*correlation{}, dispatch: detect.NewDispatch(correlations)}
	for i := range correlations {
		c := newCorrelation(&correlations[i])
		if p.byID[c.Rule.ID] == nil {
			c.place = len(p.list)
			p.list = append(p.list, c)
			p.byID[c.Rule.ID] = c
		}
	}
	return p
}

func newCorrelation(from *detect.Correlation) *correlation {
	c := &correlation{
		Correlation: from, meaning: from.Meaning(), of: map[string]uint16{}, window: from.Window.Microseconds(),
		chained: from.Chained(),
	}
	for i, rule := range from.Of {
		if _, twice := c.of[rule]; !twice {
			c.of[rule] = uint16(i)
		}
	}
	c.clauses = c.ways()
	c.fewest = c.least()
	c.most = c.room()
	return c
}

func (c *correlation) temporal() bool {
	return c.Type == detect.Temporal || c.Type == detect.TemporalOrdered
}

// share tells the percentile without a percentile: how rare a value is.
func (c *correlation) share() bool {
	return c.Type == detect.ValuePercentile && c.Percentile == nil
}

// ways lists how a temporal condition is met: by every rule where none is said.
func (c *correlation) ways() []clause {
	if !c.temporal() || c.Condition == nil && len(c.Bounds) > 0 {
		return nil
	}
	list := []detect.Clause{{With: c.Of}}
	if c.Condition != nil {
		list, _ = c.Condition.Clauses() // too many: refused where rules are loaded
	}
	ways := make([]clause, 0, len(list))
	for _, l := range list {
		with, known := c.places(l.With)
		if without, _ := c.places(l.Without); known {
			ways = append(ways, clause{with, without})
		}
	}
	return ways
}

// places gives the places of rules in Of, in that order; false when one is not
// counted.
func (c *correlation) places(rules []string) (places []uint16, known bool) {
	known = true
	for _, rule := range rules {
		place, ok := c.of[rule]
		if !ok {
			known = false
			continue
		}
		places = append(places, place)
	}
	slices.Sort(places)
	return places, known
}

// least is the number of entries below which no window can meet the correlation.
func (c *correlation) least() int {
	fewest := 1
	switch {
	case len(c.clauses) > 0:
		fewest = math.MaxInt
		for _, w := range c.clauses {
			fewest = min(fewest, max(1, len(w.with)))
		}
	case c.temporal(), c.Type == detect.EventCount, c.Type == detect.ValueCount:
		for _, b := range c.Bounds {
			fewest = max(fewest, atLeast(b))
		}
	}
	return fewest
}

// atLeast is the smallest whole number that a bound may hold for.
func atLeast(b detect.Bound) int {
	value := math.Min(math.Max(b.Value, 0), 1<<30)
	switch b.Op {
	case "gt":
		return int(math.Floor(value)) + 1
	case "gte", "eq":
		return int(math.Ceil(value))
	}
	return 0
}

// Bounds of what one group may hold.
const (
	someEntries = 2_000
	manyEntries = 20_000 // of types that weigh every value
	mostEntries = 100_000
)

// room is how many entries a group keeps: enough for its bound, and the newest.
func (c *correlation) room() int {
	if c.Numeric() || c.share() {
		return manyEntries
	}
	if c.fewest > mostEntries {
		return mostEntries
	}
	return min(max(someEntries, 2*c.fewest), mostEntries)
}

func (c *correlation) holds(n float64) bool {
	for _, b := range c.Bounds {
		if !b.Holds(n) {
			return false
		}
	}
	return true
}

// Lateness is how late a hit may come and still count.
const Lateness = 5 * time.Minute

// horizon is how long before a group's newest entry one may still be needed.
func (c *correlation) horizon() int64 { return c.window + Lateness.Microseconds() }
