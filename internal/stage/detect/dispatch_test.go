package detect_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

func TestDispatch(t *testing.T) {
	d := detect.NewDispatch([]detect.Correlation{
		{Rule: detect.Rule{ID: "events"}, Of: []string{"r"}, Type: detect.EventCount, GroupBy: []string{"user"},
			Bounds: []detect.Bound{{Op: "gte", Value: 2}}},
		{Rule: detect.Rule{ID: "values"}, Of: []string{"q", "r"}, Type: detect.ValueCount, Field: "who", AndFields: []string{"port"},
			Aliases: map[string]map[string]string{"who": {"r": "TargetUser"}}},
		{Rule: detect.Rule{ID: "sum"}, Of: []string{"r"}, Type: detect.ValueSum, Field: "bytes"},
		{Rule: detect.Rule{ID: "above"}, Of: []string{"values"}, Type: detect.EventCount, GroupBy: []string{"LogonId"}},
	})
	ev := &flow.Event{
		ID: "w.1.1", Attributes: map[string]string{"user": "M.Rossi", "http.referrer": "bulk"}, Raw: []byte("x"),
		Original: map[string]any{"TargetUser": "x", "port": float64(22), "bytes": "many", "LogonId": "0x3e7", "Other": "y"},
	}
	hits := d.Hits("r", ev)
	if len(hits) != 2 || hits[0].Correlation != "events" || hits[1].Correlation != "values" {
		t.Fatalf("%+v", hits) // no sum: "many" is no number
	}
	if hits[0].Value != "" || hits[1].Value != "1 x2 22" || hits[0].Meaning == hits[1].Meaning || slices.Equal(hits[0].Group, hits[1].Group) {
		t.Errorf("%+v", hits)
	}
	slim := hits[0].Event
	if slim.Raw != nil || slim.Original != nil || slim.Attributes["LogonId"] != "0x3e7" || slim.Attributes["Other"] != "" || slim.Attributes["http.referrer"] != "" {
		t.Errorf("the hit carries %+v", slim)
	}
	other := *ev
	other.Attributes = map[string]string{"user": "m.rossi"}
	if again := d.Hits("r", &other); !slices.Equal(again[0].Group, hits[0].Group) {
		t.Error("a group depends on case")
	}
	other.Exercise = "ex-1"
	if again := d.Hits("r", &other); slices.Equal(again[0].Group, hits[0].Group) {
		t.Error("an exercise is counted with what is live")
	}
	if lost := d.Hits("r", &flow.Event{ID: "w.1.2"}); lost != nil || d.Hits("unknown", ev) != nil {
		t.Errorf("without any field: %+v", lost)
	}
}

