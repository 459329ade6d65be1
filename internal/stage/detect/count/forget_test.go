package count

import (
	"context"
	"testing"
	"testing/synctest"
)

// What was counted before is forgotten, across a restart too; what comes counts.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x"))
		ctx, cancel := context.WithCancel(t.Context())
		c := b.consumer()
		if err := c.Forget(ctx); err != nil { // before it began
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		if err := c.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.publish(t, hit("a", 3, 2, "g", "x"))
		b.run(t)
		if ids := b.ids(t); len(ids) != 0 {
			t.Errorf("alerts: %v", ids)
		}
		b.publish(t, hit("a", 4, 3, "g", "x"), hit("a", 5, 4, "g", "x"))
		b.run(t)
		if ids := b.ids(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}
