package correlate

import (
	"fmt"
	"testing"
	"time"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/store/storetest"
)

// BenchmarkManyOpenIncidents feeds batches of 64 alerts beside 5,000 open
// incidents; the figure is for one alert.
func BenchmarkManyOpenIncidents(b *testing.B) {
	s := storetest.Open(b, storetest.SQLite(b))
	log := exchangetest.NewMemory()
	m := New(Options{
		Space: s.Space("correlate"), Model: hospital.NewHolder(corridor(b, 200)), Now: func() time.Time { return noon },
		Limits:   Limits{Size: 50},
		Alerts:   exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		Impacts:  exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		Timeline: exchange.NewTopic(log, "timeline", exchange.JSON[flow.TimelineEntry]()),
	})
	var offset uint64
	give := func(n int, make func(i int) flow.Alert) {
		var batch []flow.Alert
		for i := range n {
			batch = append(batch, make(i))
		}
		if err := m.takeAlerts().Handle(b.Context(), deliveries(&offset, batch)); err != nil {
			b.Fatal(err)
		}
	}
	for k := range 50 {
		give(100, func(i int) flow.Alert {
			return alert(fmt.Sprintf("open-%d-%d", k, i), flow.ThreatCredential, high, 0, fmt.Sprintf("@user:person-%d-%d", k, i))
		})
	}
	n := 0
	for b.Loop() {
		n++
		give(64, func(i int) flow.Alert {
			return alert(fmt.Sprintf("new-%d-%d", n, i), flow.ThreatScan, high, 0, fmt.Sprintf("@user:person-%d-%d", n%50, i), "switch", "place:floor")
		})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(64*b.N), "µs/alert")
}
