package count

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// hit makes a hit of a rule at a second, with attributes as name, value pairs.
func hit(rule string, n int, second float64, pairs ...string) *flow.Hit {
	at := start.Add(time.Duration(second * float64(time.Second)))
	ev := flow.Event{ID: fmt.Sprintf("w.1.%d", n), Time: at, Received: start.AddDate(0, 0, 7), Attributes: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		ev.Attributes[pairs[i]] = pairs[i+1]
	}
	return &flow.Hit{Rule: rule, Event: ev}
}

// counts makes a correlation that wants at least n; of temporal types 0 is all.
func counts(kind detect.CorrelationType, of []string, window time.Duration, n int) detect.Correlation {
	c := detect.Correlation{
		Rule: detect.Rule{ID: "corr", Title: "Test", Severity: flow.SeverityHigh, Threat: flow.ThreatScan, Kind: detect.KindCorrelation},
		Of:   of, Type: kind, GroupBy: []string{"g"}, Field: "v", Window: window,
	}
	if n > 0 {
		c.Bounds = []detect.Bound{{Op: "gte", Value: float64(n)}}
	}
	return c
}

// run takes hits and returns, for each alert, the numbers of its events.
func run(c *Counter, hits ...*flow.Hit) (alerts [][]string) {
	for _, h := range hits {
		for _, r := range c.Take(h) {
			alerts = append(alerts, r.Alert.Events)
		}
	}
	return alerts
}

func want(t *testing.T, got [][]string, numbers ...[]int) {
	t.Helper()
	var ids [][]string
	for _, list := range numbers {
		var one []string
		for _, n := range list {
			one = append(one, fmt.Sprintf("w.1.%d", n))
		}
		ids = append(ids, one)
	}
	if !slices.EqualFunc(got, ids, slices.Equal) {
		t.Errorf("alerts %v, want %v", got, ids)
	}
}

func TestEventCount(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c,
		hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "y"), hit("a", 3, 5, "g", "x"),
		hit("b", 4, 6, "g", "x"),  // another rule
		hit("a", 5, 10, "g", "x"), // the window holds both of its ends
	), []int{1, 3, 5})
}

func TestEventCountOutsideTheWindow(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c, hit("a", 1, 0, "g", "x"), hit("a", 2, 5, "g", "x"), hit("a", 3, 10.5, "g", "x")))
}

func TestLateHits(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c, hit("a", 1, 100, "g", "x"), hit("a", 2, 108, "g", "x"), hit("a", 3, 99, "g", "x")), []int{3, 1, 2})
}

func TestTooLateHitsAreForgotten(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	run(c, hit("a", 1, 0, "g", "x"), hit("a", 2, 11+Lateness.Seconds(), "g", "x"))
	want(t, run(c, hit("a", 3, 1, "g", "x")))
}

func TestOneBurstOneAlert(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	var hits []*flow.Hit
	for i := range 12 {
		hits = append(hits, hit("a", i, float64(i), "g", "x"))
	}
	hits = append(hits, hit("a", 20, 20, "g", "x"), hit("a", 21, 21, "g", "x"))
	// Alerted at 1; silent until 11; then 20 and 21 are a new burst.
	want(t, run(c, hits...), []int{0, 1}, []int{20, 21})
}

func TestClocksThatRunAhead(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	ahead := hit("a", 1, 0, "g", "x")
	ahead.Event.Received = start
	ahead.Event.Time = start.AddDate(0, 6, 0)
	want(t, run(c, ahead, hit("a", 2, 3, "g", "x")), []int{1, 2})
}

func TestValueCount(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.ValueCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(c,
		hit("a", 1, 0, "g", "x", "v", "1"), hit("a", 2, 1, "g", "x", "v", "1"), hit("a", 3, 2, "g", "x"),
		hit("a", 4, 3, "g", "y", "v", "2"), hit("a", 5, 4, "g", "x", "v", "2"),
	), []int{1, 2, 5})
}

func TestTemporal(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.Temporal, []string{"a", "b"}, 10*time.Second, 0)})
	want(t, run(c, hit("b", 1, 0, "g", "x"), hit("b", 2, 1, "g", "x"), hit("a", 3, 20, "g", "x"), hit("b", 4, 25, "g", "x")), []int{3, 4})
}

