package events_test

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"go.uber.org/goleak"

	"warder/internal/events"
	"warder/internal/events/eventstest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashEnv); dir != "" {
		os.Exit(appendUntilKilled(dir))
	}
	if dir := os.Getenv(eraseEnv); dir != "" {
		os.Exit(eraseUntilKilled(dir))
	}
	fewerChecks()
	goleak.VerifyTestMain(m)
}

// fewerChecks makes the property tests do 25 rounds where nobody asked for a
// number: each round writes and reads files.
func fewerChecks() {
	const name = "rapid.checks"
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == name })
	if !asked {
		_ = flag.Set(name, "25") // rapid has this flag, and it takes a number
	}
}

func TestConformance(t *testing.T) {
	eventstest.Run(t, func(place string, small bool) (eventstest.Engine, error) {
		o := options(t, place)
		if small {
			o.FlushCount, o.CompactCount = 5, 2
		}
		return events.Open(o)
	})
}

// options for a store in which any trouble fails the test.
func options(t testing.TB, dir string) events.Options {
	return events.Options{
		Dir: dir, Now: eventstest.Epoch, Log: slog.New(slog.DiscardHandler),
		OnTrouble: func(err error) { t.Errorf("trouble: %v", err) },
	}
}

func open(t testing.TB, o events.Options) *events.Store {
	t.Helper()
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(fmt.Errorf("close: %w", err))
		}
	})
	return s
}
