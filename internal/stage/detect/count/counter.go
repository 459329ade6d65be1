package count

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Lateness is how late a hit may come and still count.
const Lateness = 5 * time.Minute

// Bounds of the state.
const (
	mostEntries = 2_000  // of a group
	mostGroups  = 10_000 // of a correlation
	mostInAll   = 50_000 // groups
	sweepEvery  = 512    // hits
)

// Counter counts hits: the step without its exchange. One goroutine uses it.
type Counter struct {
	byRule map[string][]*detect.Correlation // rule id -> correlations that count it
	state  state
	since  int // hits since the last sweep
}

// NewCounter returns a counter that remembers nothing yet.
func NewCounter(correlations []detect.Correlation) *Counter {
	c := &Counter{byRule: map[string][]*detect.Correlation{}, state: state{Groups: map[string]map[string]*group{}}}
	for i := range correlations {
		for _, rule := range correlations[i].Of {
			c.byRule[rule] = append(c.byRule[rule], &correlations[i])
		}
	}
	return c
}

// Raised is an alert with the rule that raised it.
type Raised struct {
	Rule  detect.Rule
	Alert flow.Alert
}

// Take counts one hit and returns what it raised.
func (c *Counter) Take(hit *flow.Hit) []Raised {
	var out []Raised
	for _, corr := range c.byRule[hit.Rule] {
		if f, ok := c.count(corr, hit); ok {
			out = append(out, f)
		}
	}
	if c.since++; c.since >= sweepEvery {
		c.sweep()
	}
	return out
}

func (c *Counter) count(corr *detect.Correlation, hit *flow.Hit) (Raised, bool) {
	key, ok := groupKey(corr, hit)
	if !ok {
		return Raised{}, false
	}
	e := entry{Time: effective(&hit.Event), Rule: hit.Rule, Event: slim(&hit.Event)}
	if corr.Type == detect.ValueCount {
		if e.Value = detect.FieldText(&hit.Event, corr.FieldOf(corr.Field, hit.Rule)); e.Value == "" {
			return Raised{}, false
		}
	}
	if e.Time.After(c.state.Newest) {
		c.state.Newest = e.Time
	}
	g := c.group(corr.Rule.ID, key)
	if g.muted(e.Time, corr.Window) {
		return Raised{}, false
	}
	at := g.insert(e)
	if at < 0 {
		return Raised{}, false
	}
	events, end := g.evaluate(corr, at)
	if events == nil {
		g.forget(corr.Window, mostEntries)
		if corr.Type == detect.ValueCount {
			g.forgetRepeated()
		}
		return Raised{}, false
	}
	g.Fired, g.Entries = end, nil
	return raise(corr, events), true
}

// effective is the time by which an event counts: its own, unless its clock runs
// ahead of ours.
func effective(ev *flow.Event) time.Time {
	if ev.Time.After(ev.Received) && !ev.Received.IsZero() {
		return ev.Received
	}
	return ev.Time
}

// groupKey joins the group-by values; false when one is missing that is needed.
func groupKey(corr *detect.Correlation, hit *flow.Hit) (string, bool) {
	parts := make([]string, 0, len(corr.GroupBy)+1)
	parts = append(parts, hit.Event.Exercise)
	for _, name := range corr.GroupBy {
		v := detect.FieldText(&hit.Event, corr.FieldOf(name, hit.Rule))
		if v == "" && !single(corr) {
			return "", false
		}
		parts = append(parts, strings.ToLower(v))
	}
	return strings.Join(parts, "\x00"), true
}

// single tells correlations that one event meets.
func single(corr *detect.Correlation) bool {
	return corr.Type == detect.EventCount && holds(corr.Bounds, 1)
}

func holds(bounds []detect.Bound, n int) bool {
	for _, b := range bounds {
		if !b.Holds(float64(n)) {
			return false
		}
	}
	return true
}

func raise(corr *detect.Correlation, entries []entry) Raised {
	events := make([]*flow.Event, len(entries))
	for i := range entries {
		events[i] = &entries[i].Event
	}
	rule := corr.Rule
	if corr.Describe != nil {
		rule = corr.Describe(events[len(events)-1])
	}
	return Raised{rule, detect.NewAlert(&rule, events...)}
}

func (c *Counter) group(correlation, key string) *group {
	groups := c.state.Groups[correlation]
	if groups == nil {
		groups = map[string]*group{}
		c.state.Groups[correlation] = groups
	}
	g := groups[key]
	if g == nil {
		if len(groups) >= mostGroups {
			c.evict(groups, len(groups)-mostGroups+mostGroups/10)
		}
		g = &group{}
		groups[key] = g
	}
	return g
}

// evict forgets the groups that were quiet longest.
func (c *Counter) evict(groups map[string]*group, n int) {
	keys := make([]string, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(groups[a].last().Compare(groups[b].last()), cmp.Compare(a, b))
	})
	for _, k := range keys[:min(max(n, 1), len(keys))] {
		delete(groups, k)
		c.state.Forgotten++
	}
}

func (g *group) last() time.Time {
	if g.Fired.After(g.Newest) {
		return g.Fired
	}
	return g.Newest
}

// sweep forgets what no hit can meet any more.
func (c *Counter) sweep() {
	c.since = 0
	windows := map[string]time.Duration{}
	for _, list := range c.byRule {
		for _, corr := range list {
			windows[corr.Rule.ID] = corr.Window
		}
	}
	total := 0
	for id, groups := range c.state.Groups {
		for key, g := range groups {
			if g.last().Add(windows[id] + Lateness).Before(c.state.Newest) {
				delete(groups, key)
			}
		}
		total += len(groups)
	}
	for id := range c.state.Groups {
		if total > mostInAll {
			before := len(c.state.Groups[id])
			c.evict(c.state.Groups[id], before/4)
			total -= before - len(c.state.Groups[id])
		}
	}
}

// save gives the state's bytes.
func (c *Counter) save() ([]byte, error) {
	b, err := cbor.Marshal(c.state)
	if err != nil {
		return nil, fmt.Errorf("write the state of counting: %w", err)
	}
	return b, nil
}

// load takes the state that save gave. Correlations that are no longer there
// are forgotten.
func (c *Counter) load(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	var s state
	if err := cbor.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read the state of counting: %w", err)
	}
	known := map[string]bool{}
	for _, list := range c.byRule {
		for _, corr := range list {
			known[corr.Rule.ID] = true
		}
	}
	for id := range s.Groups {
		if !known[id] {
			delete(s.Groups, id)
		}
	}
	if s.Groups == nil {
		s.Groups = map[string]map[string]*group{}
	}
	c.state = s
	return nil
}
