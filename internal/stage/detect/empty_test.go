package detect

import (
	"testing"
	"time"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

// After a demo every rule has found nothing, and a restart knows of nothing
// else. What was decided stays.
func TestEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}}
		d := newDesk(t, s, rules...)
		if err := d.set(by("kim"), &rules[1], RuleSetting{Off: true, Why: "noise"}); err != nil {
			t.Fatal(err)
		}
		d.board.Hit(&rules[0], time.Unix(1, 0))
		d.keep(t.Context())
		d.board.Hit(&rules[1], time.Unix(2, 0))
		if err := d.Empty(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.keep(t.Context())
		again := newDesk(t, s, rules...)
		for _, r := range append(d.statuses(), again.statuses()...) {
			if r.Hits != 0 || r.LastHit != nil {
				t.Errorf("rule %s has %d hits, the last at %v", r.ID, r.Hits, r.LastHit)
			}
		}
		if again.rule(t, "b").Status != "off" {
			t.Error("the setting is gone")
		}
	})
}
