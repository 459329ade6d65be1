package app

import (
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
)

// topics are all messages between the steps. A step is handed only those that
// it reads or writes.
type topics struct {
	raw       exchange.Topic[flow.RawBatch]
	hits      exchange.Topic[flow.Hit]
	alerts    exchange.Topic[flow.Alert]
	incidents exchange.Topic[flow.IncidentChange]
	impacts   exchange.Topic[flow.Assessment]
	notices   exchange.Topic[flow.Notice]
	timeline  exchange.Topic[flow.TimelineEntry]
	models    exchange.Topic[hospital.Changed]
	changes   exchange.Topic[flow.Change]
}

func newTopics(log exchange.Log) topics {
	return topics{
		raw:       exchange.NewTopic(log, "raw", exchange.CBOR[flow.RawBatch]()),
		hits:      exchange.NewTopic(log, "hit", exchange.JSON[flow.Hit]()),
		alerts:    exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		incidents: exchange.NewTopic(log, "incident", exchange.JSON[flow.IncidentChange]()),
		impacts:   exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		notices:   exchange.NewTopic(log, "notice", exchange.JSON[flow.Notice]()),
		timeline:  exchange.NewTopic(log, "timeline", exchange.JSON[flow.TimelineEntry]()),
		models:    exchange.NewTopic(log, hospital.Topic, exchange.JSON[hospital.Changed]()),
		changes:   exchange.NewTopic(log, "change", exchange.JSON[flow.Change]()),
	}
}