// TestGroupsDoNotMeet: values that a sender chooses cannot imitate another group.
func TestGroupsDoNotMeet(t *testing.T) {
	d := detect.NewDispatch([]detect.Correlation{{Rule: detect.Rule{ID: "c"}, Of: []string{"r"}, Type: detect.EventCount, GroupBy: []string{"a", "b"}}})
	group := func(a, b string) string {
		return string(d.Hits("r", &flow.Event{Attributes: map[string]string{"a": a, "b": b}})[0].Group)
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[ 0-9a-c]{1,4}`)
		a, b, c, e := part.Draw(t, "a"), part.Draw(t, "b"), part.Draw(t, "c"), part.Draw(t, "e")
		if (group(a, b) == group(c, e)) != (a == c && b == e) {
			t.Fatalf("%q %q and %q %q", a, b, c, e)
		}
	})
}

func TestPartitionsAreUsed(t *testing.T) {
	d := detect.NewDispatch([]detect.Correlation{{Rule: detect.Rule{ID: "c"}, Of: []string{"r"}, Type: detect.EventCount, GroupBy: []string{"a"}}})
	used := map[int]int{}
	for i := range 3200 {
		used[detect.PartitionOf(&d.Hits("r", &flow.Event{Attributes: map[string]string{"a": fmt.Sprint(i)}})[0])]++
	}
	for p := range detect.Partitions {
		if used[p] < 40 || used[p] > 200 {
			t.Errorf("partition %d has %d of 3200 groups", p, used[p])
		}
	}
}

func TestMeaning(t *testing.T) {
	base := detect.Correlation{Rule: detect.Rule{ID: "c", Title: "a"}, Of: []string{"r", "s"}, Type: detect.ValueCount, Field: "v", GroupBy: []string{"a", "b"}, Window: time.Minute}
	changed := func(change func(*detect.Correlation)) bool {
		c := base
		change(&c)
		return c.Meaning() != base.Meaning()
	}
	for name, change := range map[string]func(*detect.Correlation){
		"type":   func(c *detect.Correlation) { c.Type = detect.ValueSum },
		"rules":  func(c *detect.Correlation) { c.Of = []string{"s", "r"} },
		"group":  func(c *detect.Correlation) { c.GroupBy = []string{"ab"} },
		"field":  func(c *detect.Correlation) { c.Field = "w" },
		"fields": func(c *detect.Correlation) { c.AndFields = []string{"w"} },
		"window": func(c *detect.Correlation) { c.Window = time.Hour },
		"alias":  func(c *detect.Correlation) { c.Aliases = map[string]map[string]string{"a": {"r": "x"}} },
	} {
		if !changed(change) {
			t.Errorf("another %s means the same", name)
		}
	}
	for name, change := range map[string]func(*detect.Correlation){
		"title": func(c *detect.Correlation) { c.Rule.Title = "b" },
		"bound": func(c *detect.Correlation) { c.Bounds = []detect.Bound{{Op: "gt", Value: 7}} },
	} {
		if changed(change) {
			t.Errorf("another %s means something else", name)
		}
	}
}

// TestClauses holds the ways of an expression against the expression.
func TestClauses(t *testing.T) {
	rules := []string{"a", "b", "c", "d"}
	var draw func(t *rapid.T, depth int) detect.Expr
	draw = func(t *rapid.T, depth int) detect.Expr {
		op := rapid.SampledFrom([]detect.ExprOp{detect.ExprRule, detect.ExprNot, detect.ExprAnd, detect.ExprOr}).Draw(t, "op")
		if depth == 0 || op == detect.ExprRule {
			return detect.Expr{Op: detect.ExprRule, Rule: rapid.SampledFrom(rules).Draw(t, "rule")}
		}
		of := []detect.Expr{draw(t, depth-1)}
		for op != detect.ExprNot && len(of) < 2 {
			of = append(of, draw(t, depth-1))
		}
		return detect.Expr{Op: op, Of: of}
	}
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 4)
		ways, ok := e.Clauses()
		if !ok {
			t.Skip("more ways than are followed")
		}
		for set := range 1 << len(rules) {
			met := func(rule string) bool { return set&(1<<slices.Index(rules, rule)) != 0 }
			some := slices.ContainsFunc(ways, func(w detect.Clause) bool {
				return !slices.ContainsFunc(w.With, func(r string) bool { return !met(r) }) && !slices.ContainsFunc(w.Without, met)
			})
			if some != e.Holds(met) {
				t.Fatalf("%+v with %b: %v, the ways say %v", e, set, e.Holds(met), some)
			}
		}
	})
}

func TestTooManyClauses(t *testing.T) {
	or := detect.Expr{Op: detect.ExprOr, Of: []detect.Expr{{Op: detect.ExprRule, Rule: "a"}, {Op: detect.ExprRule, Rule: "b"}}}
	all := detect.Expr{Op: detect.ExprAnd}
	for range 40 {
		all.Of = append(all.Of, or)
	}
	if ways, ok := all.Clauses(); ok {
		t.Errorf("%d ways", len(ways))
	}
}

// severe makes everything critical, and lets no second alert through.
type severe struct{ judged int }

func (s *severe) Judge(m detect.Match, _ *flow.Event) (*detect.Rule, bool) {
	s.judged++
	r := *m.Rule
	r.Severity = flow.SeverityCritical
	return &r, s.judged == 1
}

func TestJudge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.judge = &severe{}
		b.publish(t, "alert", "alert", "count")
		b.run(t)
		if ids := b.alertEvents(t); len(ids) != 1 || b.lastAlert(t).Severity != flow.SeverityCritical {
			t.Errorf("alerts: %v", ids)
		}
		if last, _ := b.log.Last(t.Context(), "hit"); last != 0 {
			t.Errorf("%d hits", last)
		}
	})
}

// TestHitCodec: what a hit says comes back to the nanosecond and to the byte.
func TestHitCodec(t *testing.T) {
	codec := detect.HitCodec()
	at := time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.UTC)
	in := flow.Hit{
		Rule: "r", Correlation: "c", Meaning: "m", Group: []byte{1, 2}, Value: "v", Through: []string{"w.1.1"},
		Event: flow.Event{ID: "w.1.1", Time: at, Received: at.Add(1), Attributes: map[string]string{"user": "caf\xe9"},
			Assets: []flow.AssetRef{{ID: "a", Role: flow.RoleTarget, By: flow.ByIP, Value: "192.0.2.1"}}},
	}
	body, err := codec.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	var out flow.Hit
	if err := codec.Decode(body, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Error(diff)
	}
}
