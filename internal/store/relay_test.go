package store_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"warder/internal/flow"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// Every transaction reads the counter, adds one and emits the sum. Lost updates,
// a wrong order and a skipped row would all show in the numbers that arrive.
func TestOutboxHasTheOrderOfCommits(t *testing.T) {
	const writers, each = 6, 25
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		run(t, s, `CREATE TABLE probe_counter (n BIGINT)`, `INSERT INTO probe_counter VALUES (0)`)
		to := newTray()
		relaying(t, s, to)
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range each {
					if err := s.Space("probe").Write(t.Context(), addOne); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		if t.Failed() {
			return
		}
		got := to.until(t, writers*each, "alert")
		for i, body := range got {
			if body != strconv.Itoa(i+1) {
				t.Fatalf("message %d is %s: %v", i+1, body, got)
			}
		}
	})
}

func addOne(ctx context.Context, tx *store.Tx) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT n FROM probe_counter`).Scan(&n); err != nil {
		return err
	}
	tx.Emit("alert", "", n+1)
	_, err := tx.ExecContext(ctx, `UPDATE probe_counter SET n = $1`, n+1)
	return err
}

// Transactions that touch nothing in common but the outbox must not skip either.
func TestOutboxOfStrangers(t *testing.T) {
	const writers, each = 6, 25
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		to := newTray()
		relaying(t, s, to)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					err := s.Space("probe").Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
						tx.Emit("topic-"+strconv.Itoa(w%2), "", []int{w, 2 * i})
						tx.Emit("topic-"+strconv.Itoa(w%2), "", []int{w, 2*i + 1})
						return nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		if t.Failed() {
			return
		}
		for topic := range 2 {
			next := map[string]int{}
			for _, body := range to.until(t, 2*writers*each, "topic-"+strconv.Itoa(topic)) {
				w := body[1:2]
				if want := "[" + w + "," + strconv.Itoa(next[w]) + "]"; body != want {
					t.Fatalf("%s came where %s was due", body, want)
				}
				next[w]++
			}
		}
	})
}

func TestRelayTriesAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		to, failures := newTray(), 0
		to.refuse = func(int) error {
			if failures++; failures < 3 {
				return errors.New("the exchange has no room")
			}
			return nil
		}
		relaying(t, s, to)
		write(t, s, emit("alert", 1))
		write(t, s, emit("alert", 2))
		if got := to.until(t, 2, "alert"); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("got %v", got)
		}
	})
}

// What was committed but not relayed when the program ended is relayed by the
// next one; what was appended but not forgotten comes twice, never not at all.
func TestOutboxOutlivesTheProgram(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		first, to := storetest.Open(t, o), newTray()
		write(t, first, emit("alert", 1))
		to.refuse = func(count int) error {
			if count == 1 { // the first message is in; the program ends before it is forgotten
				return errors.New("switched off")
			}
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		cut := cutter{tray: to, cancel: cancel}
		if err := first.Relay(ctx, cut); err != nil {
			t.Fatal(err)
		}
		write(t, first, emit("incident", 2))
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		to.refuse = nil
		second := storetest.Open(t, o)
		relaying(t, second, to)
		to.until(t, 3, "alert")
		if !slices.Equal(to.topics["alert"], []string{"1", "1"}) || !slices.Equal(to.topics["incident"], []string{"2"}) {
			t.Errorf("got %v", to.topics)
		}
	})
}

// cutter ends the relay's context in the moment after an append.
type cutter struct {
	*tray
	cancel context.CancelFunc
}

func (c cutter) Append(ctx context.Context, topic string, msgs []flow.Outgoing) (uint64, error) {
	defer c.cancel()
	return c.tray.Append(ctx, topic, msgs)
}
