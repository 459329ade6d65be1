package backup

import "github.com/prometheus/client_golang/prometheus"

// Collector tells others how old the newest backup is, and how large.
func (m *Module) Collector() prometheus.Collector {
	gauge := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("warder_backup_"+name, help, nil, nil)
	}
	return collector{m, gauge("last_timestamp_seconds", "When the newest backup began."), gauge("last_bytes", "Bytes of the newest backup."),
		gauge("failed", "1 when the last backup failed.")}
}

type collector struct {
	module              *Module
	last, bytes, failed *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c collector) Describe(out chan<- *prometheus.Desc) {
	out <- c.last
	out <- c.bytes
	out <- c.failed
}

// Collect implements prometheus.Collector.
func (c collector) Collect(out chan<- prometheus.Metric) {
	set := func(d *prometheus.Desc, v float64) { out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	if all, err := c.module.shelf.list(); err == nil && len(all) > 0 {
		set(c.last, float64(all[0].Made.Unix()))
		set(c.bytes, float64(all[0].Bytes))
	}
	c.module.mu.Lock()
	defer c.module.mu.Unlock()
	failed := 0.0
	if c.module.failed != nil {
		failed = 1
	}
	set(c.failed, failed)
}
