package count

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"warder/internal/stage/detect"
)

// TestCrowded: want of room is told once, and shown; what comes is counted.
func TestCrowded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var told []error
		c := b.consumer()
		c.Memory, c.OnTrouble = 50_000*detect.Partitions, func(err error) { told = append(told, err) }
		for i := range 10_000 {
			b.publish(t, hit("a", i, float64(i)/1000, "g", fmt.Sprint(i)))
		}
		for i := range 3 {
			b.publish(t, hit("a", 20_000+i, 11+float64(i)/1000, "g", "last"))
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		s := c.Stats()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if len(told) != 1 || s.Forgotten == 0 || s.Bytes > c.Memory*11/10 || s.Groups+int(s.Forgotten) != 10_001 {
			t.Errorf("told %v, %+v", told, s)
		}
		if ids := b.ids(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}
