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

func correlation(kind detect.CorrelationType, of []string, window time.Duration, n int) detect.Correlation {
	return detect.Correlation{
		Rule: detect.Rule{ID: "corr", Title: "Test", Severity: flow.SeverityHigh, Threat: flow.ThreatScan, Kind: detect.KindCorrelation},
		Of:   of, Type: kind, GroupBy: []string{"g"}, Field: "v", Window: window, Bounds: []detect.Bound{{Op: "gte", Value: float64(n)}},
	}
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
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c,
		hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "y"), hit("a", 3, 5, "g", "x"),
		hit("b", 4, 6, "g", "x"),  // another rule
		hit("a", 5, 10, "g", "x"), // the window holds both of its ends
	), []int{1, 3, 5})
}

func TestEventCountOutsideTheWindow(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c, hit("a", 1, 0, "g", "x"), hit("a", 2, 5, "g", "x"), hit("a", 3, 10.5, "g", "x")))
}

func TestLateHits(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 3)})
	want(t, run(c, hit("a", 1, 100, "g", "x"), hit("a", 2, 108, "g", "x"), hit("a", 3, 99, "g", "x")), []int{3, 1, 2})
}

func TestTooLateHitsAreForgotten(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	run(c, hit("a", 1, 0, "g", "x"), hit("a", 2, 11+Lateness.Seconds(), "g", "x"))
	want(t, run(c, hit("a", 3, 1, "g", "x")))
}

func TestOneBurstOneAlert(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	var hits []*flow.Hit
	for i := range 12 {
		hits = append(hits, hit("a", i, float64(i), "g", "x"))
	}
	hits = append(hits, hit("a", 20, 20, "g", "x"), hit("a", 21, 21, "g", "x"))
	// Alerted at 1; silent until 11; then 20 and 21 are a new burst.
	want(t, run(c, hits...), []int{0, 1}, []int{20, 21})
}

func TestClocksThatRunAhead(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	ahead := hit("a", 1, 0, "g", "x")
	ahead.Event.Received = start
	ahead.Event.Time = start.AddDate(0, 6, 0)
	want(t, run(c, ahead, hit("a", 2, 3, "g", "x")), []int{1, 2})
}

func TestValueCount(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.ValueCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(c,
		hit("a", 1, 0, "g", "x", "v", "1"), hit("a", 2, 1, "g", "x", "v", "1"), hit("a", 3, 2, "g", "x"),
		hit("a", 4, 3, "g", "y", "v", "2"), hit("a", 5, 4, "g", "x", "v", "2"),
	), []int{1, 2, 5})
}

func TestTemporal(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.Temporal, []string{"a", "b"}, 10*time.Second, 0)})
	want(t, run(c, hit("b", 1, 0, "g", "x"), hit("b", 2, 1, "g", "x"), hit("a", 3, 20, "g", "x"), hit("b", 4, 25, "g", "x")), []int{3, 4})
}

func TestTemporalOrdered(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.TemporalOrdered, []string{"a", "b"}, 10*time.Second, 0)})
	want(t, run(c, hit("b", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x")))
	want(t, run(c, hit("b", 3, 2, "g", "x")), []int{2, 3})
}

func TestEachRule(t *testing.T) {
	corr := correlation(detect.ValueCount, []string{"a", "b"}, 10*time.Second, 2)
	corr.EachRule = true
	c := NewCounter([]detect.Correlation{corr})
	want(t, run(c, hit("a", 1, 0, "g", "x", "v", "1"), hit("a", 2, 1, "g", "x", "v", "2")))
	want(t, run(c, hit("b", 3, 2, "g", "x", "v", "2")), []int{1, 2, 3})
}

func TestAliases(t *testing.T) {
	corr := correlation(detect.EventCount, []string{"a", "b"}, 10*time.Second, 2)
	corr.GroupBy = []string{"who"}
	corr.Aliases = map[string]map[string]string{"who": {"a": "person", "b": "user"}}
	c := NewCounter([]detect.Correlation{corr})
	want(t, run(c, hit("a", 1, 0, "person", "M.Rossi"), hit("b", 2, 1, "user", "m.rossi")), []int{1, 2})
}

func TestMissingGroup(t *testing.T) {
	several := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(several, hit("a", 1, 0), hit("a", 2, 1)))
	single := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 1)})
	want(t, run(single, hit("a", 1, 0)), []int{1})
}

