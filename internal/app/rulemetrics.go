package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"warder/internal/stage/detect"
)

// ruleCollector reads the figures of the rules when somebody asks for them. Only
// the busiest rules are told one by one, so that their number is bounded.
type ruleCollector struct {
	figures                                    func() detect.Figures
	rules, exceptions, reloads, excepted       *prometheus.Desc
	matches, seconds, ruleMatches, ruleSeconds *prometheus.Desc
}

func newRuleCollector(figures func() detect.Figures) *ruleCollector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("warder_"+name, help, labels, nil)
	}
	return &ruleCollector{
		figures:     figures,
		rules:       desc("rules", "Rules.", "status"),
		exceptions:  desc("rules_exceptions", "Exceptions in force."),
		reloads:     desc("rules_reloads_total", "Times that the rules were read again since the start.", "outcome"),
		excepted:    desc("rules_excepted_total", "Matches that exceptions swallowed."),
		matches:     desc("rules_matches_total", "Matches of all rules."),
		seconds:     desc("rules_matching_seconds", "Time that rules took since they were loaded, estimated from a sample."),
		ruleMatches: desc("rule_matches_total", "Matches of a rule that is among the busiest.", "rule"),
		ruleSeconds: desc("rule_matching_seconds", "Time that a rule among the busiest took since it was loaded, estimated from a sample.", "rule"),
	}
}

// Describe implements prometheus.Collector.
func (c *ruleCollector) Describe(out chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(c, out)
}

// Collect implements prometheus.Collector.
func (c *ruleCollector) Collect(out chan<- prometheus.Metric) {
	send := func(kind prometheus.ValueType, d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, v, labels...)
	}
	f := c.figures()
	for status, n := range f.Rules {
		send(prometheus.GaugeValue, c.rules, float64(n), status)
	}
	send(prometheus.GaugeValue, c.exceptions, float64(f.Exceptions))
	send(prometheus.CounterValue, c.reloads, float64(f.Reloads), "done")
	send(prometheus.CounterValue, c.reloads, float64(f.FailedReloads), "failed")
	send(prometheus.CounterValue, c.excepted, float64(f.Excepted))
	send(prometheus.CounterValue, c.matches, float64(f.Matches))
	send(prometheus.GaugeValue, c.seconds, f.Spent.Seconds())
	told := map[string]bool{}
	for _, r := range f.Busiest {
		if told[r.Rule] { // two files may say one id
			continue
		}
		told[r.Rule] = true
		send(prometheus.CounterValue, c.ruleMatches, float64(r.Matches), r.Rule)
		send(prometheus.GaugeValue, c.ruleSeconds, r.Spent.Seconds(), r.Rule)
	}
}