func TestTemporalOrdered(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.TemporalOrdered, []string{"a", "b"}, 10*time.Second, 0)})
	want(t, run(c, hit("b", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x")))
	want(t, run(c, hit("b", 3, 2, "g", "x")), []int{2, 3})
}

func TestEachRule(t *testing.T) {
	corr := counts(detect.ValueCount, []string{"a", "b"}, 10*time.Second, 2)
	corr.EachRule = true
	c := NewCounter([]detect.Correlation{corr})
	want(t, run(c, hit("a", 1, 0, "g", "x", "v", "1"), hit("a", 2, 1, "g", "x", "v", "2")))
	want(t, run(c, hit("b", 3, 2, "g", "x", "v", "2")), []int{1, 2, 3})
}

func TestAliases(t *testing.T) {
	corr := counts(detect.EventCount, []string{"a", "b"}, 10*time.Second, 2)
	corr.GroupBy = []string{"who"}
	corr.Aliases = map[string]map[string]string{"who": {"a": "person", "b": "user"}}
	c := NewCounter([]detect.Correlation{corr})
	want(t, run(c, hit("a", 1, 0, "person", "M.Rossi"), hit("b", 2, 1, "user", "m.rossi")), []int{1, 2})
}

func TestMissingGroup(t *testing.T) {
	several := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(several, hit("a", 1, 0), hit("a", 2, 1)))
	single := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 1)})
	want(t, run(single, hit("a", 1, 0)), []int{1})
}

func TestExercisesCountApart(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	drill := hit("a", 1, 0, "g", "x")
	drill.Event.Exercise = "ex-1"
	want(t, run(c, drill, hit("a", 2, 1, "g", "x")))
}

func TestTheSameRecordTwice(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(c, hit("a", 1, 0, "g", "x"), hit("a", 1, 0, "g", "x")))
}

// TestStateIsBounded: a flood of groups is not paid by another correlation.
func TestStateIsBounded(t *testing.T) {
	flood, other := counts(detect.EventCount, []string{"a"}, time.Hour, 1000), counts(detect.EventCount, []string{"b"}, time.Hour, 2)
	other.Rule.ID = "other"
	c := NewCounter([]detect.Correlation{flood, other})
	c.state.budget = 200_000
	run(c, hit("b", 1, 0, "g", "quiet"))
	for i := range 5000 {
		run(c, hit("a", i, 1+float64(i)/1000, "g", fmt.Sprint(i)))
	}
	s := c.state.stats
	if s.Bytes > 201_000 || s.Groups < 200 || s.Groups+int(s.Forgotten) != 5001 {
		t.Errorf("%+v", s)
	}
	want(t, run(c, hit("b", 2, 7, "g", "quiet")), []int{1, 2})
}

func TestGroupsAreBounded(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, time.Hour, 10_000)})
	c.state.plan.list[0].most = 500
	for i := range 1000 {
		run(c, hit("a", i, float64(i)/1000, "g", "one", "user", "m.rossi"))
	}
	for _, g := range c.state.groups {
		if len(g.entries) != 500 || g.bodies > mostBodies {
			t.Errorf("%d entries, %d bodies", len(g.entries), g.bodies)
		}
	}
	measured(t, c.state)
}

// measured tells whether what a partition says of itself is so.
func measured(t interface{ Errorf(string, ...any) }, p *partition) {
	var s Stats
	for _, g := range p.groups {
		bytes, bodies := int64(groupBytes), 0
		for i := range g.entries {
			bytes += entryBytes + int64(len(g.entries[i].text))
			if len(g.entries[i].text) > g.entries[i].headLength() {
				bodies++
			}
		}
		if g.bytes != bytes || g.bodies != bodies {
			t.Errorf("a group says %d bytes and %d bodies, has %d and %d", g.bytes, g.bodies, bytes, bodies)
		}
		s.add(Stats{Groups: 1, Entries: len(g.entries), Bytes: bytes})
	}
	var queued int
	var bytes int64
	for i := range p.queues {
		bytes += p.queues[i].bytes
		for g := p.queues[i].first; g != nil; g = g.next {
			queued++
		}
	}
	s.Forgotten, s.Stale = p.stats.Forgotten, p.stats.Stale
	if s != p.stats || queued != s.Groups || bytes != s.Bytes {
		t.Errorf("the partition says %+v, has %+v; %d groups of %d bytes are queued", p.stats, s, queued, bytes)
	}
}

