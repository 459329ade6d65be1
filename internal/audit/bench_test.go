package audit_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"warder/internal/store/storetest"
)

// BenchmarkFollow appends lines that wait, a batch at a time.
func BenchmarkFollow(b *testing.B) {
	const lines = 10_000
	for b.Loop() {
		b.StopTimer()
		n := newBench(b, storetest.Open(b, storetest.SQLite(b)))
		for range lines / 1000 {
			n.write(1000, "in-1")
		}
		b.StartTimer()
		n.follow(lines)
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkLine writes one line after the other beside a follower: how long a
// writer takes, and how long until the leaf is signed.
func BenchmarkLine(b *testing.B) {
	n := newBench(b, storetest.Open(b, storetest.SQLite(b)))
	m := n.module()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = m.Run(ctx) }()
	var writing, signed []time.Duration
	want := int64(0)
	for b.Loop() {
		begin := time.Now()
		n.write(1, "in-1")
		writing = append(writing, time.Since(begin))
		for want++; ; time.Sleep(200 * time.Microsecond) {
			if s, err := m.State(ctx); err != nil || s.Entries >= want {
				break
			}
		}
		signed = append(signed, time.Since(begin))
	}
	stop()
	<-ended
	b.ReportMetric(middle(writing), "write-ms")
	b.ReportMetric(middle(signed), "signed-ms")
}

func middle(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}

// BenchmarkVerify verifies a log of 10,000 entries against its database.
func BenchmarkVerify(b *testing.B) {
	const lines = 10_000
	n := newBench(b, storetest.Open(b, storetest.SQLite(b)))
	for range lines / 1000 {
		n.write(1000, "in-1")
	}
	n.follow(lines)
	for b.Loop() {
		n.good(lines)
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
