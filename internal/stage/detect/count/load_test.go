package count

import "testing"

// TestLoad: the made-up work reaches every partition and raises alerts.
func TestLoad(t *testing.T) {
	l := NewLoad(3000)
	bodies, err := l.Bodies(40_000)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Take(bodies); err != nil {
		t.Fatal(err)
	}
	if l.Keys() != 3000 || l.Raised() == 0 || len(l.Save()) < 1000 {
		t.Errorf("%d groups, %d alerts, a state of %d bytes", l.Keys(), l.Raised(), len(l.Save()))
	}
	for _, p := range l.partitions {
		measured(t, p)
	}
}

// BenchmarkLoad counts hits of a hundred thousand groups.
func BenchmarkLoad(b *testing.B) {
	l := NewLoad(100_000)
	for _, n := range []int{100_000, b.N} {
		bodies, err := l.Bodies(n)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		b.ResetTimer()
		if err := l.Take(bodies); err != nil {
			b.Fatal(err)
		}
	}
}
