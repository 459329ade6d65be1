package detect

import (
	"context"
	"slices"
	"testing"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// TestCountsSurvive: what rules found, in all and on each day, is there after a
// restart.
func TestCountsSurvive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}, {File: "broken.yml", Error: "is broken"}}
		for round := int64(1); round <= 2; round++ {
			d := newDesk(t, s, rules...)
			d.board.Hit(&rules[0], noon)
			d.board.Hit(&rules[0], noon.AddDate(0, 0, -3))
			d.board.Excepted("a", noon)
			d.board.Hit(&Rule{ID: "stranger"}, noon)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := d.Run(ctx); err != nil { // ends at once and keeps the counts
				t.Fatal(err)
			}
			list := d.statuses()
			a := list[0]
			if len(list) != 3 || a.Hits != 2*round || !a.LastHit.Equal(noon) || a.Excepted != round || list[1].Hits != 0 ||
				list[2].Status != "error" || list[2].ID != "file:broken.yml" {
				t.Errorf("round %d: %+v", round, list)
			}
			want := make([]HitsDay, DaysKept)
			for i := range want {
				want[i].Day = noon.AddDate(0, 0, i-DaysKept+1).Format(time.DateOnly)
			}
			want[DaysKept-1].Hits, want[DaysKept-4].Hits = round, round
			if !slices.Equal(a.PerDay, want) {
				t.Errorf("round %d: per day %+v", round, a.PerDay)
			}
		}
	})
}

// Old days go, and the table with them.
func TestDaysAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A"}}
		d := newDesk(t, s, rules...)
		for day := range 40 {
			d.now = noon.AddDate(0, 0, day)
			d.board.Hit(&rules[0], d.now)
			d.keep(t.Context())
		}
		d.board.Hit(&rules[0], noon) // long ago
		d.keep(t.Context())
		var n int
		if err := s.Space("detect").QueryRowContext(t.Context(), `SELECT COUNT(*) FROM detect_day`).Scan(&n); err != nil || n != DaysKept {
			t.Errorf("%d days are kept, %v", n, err)
		}
		if a := d.rule(t, "a"); a.Hits != 41 || slices.ContainsFunc(a.PerDay, func(d HitsDay) bool { return d.Hits != 1 }) {
			t.Errorf("%+v", a)
		}
	})
}

// Days are those of the site.
func TestDaysAreTheSites(t *testing.T) {
	b := NewBoard([]Rule{{ID: "a"}})
	b.Zone = func() *time.Location { return time.FixedZone("far", 14*3600) }
	b.Hit(&Rule{ID: "a"}, noon)
	if days := b.entries()[0].tally.perDay(b.day(noon)); days[DaysKept-1] != (HitsDay{"2026-11-23", 1}) {
		t.Errorf("%+v", days)
	}
}

func TestListOfRules(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)),
		Rule{ID: "a", Title: "Zebra", Kind: KindEvent, Severity: "high", File: "warder/a.yml", Techniques: []string{"T1110"}},
		Rule{ID: "b", Title: "apple", TitleFR: "pomme", Kind: KindCorrelation, Severity: "low"},
		Rule{ID: "c", Title: "Mango", Kind: KindEvent, Severity: "high", Error: "is broken"})
	d.board.Hit(&Rule{ID: "b"}, noon)
	d.board.Hit(&Rule{ID: "b"}, noon)
	d.board.Hit(&Rule{ID: "a"}, noon.Add(time.Hour))
	d.shelf.costs = []Cost{{Rule: "a", Evaluations: 10, Spent: time.Millisecond}, {Rule: "b", Evaluations: 1, Spent: 3 * time.Millisecond}}
	for _, test := range []struct {
		in   rulesInput
		want []string
	}{
		{rulesInput{}, []string{"a", "b", "c"}},
		{rulesInput{Status: "error"}, []string{"c"}},
		{rulesInput{Kind: "correlation"}, []string{"b"}},
		{rulesInput{Level: "high"}, []string{"a", "c"}},
		{rulesInput{Words: "POMME"}, []string{"b"}},
		{rulesInput{Words: "t1110 warder"}, []string{"a"}},
		{rulesInput{Words: "t1110 pomme"}, nil},
		{rulesInput{Slow: true}, nil},
		{rulesInput{Sort: "title"}, []string{"b", "c", "a"}},
		{rulesInput{Sort: "hits"}, []string{"b", "a", "c"}},
		{rulesInput{Sort: "last_hit"}, []string{"a", "b", "c"}},
		{rulesInput{Sort: "cost"}, []string{"b", "a", "c"}},
	} {
		page, err := d.list(t.Context(), &test.in)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range page.Items {
			ids = append(ids, r.ID)
		}
		if !slices.Equal(ids, test.want) || page.Total != len(test.want) {
			t.Errorf("%+v: %v, want %v", test.in, ids, test.want)
		}
	}
	if a := d.rule(t, "a"); !a.Ours || a.Cost.MeanMicros != 100 || a.Cost.Share != 0.25 || d.rule(t, "b").Ours {
		t.Errorf("%+v", a)
	}
}

func TestRulesArePaged(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)), Rule{ID: "a"}, Rule{ID: "b"}, Rule{ID: "c"})
	page, err := d.list(t.Context(), &rulesInput{Page: module.Page{Limit: 2}})
	if err != nil || len(page.Items) != 2 || page.Next == "" || page.Total != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	page, err = d.list(t.Context(), &rulesInput{Page: module.Page{Limit: 2, Cursor: page.Next}})
	if err != nil || len(page.Items) != 1 || page.Next != "" {
		t.Errorf("%+v, %v", page, err)
	}
	if _, err := d.list(t.Context(), &rulesInput{Page: module.Page{Cursor: "x"}}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a wrong cursor: %v", err)
	}
}

// One rule is shown with what surrounds it.
func TestOneRule(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)),
		Rule{ID: "a", Title: "A", Kind: KindEvent}, Rule{ID: "b", Title: "B", Kind: KindCorrelation})
	d.current.Load().Ruleset.Correlations = []Correlation{{Rule: Rule{ID: "b", Kind: KindCorrelation}, Of: []string{"a"}}}
	a, err := d.one(t.Context(), &oneRule{ID: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Tests) != 1 || a.LogSource == nil || a.LogSource.Category != "access" || a.Text == "" ||
		!slices.Equal(a.CountedBy, []RuleName{{ID: "b", Title: "B"}}) || len(a.Counts) != 0 || a.Setting != nil {
		t.Errorf("%+v", a)
	}
	b, err := d.one(t.Context(), &oneRule{ID: "b"})
	if err != nil || !slices.Equal(b.Counts, []RuleName{{ID: "a", Title: "A"}}) || len(b.CountedBy) != 0 {
		t.Errorf("%+v, %v", b, err)
	}
	if _, err := d.one(t.Context(), &oneRule{ID: "c"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown rule: %v", err)
	}
}
