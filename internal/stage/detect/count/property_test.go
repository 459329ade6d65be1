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

// drawCorrelations makes correlations of any type over rules a, b and c, some of
// which count the first.
func drawCorrelations(t *rapid.T) (all []detect.Correlation) {
	for i := range rapid.IntRange(1, 3).Draw(t, "correlations") {
		c := drawCorrelation(t, []string{"a", "b", "c"})
		c.Rule.ID = fmt.Sprintf("corr-%d", i)
		if i > 0 && exact(&all[0]) && rapid.Bool().Draw(t, "chained") {
			c.Of[0] = all[0].Rule.ID
			c.Aliases, c.Condition = nil, nil
		}
		all = append(all, c)
	}
	return all
}

func drawCorrelation(t *rapid.T, rules []string) detect.Correlation {
	share, percentile := detect.CorrelationType("share"), rapid.SampledFrom([]float64{0, 25, 50, 90, 100}).Draw(t, "percentile")
	kind := rapid.SampledFrom([]detect.CorrelationType{
		detect.EventCount, detect.ValueCount, detect.ValueSum, detect.ValueAvg, detect.ValuePercentile, share, detect.Temporal, detect.TemporalOrdered,
	}).Draw(t, "type")
	of := rules[:rapid.IntRange(1, len(rules)).Draw(t, "of")]
	c := counts(kind, slices.Clone(of), time.Duration(rapid.SampledFrom([]int{5, 30, 400}).Draw(t, "window"))*time.Second, 0)
	switch kind {
	case share:
		c.Type = detect.ValuePercentile
	case detect.ValuePercentile:
		c.Percentile = &percentile
	case detect.ValueCount:
		if rapid.Bool().Draw(t, "tuple") {
			c.AndFields = []string{"w"}
		}
	}
	temporal := kind == detect.Temporal || kind == detect.TemporalOrdered
	for range rapid.IntRange(0, 2).Draw(t, "bounds") {
		c.Bounds = append(c.Bounds, detect.Bound{
			Op:    rapid.SampledFrom([]string{"gt", "gte", "lt", "lte", "eq", "neq"}).Draw(t, "op"),
			Value: float64(rapid.SampledFrom([]int{1, 2, 3, 5, 8, 34}).Draw(t, "bound")),
		})
	}
	if !temporal && len(c.Bounds) == 0 {
		c.Bounds = []detect.Bound{{Op: "gte", Value: 3}}
	}
	if temporal && rapid.Bool().Draw(t, "extended") {
		c.Condition, c.Bounds = drawExpr(t, of, 3), nil
	}
	c.EachRule = rapid.IntRange(0, 5).Draw(t, "each rule") == 0
	if rapid.Bool().Draw(t, "alias") {
		c.GroupBy = []string{"who"}
		c.Aliases = map[string]map[string]string{"who": {"a": "g", "b": "g", "c": "h"}}
	}
	return c
}

func drawExpr(t *rapid.T, rules []string, depth int) *detect.Expr {
	op := detect.ExprRule
	if depth > 0 {
		op = rapid.SampledFrom([]detect.ExprOp{detect.ExprRule, detect.ExprNot, detect.ExprAnd, detect.ExprOr}).Draw(t, "node")
	}
	switch op {
	case detect.ExprRule:
		return &detect.Expr{Op: op, Rule: rapid.SampledFrom(rules).Draw(t, "rule")}
	case detect.ExprNot:
		return &detect.Expr{Op: op, Of: []detect.Expr{*drawExpr(t, rules, depth-1)}}
	}
	return &detect.Expr{Op: op, Of: []detect.Expr{*drawExpr(t, rules, depth-1), *drawExpr(t, rules, depth-1)}}
}

// drawHits makes a sequence as it might come: mostly in order, some late, some
// twice, some of an exercise, some without what is counted.
func drawHits(t *rapid.T) (list []*flow.Hit) {
	now := 0.0
	for i := range rapid.IntRange(1, 50).Draw(t, "hits") {
		if len(list) > 0 && rapid.IntRange(0, 9).Draw(t, "twice") == 0 {
			list = append(list, rapid.SampledFrom(list).Draw(t, "again"))
			continue
		}
		now += float64(rapid.SampledFrom([]int{0, 1, 3, 20, 300}).Draw(t, "pause"))
		late := float64(rapid.SampledFrom([]int{0, 0, 0, 2, 30, 290, 800}).Draw(t, "late"))
		h := hit(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "rule"), i, now-late,
			"g", rapid.SampledFrom([]string{"x", "X", "k", "\u212a"}).Draw(t, "group"), "h", "x", "w", rapid.SampledFrom([]string{"s", "S", "ſ", "2"}).Draw(t, "w"))
		if rapid.IntRange(0, 9).Draw(t, "bare") > 0 {
			h.Event.Attributes["v"] = fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "value")) + rapid.SampledFrom([]string{"", "e0", "E0"}).Draw(t, "exponent")
		}
		if rapid.IntRange(0, 9).Draw(t, "drill") == 0 {
			h.Event.Exercise = "ex-1"
		}
		list = append(list, h)
	}
	return list
}

// exact tells correlations whose events the oracle knows one by one. Which hits
// stand for a condition is free, and repeated values may be forgotten.
func exact(c *detect.Correlation) bool {
	return c.Type != detect.ValueCount && c.Type != detect.TemporalOrdered && c.Condition == nil
}

// TestSpecification holds counting against the oracle on random correlations and
// hits, with restarts at any point.
func TestSpecification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawCorrelations(t)
		loose := map[string]bool{}
		for i := range all {
			loose[all[i].Rule.ID] = !exact(&all[i])
		}
		counter, literal := NewCounter(all), newOracle(all)
		for n, h := range drawHits(t) {
			var got, want []verdict
			for _, r := range counter.Take(h) {
				got = append(got, verdict{r.Rule.ID, r.Alert.Events})
			}
			want = literal.take(h)
			same := func(a, b verdict) bool {
				return a.rule == b.rule && (loose[a.rule] || slices.Equal(a.events, b.events))
			}
			if !slices.EqualFunc(got, want, same) {
				t.Fatalf("hit %d raises %v, want %v", n, got, want)
			}
			measured(t, counter.state)
			if rapid.IntRange(0, 4).Draw(t, "restart") == 0 {
				state := counter.state.save()
				counter = NewCounter(all)
				if err := counter.state.load(state); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
