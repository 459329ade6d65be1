package store_test

import (
	"context"
	"testing"

	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestWriteAndRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if err := s.Check(ctx); err != nil {
			t.Fatal(err)
		}
		sp := s.Space("store")
		err := sp.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SetCursor(ctx, "raw", 41); err != nil {
				return err
			}
			tx.Emit("alert", "k", map[string]int{"a": 1})
			return tx.SetCursor(ctx, "raw", 7)
		})
		if err != nil {
			t.Fatal(err)
		}
		at, err := sp.Cursor(ctx, "raw")
		if err != nil || at != 41 {
			t.Fatalf("cursor %d, %v", at, err)
		}
		if n, err := s.Waiting(ctx); err != nil || n != 1 {
			t.Fatalf("waiting %d, %v", n, err)
		}
		err = sp.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO store_cursor (space, topic, position) VALUES ($1, $2, 1)`, "store", "raw")
			return err
		})
		if fault.KindOf(err) != fault.Conflict {
			t.Fatalf("a second row of one key: %v, want a conflict", err)
		}
	})
}
