package store_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"warder/internal/flow"
	"warder/internal/store"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		os.Exit(writeUntilKilled(path))
	}
	if path := os.Getenv(upgradeEnv); path != "" {
		os.Exit(upgradeUntilKilled(path))
	}
	goleak.VerifyTestMain(m)
}

// tray is an exchange for tests: it keeps what is appended, in order.
type tray struct {
	mu     sync.Mutex
	topics map[string][]string
	count  int
	arrive chan struct{} // one token for each Append that worked, never blocking
	refuse func(count int) error
}

func newTray() *tray {
	return &tray{topics: map[string][]string{}, arrive: make(chan struct{}, 1)}
}

func (a *tray) Append(_ context.Context, topic string, msgs []flow.Outgoing) (uint64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refuse != nil {
		if err := a.refuse(a.count); err != nil {
			return 0, err
		}
	}
	for _, m := range msgs {
		a.topics[topic] = append(a.topics[topic], string(m.Body))
	}
	a.count += len(msgs)
	select {
	case a.arrive <- struct{}{}:
	default:
	}
	return uint64(a.count), nil
}

// until waits for n messages in all, and returns those of a topic.
func (a *tray) until(t *testing.T, n int, topic string) []string {
	t.Helper()
	for {
		a.mu.Lock()
		got, all := append([]string(nil), a.topics[topic]...), a.count
		a.mu.Unlock()
		if all >= n {
			return got
		}
		select {
		case <-a.arrive:
		case <-t.Context().Done():
			t.Fatalf("%d of %d messages came", all, n)
		}
	}
}

// relaying runs the relay until the returned function is called or the test ends.
func relaying(t *testing.T, s *store.Store, to store.Appender) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Relay(ctx, to) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("relay: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func write(t *testing.T, s *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Space("probe").Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, s *store.Store, statements ...string) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

func emit(topic string, v any) func(context.Context, *store.Tx) error {
	return func(_ context.Context, tx *store.Tx) error {
		tx.Emit(topic, "", v)
		return nil
	}
}
