package detect

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// A reload says what it changed, puts it in force, and is in the audit.
func TestReload(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, Rule{ID: "stays", File: "1.yml"}, Rule{ID: "changes", File: "1.yml", Description: "before"}, Rule{ID: "goes", File: "3.yml"})
		d.board.Hit(&Rule{ID: "goes"}, noon)
		d.board.Hit(&Rule{ID: "stays"}, noon)
		d.shelf.put(Rule{ID: "stays", File: "1.yml"}, Rule{ID: "changes", File: "1.yml", Description: "after"},
			Rule{ID: "comes", File: "4.yml"}, Rule{File: "5.yml", Error: "is broken"})
		r, err := d.reload(by("kim"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Loaded != 3 || r.Failed != 1 || !slices.Equal(r.Added, []string{"comes", "file:5.yml"}) ||
			!slices.Equal(r.Removed, []string{"goes"}) || !slices.Equal(r.Changed, []string{"changes"}) {
			t.Errorf("%+v", r)
		}
		if len(d.swapped) != 1 || d.swapped[0].rule("comes") == nil || d.rule(t, "stays").Hits != 1 {
			t.Error("the new rules are not in force")
		}
		d.shelf.put(Rule{ID: "goes", File: "3.yml"})
		if _, err := d.reload(by("kim"), nil); err != nil || d.rule(t, "goes").Hits != 1 {
			t.Errorf("what a rule found is forgotten while it is away: %v", err)
		}
		if lines := audit(t, s); len(lines) != 2 || lines[0] != "rules.reload rules kim" {
			t.Errorf("the audit says %q", lines)
		}
	})
}

// When a folder cannot be read the rules in force stay.
func TestReloadFails(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a"})
	d.shelf.fails = errUnreadable
	_, err := d.reload(by("kim"), nil)
	if fault.KindOf(err) != fault.Conflict || !errors.Is(err, errUnreadable) || !strings.Contains(err.Error(), errUnreadable.Error()) {
		t.Errorf("%v", err)
	}
	if len(d.swapped) != 0 || d.rule(t, "a").Status != "active" {
		t.Error("the rules were changed")
	}
}

// Changed files are read once they rest, and once; a folder that cannot be read
// is told of once.
func TestFoldersAreWatched(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a"})
	look := func(times, reads int) {
		t.Helper()
		for range times {
			d.lookAtFolders(t.Context())
		}
		if len(d.swapped) != reads {
			t.Errorf("read %d times, want %d", len(d.swapped), reads)
		}
	}
	look(3, 0)
	d.shelf.put(Rule{ID: "b"})
	look(1, 0) // somebody may still be at it
	d.shelf.put(Rule{ID: "b"}, Rule{ID: "c"})
	look(1, 0)
	look(3, 1)
	if d.current.Load().rule("c") == nil {
		t.Error("half of the change was read")
	}
	d.shelf.put(Rule{ID: "d"})
	d.shelf.fails = errUnreadable
	look(5, 1)
	if len(d.alerts.list) != 1 || d.alerts.list[0].Text.Code != "alert.rules.unreadable" || d.alerts.list[0].Detector != "health" ||
		d.alerts.list[0].Threat != flow.ThreatPipeline {
		t.Errorf("alerts: %+v", d.alerts.list)
	}
	d.shelf.fails = nil
	d.shelf.put(Rule{ID: "d"})
	look(3, 2)
}

