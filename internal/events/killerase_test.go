package events_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
)

const eraseEnv = "WARDER_EVENTS_ERASE_TEST_DIR"

// eraseUntilKilled is the child of TestKillWhileErasing: it appends, erases the
// events of one person again and again, and says each offset through which that
// was answered.
func eraseUntilKilled(dir string) int {
	ctx := context.Background()
	s, err := events.Open(events.Options{
		Dir: dir, Log: slog.New(slog.DiscardHandler), FlushCount: 40, FlushAge: 50 * time.Millisecond, MaxBytes: 100 << 10, CompactCount: 3,
		OnTrouble: func(err error) { fmt.Println("trouble", err) },
	})
	if err != nil {
		fmt.Println("trouble", err)
		return 1
	}
	for offset := int(s.StoredThrough()) + 1; ; offset++ {
		if err := s.Append(ctx, uint64(offset), batch(offset)); err != nil {
			fmt.Println("trouble", err)
			return 1
		}
		if offset%10 != 0 {
			continue
		}
		order := events.Order{ID: fmt.Sprintf("e%d-%d", offset, time.Now().UnixNano()), Request: events.Request{Query: "actor.person:p3"}}
		if _, err := s.Erase(ctx, order); err != nil {
			fmt.Println("trouble", err)
			return 1
		}
		fmt.Println(offset)
	}
}

// Killed at any moment, what an erasure was answered for is gone, does not come
// back with what topic raw still has, and everybody else's events are there once.
func TestKillWhileErasing(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		said := killAfter(t, eraseEnv, dir, uint64(20+30*round)+stored(t, dir))
		o := options(t, dir)
		o.Now = time.Now
		s, err := events.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		for offset := s.StoredThrough() + 1; offset <= said; offset++ {
			if err := s.Append(t.Context(), offset, batch(int(offset))); err != nil {
				t.Fatal(err)
			}
		}
		through := max(said, s.StoredThrough())
		want := 0
		for n := perOffset; n < (int(through)+1)*perOffset; n++ {
			if n%7 != 3 {
				want++
			}
		}
		n, err := s.Count(t.Context(), events.Query{})
		if err != nil || n != want {
			t.Errorf("round %d: %d events, want %d, %v", round, n, want, err)
		}
		if left, err := s.Count(t.Context(), events.Query{Text: "actor.person:p3"}); err != nil || left != 0 {
			t.Errorf("round %d: %d of the person's events are back, %v", round, left, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func stored(t *testing.T, dir string) uint64 {
	t.Helper()
	o := options(t, dir)
	o.Now = eventstest.Epoch
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.StoredThrough()
}
