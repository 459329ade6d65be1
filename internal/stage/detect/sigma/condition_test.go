package sigma

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestConditions(t *testing.T) {
	names := []string{"selection", "filter_main_a", "filter_main_b", "_hidden", "or_not"}
	all := func(met ...string) map[string]bool {
		m := map[string]bool{}
		for _, n := range met {
			m[n] = true
		}
		return m
	}
	for _, c := range []struct {
		condition string
		met       map[string]bool
		want      bool
	}{
		{"selection", all("selection"), true},
		{"not selection", all(), true},
		{"not not selection", all("selection"), true},
		{"selection and not 1 of filter_main_*", all("selection"), true},
		{"selection and not 1 of filter_main_*", all("selection", "filter_main_b"), false},
		{"all of filter_*", all("filter_main_a"), false},
		{"ALL OF filter_*", all("filter_main_a", "filter_main_b"), true},
		{"any of filter_*", all("filter_main_a"), true},
		{"2 of filter_*", all("filter_main_a"), false},
		{"1 of them", all("_hidden"), false},
		{"1 of _hid*", all("_hidden"), true},
		{"selection or filter_main_a and filter_main_b", all("selection"), true}, // and binds closer
		{"(selection or filter_main_a) and filter_main_b", all("selection"), false},
		{"not selection and filter_main_a", all("filter_main_a"), true}, // not binds closest
		{"not (selection and filter_main_a)", all("selection"), true},
		{"selection AND NOT filter_main_a", all("selection"), true},
		{"or_not", all("or_not"), true},
	} {
		e, err := parseCondition(c.condition, names)
		if err != nil {
			t.Errorf("%q: %v", c.condition, err)
			continue
		}
		if got := holds(e, func(i int) bool { return c.met[names[i]] }); got != c.want {
			t.Errorf("%q with %v: %t", c.condition, c.met, got)
		}
	}
}

// holds evaluates a condition; sel tells whether a selection is met.
func holds(e expr, sel func(int) bool) bool {
	var list []expr
	need := 1
	switch e := e.(type) {
	case one:
		return sel(e.sel)
	case not:
		return !holds(e.of, sel)
	case all:
		list, need = e.of, len(e.of)
	case some:
		list, need = e.of, e.need
	}
	met := 0
	for _, x := range list {
		if holds(x, sel) {
			met++
		}
	}
	return met >= need
}

func TestConditionFaults(t *testing.T) {
	for condition, want := range map[string]string{
		"":                          "is empty",
		"selection and":             "ends too early",
		"(selection":                "not closed",
		"selection )":               "one too many",
		"nothing":                   `no selection "nothing"`,
		"1 of nothing*":             "named like",
		"3 of them":                 "makes no sense",
		"selection | count() > 5":   "correlation rule",
		"selection selection":       "one too many",
		strings.Repeat("(", 200):    "too deep",
		strings.Repeat("not ", 200): "too deep",
		"1 of":                      "ends too early",
		"x of them":                 "makes no sense",
	} {
		if _, err := parseCondition(condition, []string{"selection", "other"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", condition, err, want)
		}
	}
}

// TestConditionsAgreeWithTruthTables draws random conditions, evaluates each over
// every assignment and compares with a direct evaluation of what was drawn.
func TestConditionsAgreeWithTruthTables(t *testing.T) {
	names := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		text, want := drawCondition(t, names, 4)
		e, err := parseCondition(text, names)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for bits := range 1 << len(names) {
			sel := func(i int) bool { return bits&(1<<i) != 0 }
			if holds(e, sel) != want(sel) {
				t.Fatalf("%q with %04b", text, bits)
			}
		}
	})
}

func drawCondition(t *rapid.T, names []string, depth int) (string, func(func(int) bool) bool) {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind == 0 {
		i := rapid.IntRange(0, len(names)-1).Draw(t, "name")
		return names[i], func(sel func(int) bool) bool { return sel(i) }
	}
	switch kind {
	case 1:
		text, f := drawCondition(t, names, depth-1)
		return "not (" + text + ")", func(sel func(int) bool) bool { return !f(sel) }
	case 2:
		n := rapid.IntRange(1, len(names)).Draw(t, "n")
		return fmt.Sprintf("%d of them", n), func(sel func(int) bool) bool {
			met := 0
			for i := range names {
				if sel(i) {
					met++
				}
			}
			return met >= n
		}
	case 3:
		return "all of *", func(sel func(int) bool) bool {
			for i := range names {
				if !sel(i) {
					return false
				}
			}
			return true
		}
	}
	left, f := drawCondition(t, names, depth-1)
	right, g := drawCondition(t, names, depth-1)
	if kind == 4 {
		return "(" + left + ") and (" + right + ")", func(sel func(int) bool) bool { return f(sel) && g(sel) }
	}
	return "(" + left + ") or (" + right + ")", func(sel func(int) bool) bool { return f(sel) || g(sel) }
}
