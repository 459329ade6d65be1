package events

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"warder/internal/kit/fault"
)

// One person's questions wait for one another and are refused beyond a number;
// another's are not in their way.
func TestSearchesOfOnePersonAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		enter := func(ctx context.Context, who string) (func(), error) { return l.enter(ctx, who) }
		var running []func()
		for range searchesEach {
			leave, err := enter(t.Context(), "ann")
			if err != nil {
				t.Fatal(err)
			}
			running = append(running, leave)
		}
		waited := make(chan error, waitingEach)
		for range waitingEach {
			go func() {
				leave, err := enter(t.Context(), "ann")
				if err == nil {
					leave()
				}
				waited <- err
			}()
		}
		synctest.Wait()
		var f *fault.Error
		if _, err := enter(t.Context(), "ann"); !errors.As(err, &f) || f.Kind != fault.Busy || f.RetryAfter <= 0 {
			t.Errorf("one too many: %v", err)
		}
		if leave, err := enter(t.Context(), "bob"); err != nil {
			t.Error(err)
		} else {
			leave()
		}
		running[0]()
		for range waitingEach { // one after the other
			if err := <-waited; err != nil {
				t.Error(err)
			}
		}
		third, err := enter(t.Context(), "ann")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := enter(t.Context(), "ann"); fault.KindOf(err) != fault.Busy { // after longestWaiting
			t.Errorf("waited too long: %v", err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := enter(ended, "ann"); !errors.Is(err, context.Canceled) {
			t.Errorf("went away: %v", err)
		}
		for _, leave := range append(running[1:], third) {
			leave()
		}
		if len(l.each) != 0 || len(l.all) != 0 {
			t.Errorf("left %v, %d", l.each, len(l.all))
		}
	})
}