// A rule is slow by its mean or by its share, is told of once, and recovers.
func TestSlowRules(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a", Title: "A", TitleFR: "À"}, Rule{ID: "b", Title: "B"})
	spend := func(rule string, evaluations uint64, each time.Duration) {
		for i := range d.shelf.costs {
			if c := &d.shelf.costs[i]; c.Rule == rule {
				c.Evaluations += evaluations
				c.Spent += time.Duration(evaluations) * each
				return
			}
		}
		d.shelf.costs = append(d.shelf.costs, Cost{Rule: rule, Evaluations: evaluations, Spent: time.Duration(evaluations) * each})
	}
	look := func(alerts int, slow ...string) {
		t.Helper()
		d.lookForSlow(t.Context())
		d.now = d.now.Add(lookEvery)
		var have []string
		for _, s := range d.statuses() {
			if s.Slow {
				have = append(have, s.ID)
			}
		}
		if len(d.alerts.list) != alerts || !slices.Equal(have, slow) {
			t.Errorf("%d alerts, want %d; slow: %v, want %v", len(d.alerts.list), alerts, have, slow)
		}
	}
	spend("a", fewestTried-1, 2*time.Millisecond)
	look(0) // too few to say
	spend("a", 1, 2*time.Millisecond)
	look(0) // it may have been a pause of the machine
	spend("a", fewestTried, time.Microsecond)
	look(0)                                 // and was
	for i, alerts := range []int{0, 1, 1} { // told of once
		spend("a", fewestTried, 2*time.Millisecond)
		if i == 0 {
			look(alerts)
		} else {
			look(alerts, "a")
		}
	}
	spend("a", 10, time.Microsecond)
	look(1, "a") // too few to say
	spend("a", fewestTried, time.Microsecond)
	look(1)
	if p := d.alerts.list[0].Text.Params; p["title"] != "A" || p["title_fr"] != "À" || p["mean_us"] != "2000" {
		t.Errorf("%+v", d.alerts.list[0])
	}
	// b takes nearly everything, but nobody else does much.
	for range 3 {
		spend("b", 10_000, 500*time.Microsecond)
		look(1)
	}
	for _, alerts := range []int{1, 2, 2} {
		for i := range fewestRules {
			spend(string(rune('A'+i)), 1000, 50*time.Microsecond)
		}
		spend("b", 10_000, 500*time.Microsecond)
		if alerts == 1 {
			look(alerts)
		} else {
			look(alerts, "b")
		}
	}
	if p := d.alerts.list[1].Text.Params; p["share"] != "83" {
		t.Errorf("%+v", d.alerts.list[1])
	}
	d.shelf.put(Rule{ID: "b"})
	if _, err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.shelf.costs = nil
	look(2) // other rules: judged anew
}

// A rule that is rarely evaluated and then takes very long is told of at the first
// look that knows ten of its evaluations; one pause of the machine raises nothing.
func TestTerribleRules(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a", Title: "A"}, Rule{ID: "b", Title: "B"})
	look := func(alerts int, a, b Cost) {
		t.Helper()
		a.Rule, b.Rule = "a", "b"
		d.shelf.costs = []Cost{a, b}
		d.lookForSlow(t.Context())
		d.now = d.now.Add(lookEvery)
		if len(d.alerts.list) != alerts {
			t.Errorf("%d alerts, want %d", len(d.alerts.list), alerts)
		}
	}
	const each = 61
	of := func(timed, long uint64, spent time.Duration) Cost {
		return Cost{Evaluations: timed * each, Timed: timed, Long: long, Spent: each * spent}
	}
	look(0, of(9, 9, 180*time.Millisecond), of(9, 0, 0))
	look(1, of(10, 10, 200*time.Millisecond), of(10, 1, 10*time.Second)) // b met a pause
	look(1, of(30, 30, 600*time.Millisecond), of(20, 1, 10*time.Second)) // told of once
	if !d.rule(t, "a").Slow || d.rule(t, "b").Slow {
		t.Error("the wrong one is slow")
	}
	if p := d.alerts.list[0].Text.Params; p["rule"] != "a" || p["mean_us"] != "20000" {
		t.Errorf("%+v", d.alerts.list[0])
	}
	look(1, of(40, 30, 600*time.Millisecond), of(30, 1, 10*time.Second))
	look(1, of(70, 30, 600*time.Millisecond), of(30, 1, 10*time.Second)) // sound again
	if d.rule(t, "a").Slow {
		t.Error("a rule that recovered is slow")
	}
}
