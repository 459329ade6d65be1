package count

import (
	"slices"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

func within(c detect.Correlation, bounds ...detect.Bound) detect.Correlation {
	c.Bounds = bounds
	return c
}

// values makes a hit of rule a a second, with the values.
func valued(values ...string) (list []*flow.Hit) {
	for i, v := range values {
		list = append(list, hit("a", i+1, float64(i), "g", "x", "v", v))
	}
	return list
}

func TestValueTypes(t *testing.T) {
	fifty, ninety := 50.0, 90.0
	of := []string{"a"}
	for _, c := range []struct {
		name       string
		kind       detect.CorrelationType
		percentile *float64
		bound      detect.Bound
		values     []string
		want       [][]int
	}{
		{"sum", detect.ValueSum, nil, detect.Bound{Op: "gt", Value: 10}, []string{"4", "6", "word", "0.5"}, [][]int{{1, 2, 4}}},
		{"average", detect.ValueAvg, nil, detect.Bound{Op: "gte", Value: 5}, []string{"1", "6", "8"}, [][]int{{1, 2, 3}}},
		{"average below", detect.ValueAvg, nil, detect.Bound{Op: "lt", Value: 2}, []string{"3", "0"}, [][]int{{1, 2}}},
		{"median", detect.ValuePercentile, &fifty, detect.Bound{Op: "gt", Value: 3}, []string{"1", "9", "9"}, [][]int{{1, 2, 3}}},
		{"percentile", detect.ValuePercentile, &ninety, detect.Bound{Op: "eq", Value: 7}, []string{"-1", "7"}, [][]int{{1, 2}}},
		// "new" is one value of four: what it is rare among is not in the alert.
		{"share", detect.ValuePercentile, nil, detect.Bound{Op: "lte", Value: 25}, []string{"old", "old", "old", "new"}, [][]int{{4}}},
		{"range", detect.ValueCount, nil, detect.Bound{Op: "neq", Value: 1}, []string{"p", "p", "q"}, [][]int{{1, 2, 3}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			corr := within(counts(c.kind, of, time.Minute, 0), c.bound)
			corr.Percentile = c.percentile
			want(t, run(NewCounter([]detect.Correlation{corr}), valued(c.values...)...), c.want...)
		})
	}
}

// TestTuples: values of several fields count together, and do not run into one
// another.
func TestTuples(t *testing.T) {
	corr := counts(detect.ValueCount, []string{"a"}, time.Minute, 3)
	corr.AndFields = []string{"w"}
	want(t, run(NewCounter([]detect.Correlation{corr}),
		hit("a", 1, 0, "g", "x", "v", "1", "w", "11"), hit("a", 2, 1, "g", "x", "v", "11", "w", "1"), hit("a", 3, 2, "g", "x", "v", "1", "w", "11"),
		hit("a", 4, 3, "g", "x", "v", "1"), hit("a", 5, 4, "g", "x", "v", "1", "w", "2"),
	), []int{1, 2, 3, 5})
}

func TestSomeOfTheRules(t *testing.T) {
	two := within(counts(detect.Temporal, []string{"a", "b", "c"}, time.Minute, 0), detect.Bound{Op: "gte", Value: 2})
	hits := []*flow.Hit{hit("c", 1, 0, "g", "x"), hit("c", 2, 1, "g", "x"), hit("a", 3, 2, "g", "x")}
	want(t, run(NewCounter([]detect.Correlation{two}), hits...), []int{2, 3})
	two.Type = detect.TemporalOrdered
	hits = append(hits, hit("c", 4, 3, "g", "x"))
	want(t, run(NewCounter([]detect.Correlation{two}), hits...), []int{3, 4})
}

func rule(id string) detect.Expr { return detect.Expr{Op: detect.ExprRule, Rule: id} }

func TestConditions(t *testing.T) {
	corr := counts(detect.Temporal, []string{"a", "b", "c"}, time.Minute, 0)
	not := detect.Expr{Op: detect.ExprNot, Of: []detect.Expr{rule("c")}}
	corr.Condition = &detect.Expr{Op: detect.ExprAnd, Of: []detect.Expr{rule("b"), rule("a"), not}}
	a, b, c := hit("a", 1, 0, "g", "x"), hit("b", 2, 1, "g", "x"), hit("c", 3, 0.5, "g", "x")
	one := func(hits ...*flow.Hit) [][]string { return run(NewCounter([]detect.Correlation{corr}), hits...) }
	want(t, one(a, b), []int{1, 2})
	want(t, one(b, a), []int{1, 2})
	want(t, one(a, c, b))
	corr.Type = detect.TemporalOrdered
	want(t, one(a, b), []int{1, 2})
	want(t, one(b, hit("a", 4, 2, "g", "x"))) // the order is that of the rules
}

// TestChain: many failed logons by computer, then a logon of the same account.
func TestChain(t *testing.T) {
	many := counts(detect.EventCount, []string{"failed"}, time.Minute, 3)
	many.Rule.ID, many.GroupBy, many.Counted, many.Silent = "many", []string{"computer"}, true, true
	then := counts(detect.TemporalOrdered, []string{"many", "success"}, time.Hour, 0)
	then.Rule.ID, then.GroupBy = "then", []string{"user"}
	then.Aliases = map[string]map[string]string{"user": {"many": "TargetUser", "success": "Account"}}
	c := NewCounter([]detect.Correlation{then, many})
	var hits []*flow.Hit
	for i := range 4 {
		hits = append(hits, hit("failed", i, float64(i), "computer", "pc-1", "TargetUser", "M.Rossi"))
	}
	hits = append(hits, hit("success", 10, 600, "Account", "m.rossi"))
	want(t, run(c, hits...), []int{0, 1, 2, 10})
	want(t, run(c, hit("success", 11, 601, "Account", "m.rossi")))
}

// TestFindingsCarryTheirGroup: who counts a correlation may group by what it is
// grouped by, and knows the assets of all of its events.
func TestFindingsCarryTheirGroup(t *testing.T) {
	first := counts(detect.EventCount, []string{"a"}, time.Minute, 2)
	first.Rule.ID, first.GroupBy = "first", []string{"who"}
	first.Aliases = map[string]map[string]string{"who": {"a": "user"}}
	second := counts(detect.ValueCount, []string{"first"}, time.Hour, 2)
	second.Rule.ID, second.GroupBy, second.Field = "second", nil, "who"
	c := NewCounter([]detect.Correlation{first, second})
	var hits []*flow.Hit
	for i, user := range []string{"x", "x", "y", "y"} {
		h := hit("a", i, float64(i), "user", user)
		h.Event.Assets = []flow.AssetRef{{ID: "pc-" + user + string(rune('0'+i)), Role: flow.RoleTarget}}
		hits = append(hits, h)
	}
	var last flow.Alert
	for _, h := range hits {
		for _, r := range c.Take(h) {
			last = r.Alert
		}
	}
	var assets []string
	for _, a := range last.Assets {
		assets = append(assets, a.ID)
	}
	slices.Sort(assets)
	if last.Rule != "second" || len(last.Events) != 4 || !slices.Equal(assets, []string{"pc-x0", "pc-x1", "pc-y2", "pc-y3"}) {
		t.Errorf("%+v", last)
	}
}

// off judges: what is off is not wanted, the rest is critical.
type off string

func (o off) Judge(m detect.Match, _ *flow.Event) (*detect.Rule, bool) {
	changed := *m.Rule
	changed.Severity = flow.SeverityCritical
	return &changed, m.Rule.ID != string(o)
}

func TestJudgedFindings(t *testing.T) {
	first, second := counts(detect.EventCount, []string{"a"}, time.Minute, 2), counts(detect.EventCount, []string{"first"}, time.Minute, 1)
	first.Rule.ID, second.Rule.ID = "first", "second"
	p := newPartition(newPlan([]detect.Correlation{first, second}), 1<<20)
	for i, h := range p.plan.dispatch.Hits("a", &hit("a", 1, 0, "g", "x").Event) {
		if f := p.take(&h); f != nil || i > 0 {
			t.Fatalf("one hit raises %+v", f)
		}
	}
	h := p.plan.dispatch.Hits("a", &hit("a", 2, 1, "g", "x").Event)[0]
	f := p.take(&h)
	if told := f.tell(off("first"), p.plan.dispatch); told.rule != nil || told.alert != nil || told.hits != nil {
		t.Errorf("what is off raises %+v", told)
	}
	told := f.tell(off(""), p.plan.dispatch)
	if told.alert == nil || told.alert.Severity != flow.SeverityCritical || len(told.hits) != 1 || told.hits[0].Correlation != "second" {
		t.Errorf("%+v", told)
	}
}

// TestStaleHits: a hit of a correlation that means something else now is not
// counted, and is told.
func TestStaleHits(t *testing.T) {
	corr := counts(detect.EventCount, []string{"a"}, time.Minute, 1)
	h := detect.NewDispatch([]detect.Correlation{corr}).Hits("a", &hit("a", 1, 0, "g", "x").Event)[0]
	corr.Window = time.Hour
	p := newPartition(newPlan([]detect.Correlation{corr}), 1<<20)
	if f := p.take(&h); f != nil || p.stats.Stale != 1 {
		t.Errorf("%+v, %+v", f, p.stats)
	}
}
