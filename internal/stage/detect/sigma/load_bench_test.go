package sigma

import (
	"runtime"
	"testing"
)

// BenchmarkLoad loads the public rule set from memory, and says how much of the
// heap its rules keep.
func BenchmarkLoad(b *testing.B) {
	folder, tb := Folder{"public", publicRules(b), "."}, tables(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var set *Set
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if set, err = Load(tb, folder); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-kept")
	runtime.KeepAlive(set)
}
