package exchange_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"warder/internal/exchange"
)

// BenchmarkAppend appends to a real disk: one fsync for each group of callers.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 8} {
		for _, size := range []int{500, 50_000} {
			b.Run(fmt.Sprintf("writers=%d/bytes=%d", writers, size), func(b *testing.B) {
				appendFrom(b, writers, size)
			})
		}
	}
}

func appendFrom(b *testing.B, writers, size int) {
	l := open(b, exchange.Options{Dir: b.TempDir()})
	body := make([]byte, size)
	work := make(chan struct{})
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range work {
				if _, err := l.Append(context.Background(), "a", []exchange.Outgoing{{Body: body}}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
}

// BenchmarkRead reads messages of 500 bytes in batches as a consumer does.
func BenchmarkRead(b *testing.B) {
	l, ctx := open(b, exchange.Options{Dir: b.TempDir()}), b.Context()
	const stored = 20_000
	batch := make([]exchange.Outgoing, 1000)
	for i := range batch {
		batch[i].Body = make([]byte, 500)
	}
	for range stored / len(batch) {
		if _, err := l.Append(ctx, "a", batch); err != nil {
			b.Fatal(err)
		}
	}
	after, read := uint64(0), 0
	for b.Loop() {
		if after == stored {
			after = 0
		}
		msgs, err := l.Read(ctx, "a", after, 256, 0)
		if err != nil {
			b.Fatal(err)
		}
		after, read = msgs[len(msgs)-1].Offset, read+len(msgs)
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "messages/s")
}
