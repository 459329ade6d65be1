package app

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"warder/internal/api"
	"warder/internal/module"
)

// metrics serves /metrics in Prometheus' text form.
func (h *house) metrics() api.RootRoute {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newWayCollector(h),
		newRuleCollector(h.rules.Figures), h.backups.Collector())
	return api.RootRoute{Path: "/metrics", Permission: module.ReadDiagnostics,
		Handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{})}
}

// wayCollector reads the state of the way when somebody asks for it.
type wayCollector struct {
	house                          *house
	last, lag, dead, bytes         *prometheus.Desc
	oldest                         *prometheus.Desc
	received, failed, dropped, age *prometheus.Desc
	stored                         *prometheus.Desc
	groups, entries, memory        *prometheus.Desc
	forgotten, stale               *prometheus.Desc
}

func newWayCollector(h *house) *wayCollector {
	topic := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("warder_topic_"+name, help, append([]string{"topic"}, labels...), nil)
	}
	source := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("warder_source_"+name, help, []string{"source"}, nil)
	}
	counting := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("warder_count_"+name, help, nil, nil)
	}
	return &wayCollector{
		house:    h,
		last:     topic("last_offset", "Offset of the newest message."),
		lag:      topic("consumer_lag", "Messages that a consumer has not passed yet.", "consumer"),
		oldest:   topic("consumer_oldest_seconds", "Age of the oldest message that a consumer has not passed yet.", "consumer"),
		dead:     topic("dead_letters", "Messages that were set aside."),
		bytes:    topic("bytes", "Bytes on disk, about."),
		received: source("received_total", "Records accepted since the start."),
		failed:   source("parse_errors_total", "Records that could not be read since the start."),
		dropped:  source("dropped_total", "Records dropped under pressure since the start."),
		age:      source("last_received_timestamp_seconds", "When the newest record was accepted."),
		stored:   prometheus.NewDesc("warder_evidence_stored_offset", "Offset on topic raw up to which the evidence is on disk.", nil, nil),

		groups:    counting("groups", "Groups that counting over time remembers."),
		entries:   counting("entries", "Hits that it remembers in them."),
		memory:    counting("memory_bytes", "Memory that they take, about."),
		forgotten: counting("forgotten_groups_total", "Groups that were forgotten for want of room."),
		stale:     counting("stale_hits_total", "Hits that nobody counts any more, since rules changed."),
	}
}

// Describe implements prometheus.Collector.
func (c *wayCollector) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, out) }

// Collect implements prometheus.Collector.
func (c *wayCollector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	gauge(c.stored, float64(c.house.evidence.StoredThrough()))
	for _, s := range c.house.sources.Health() {
		counter(c.received, float64(s.Received), s.ID)
		counter(c.failed, float64(s.ParseErrors), s.ID)
		counter(c.dropped, float64(s.Dropped), s.ID)
		if s.Last != nil {
			gauge(c.age, float64(s.Last.Unix()), s.ID)
		}
	}
	counted := c.house.counter.Stats()
	gauge(c.groups, float64(counted.Groups))
	gauge(c.entries, float64(counted.Entries))
	gauge(c.memory, float64(counted.Bytes))
	counter(c.forgotten, float64(counted.Forgotten))
	counter(c.stale, float64(counted.Stale))
	topics, err := c.house.line.Topics(context.Background())
	if err != nil {
		c.house.log.Warn("the topics' figures could not be read", "error", err)
		return
	}
	for _, t := range topics {
		gauge(c.last, float64(t.Last), t.Topic)
		gauge(c.dead, float64(t.Dead), t.Topic)
		gauge(c.bytes, float64(t.Bytes), t.Topic)
		for _, consumer := range t.Consumers {
			gauge(c.lag, float64(consumer.Lag), t.Topic, consumer.Name)
			gauge(c.oldest, consumer.Age, t.Topic, consumer.Name)
		}
	}
}
