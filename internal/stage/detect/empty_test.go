package detect

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

// After a demo every rule has found nothing, and a restart knows of nothing else.
func TestEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}}
		board := NewBoard(rules)
		m := NewModule(board, s.Space("detect"), slog.New(slog.DiscardHandler))
		board.Hit(&rules[0], time.Unix(1, 0))
		m.keep(t.Context())
		board.Hit(&rules[1], time.Unix(2, 0))
		if err := m.Empty(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.keep(t.Context())
		again := NewBoard(rules)
		if err := NewModule(again, s.Space("detect"), slog.New(slog.DiscardHandler)).restore(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, r := range append(board.List(), again.List()...) {
			if r.Hits != 0 || r.LastHit != nil {
				t.Errorf("rule %s has %d hits, the last at %v", r.ID, r.Hits, r.LastHit)
			}
		}
	})
}