func TestQuietGroupsGo(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 5)})
	for i := range 500 {
		h := hit("a", i, float64(i)*60, "g", fmt.Sprint(i))
		h.Event.Received = h.Event.Time
		run(c, h)
	}
	if n := len(c.state.groups); n > 10 {
		t.Errorf("%d groups are remembered", n)
	}
	measured(t, c.state)
}

// TestOldRecordsCount: a file of yesterday is counted though today's records come
// in between.
func TestOldRecordsCount(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	live := hit("a", 1, 7*86400, "g", "live")
	want(t, run(c, hit("a", 2, 0, "g", "x"), live, hit("a", 3, 5, "g", "x")), []int{2, 3})
}

// TestRepeatedValuesAreFewEntries: counting values for a day does not remember a day.
func TestRepeatedValuesAreFewEntries(t *testing.T) {
	c := NewCounter([]detect.Correlation{counts(detect.ValueCount, []string{"a"}, 24*time.Hour, 3)})
	for i := range 1000 {
		run(c, hit("a", i, float64(i)*60, "g", "x", "v", fmt.Sprint(i%2)))
	}
	for _, g := range c.state.groups {
		if len(g.entries) > 2*firstRepeated {
			t.Errorf("%d entries are remembered", len(g.entries))
		}
	}
	measured(t, c.state)
	if got := run(c, hit("a", 2000, 60_001, "g", "x", "v", "other")); len(got) != 1 {
		t.Errorf("the third value raises %v", got)
	}
}

// TestRestart: saving and loading at any point changes no alert.
func TestRestart(t *testing.T) {
	correlations := []detect.Correlation{
		counts(detect.EventCount, []string{"a", "b"}, 10*time.Second, 3),
		counts(detect.TemporalOrdered, []string{"a", "b"}, 10*time.Second, 0),
	}
	correlations[1].Rule.ID = "ordered"
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "hits")
		whole, parts := NewCounter(correlations), NewCounter(correlations)
		var a, b [][]string
		for i := range n {
			h := hit(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "rule"), i, float64(rapid.IntRange(0, 60).Draw(t, "at")),
				"g", rapid.SampledFrom([]string{"x", "y"}).Draw(t, "group"))
			a = append(a, run(whole, h)...)
			b = append(b, run(parts, h)...)
			if rapid.Bool().Draw(t, "restart") {
				state := parts.state.save()
				parts = NewCounter(correlations)
				if err := parts.state.load(state); err != nil {
					t.Fatal(err)
				}
				measured(t, parts.state)
			}
		}
		if !slices.EqualFunc(a, b, slices.Equal) {
			t.Fatalf("without restarts %v, with %v", a, b)
		}
	})
}

// FuzzState: whatever bytes are taken for a state, counting goes on or says no.
func FuzzState(f *testing.F) {
	correlations := []detect.Correlation{
		counts(detect.EventCount, []string{"a"}, 10*time.Second, 3), counts(detect.ValueCount, []string{"a", "b"}, 10*time.Second, 3),
	}
	correlations[1].Rule.ID = "values"
	c := NewCounter(correlations)
	run(c, hit("a", 1, 0, "g", "x", "user", "m.rossi"), hit("b", 2, 1, "g", "x", "v", "1"), hit("a", 3, 1, "g", "y", "v", "2"))
	f.Add(c.state.save())
	f.Add(NewCounter(nil).state.save())
	f.Fuzz(func(t *testing.T, state []byte) {
		c := NewCounter(correlations)
		if c.state.load(state) != nil {
			return
		}
		measured(t, c.state)
		for i := range 5 {
			run(c, hit("a", 10+i, float64(i), "g", "x", "v", fmt.Sprint(i)))
		}
		measured(t, c.state)
		again := NewCounter(correlations)
		if err := again.state.load(c.state.save()); err != nil {
			t.Fatal(err)
		}
	})
}
