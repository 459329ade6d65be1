package detect

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// TestCountsSurvive: what rules found is there after a restart.
func TestCountsSurvive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rules := []Rule{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}, {File: "broken.yml", Error: "is broken"}}
		at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
		for round := int64(1); round <= 2; round++ {
			board := NewBoard(rules)
			m := NewModule(board, s.Space("detect"), slog.New(slog.DiscardHandler))
			ctx, cancel := context.WithCancel(context.Background())
			if err := m.restore(ctx); err != nil {
				t.Fatal(err)
			}
			m.restored = true
			board.Hit(&rules[0], at)
			board.Hit(&Rule{ID: "stranger"}, at)
			cancel()
			if err := m.Run(ctx); err != nil { // ends at once and keeps the counts
				t.Fatal(err)
			}
			list := board.List()
			if len(list) != 3 || list[0].Hits != round || !list[0].LastHit.Equal(at) || list[1].Hits != 0 || list[2].Status != "error" {
				t.Errorf("round %d: %+v", round, list)
			}
		}
	})
}

func TestRulesArePaged(t *testing.T) {
	board := NewBoard([]Rule{{ID: "a"}, {ID: "b"}, {ID: "c", Error: "is broken"}})
	m := NewModule(board, nil, nil)
	page, err := m.list(context.Background(), &listInput{Page: module.Page{Limit: 2}})
	if err != nil || len(page.Items) != 2 || page.Next == "" || page.Total != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	page, err = m.list(context.Background(), &listInput{Page: module.Page{Limit: 2, Cursor: page.Next}})
	if err != nil || len(page.Items) != 1 || page.Next != "" {
		t.Errorf("%+v, %v", page, err)
	}
	page, err = m.list(context.Background(), &listInput{Status: "error"})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != "c" {
		t.Errorf("%+v, %v", page, err)
	}
	if _, err := m.list(context.Background(), &listInput{Page: module.Page{Cursor: "x"}}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a wrong cursor: %v", err)
	}
}
