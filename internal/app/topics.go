package app

import (
	"fmt"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/detect"
	"warder/internal/stage/source"
)

// topics are all messages between the steps. A step is handed only those that
// it reads or writes.
type topics struct {
	raw       exchange.Topic[flow.RawBatch]
	hits      []exchange.Topic[flow.Hit] // of the partitions
	loose     exchange.Topic[flow.Hit]   // hits that nobody asked about who counts them
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
		raw:       exchange.NewTopic(log, "raw", source.Codec()),
		hits:      partitions(log),
		loose:     exchange.NewTopic(log, "hit", exchange.JSON[flow.Hit]()),
		alerts:    exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		incidents: exchange.NewTopic(log, "incident", exchange.JSON[flow.IncidentChange]()),
		impacts:   exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		notices:   exchange.NewTopic(log, "notice", exchange.JSON[flow.Notice]()),
		timeline:  exchange.NewTopic(log, "timeline", exchange.JSON[flow.TimelineEntry]()),
		models:    exchange.NewTopic(log, hospital.Topic, exchange.JSON[hospital.Changed]()),
		changes:   exchange.NewTopic(log, "change", exchange.JSON[flow.Change]()),
	}
}

// partitions are the parts of topic hit, "hit.00" and so on: one order, one
// checkpoint and one worker for each.
func partitions(log exchange.Log) []exchange.Topic[flow.Hit] {
	list, codec := make([]exchange.Topic[flow.Hit], detect.Partitions), detect.HitCodec()
	for i := range list {
		list[i] = exchange.NewTopic(log, fmt.Sprintf("hit.%02d", i), codec)
	}
	return list
}

// spread is where hits are published: each in its partition.
func (t *topics) spread() detect.Spread {
	out := make(detect.Spread, len(t.hits))
	for i, topic := range t.hits {
		out[i] = topic
	}
	return out
}