func TestExercisesCountApart(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	drill := hit("a", 1, 0, "g", "x")
	drill.Event.Exercise = "ex-1"
	want(t, run(c, drill, hit("a", 2, 1, "g", "x")))
}

func TestTheSameRecordTwice(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 2)})
	want(t, run(c, hit("a", 1, 0, "g", "x"), hit("a", 1, 0, "g", "x")))
}

func TestStateIsBounded(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, time.Hour, 1_000_000)})
	for i := range mostGroups + 500 {
		run(c, hit("a", i, float64(i)/1000, "g", fmt.Sprint(i)))
	}
	if n := len(c.state.Groups["corr"]); n > mostGroups || c.state.Forgotten == 0 {
		t.Errorf("%d groups, %d forgotten", n, c.state.Forgotten)
	}
	for i := range mostEntries + 500 {
		run(c, hit("a", 100_000+i, 20+float64(i)/1000, "g", "one"))
	}
	for key, g := range c.state.Groups["corr"] {
		if len(g.Entries) > mostEntries {
			t.Errorf("group %q holds %d entries", key, len(g.Entries))
		}
	}
}

func TestQuietGroupsAreSwept(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 5)})
	for i := range sweepEvery {
		run(c, hit("a", i, float64(i)*60, "g", fmt.Sprint(i)))
	}
	if n := len(c.state.Groups["corr"]); n > 10 {
		t.Errorf("%d groups are remembered", n)
	}
}

// TestRepeatedValuesAreOneEntry: counting values for a day does not remember a day.
func TestRepeatedValuesAreOneEntry(t *testing.T) {
	c := NewCounter([]detect.Correlation{correlation(detect.ValueCount, []string{"a"}, 24*time.Hour, 3)})
	for i := range 1000 {
		run(c, hit("a", i, float64(i)*60, "g", "x", "v", fmt.Sprint(i%2)))
	}
	for _, g := range c.state.Groups["corr"] {
		if len(g.Entries) > 10 {
			t.Errorf("%d entries are remembered", len(g.Entries))
		}
	}
	if got := run(c, hit("a", 2000, 60_001, "g", "x", "v", "other")); len(got) != 1 {
		t.Errorf("the third value raises %v", got)
	}
}

// TestRestart: saving and loading at any point changes no alert.
func TestRestart(t *testing.T) {
	correlations := []detect.Correlation{
		correlation(detect.EventCount, []string{"a", "b"}, 10*time.Second, 3),
		correlation(detect.TemporalOrdered, []string{"a", "b"}, 10*time.Second, 0),
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
				state, err := parts.save()
				if err != nil {
					t.Fatal(err)
				}
				parts = NewCounter(correlations)
				if err := parts.load(state); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !slices.EqualFunc(a, b, slices.Equal) {
			t.Fatalf("without restarts %v, with %v", a, b)
		}
	})
}

func FuzzState(f *testing.F) {
	correlations := []detect.Correlation{correlation(detect.EventCount, []string{"a"}, 10*time.Second, 3)}
	c := NewCounter(correlations)
	run(c, hit("a", 1, 0, "g", "x"))
	if state, err := c.save(); err == nil {
		f.Add(state)
	}
	f.Fuzz(func(t *testing.T, state []byte) {
		c := NewCounter(correlations)
		if c.load(state) == nil {
			run(c, hit("a", 2, 1, "g", "x"))
		}
	})
}
