package inspect

import (
	"path/filepath"
	"testing"
)

// BenchmarkHunt is a search of recorded Windows events with the public rules, from
// the packed file to the findings.
func BenchmarkHunt(b *testing.B) {
	events := shared(b, "sigma/otrf-windows-20k.ndjson.gz")
	rules := load(b, publicRules(b))
	b.ReportAllocs()
	records := 0
	for b.Loop() {
		hunt := &Hunt{Logs: logs(b, 1, filepath.Clean(events)), Rules: rules}
		s, err := hunt.Run(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		records += s.Records
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "events/s")
}
