package app

import (
	"context"
	"fmt"
	"time"

	"warder/internal/app/pipeline"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
)

const (
	trimEvery = time.Minute
	// keepChanges is how many changes stay for clients of the live stream that
	// come back.
	keepChanges = 50_000
	// keepRaw is how many batches of raw records stay beyond their need, from
	// which senders' keys are known again after a restart.
	keepRaw = 256
)

// trim forgets, from time to time, the messages that every consumer has passed.
func (h *house) trim(ctx context.Context) error {
	tick := time.NewTicker(trimEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := h.trimOnce(ctx); err != nil && ctx.Err() == nil {
				h.log.Warn("messages could not be forgotten; this is tried again", "error", err)
			}
		}
	}
}

// cursor tells how far a consumer came.
type cursor func(ctx context.Context) (uint64, error)

// working lists, for each topic, everybody who works on its messages.
func (h *house) working() map[string][]pipeline.Worker {
	kept := func(topic, consumer string) pipeline.Worker {
		return pipeline.Worker{Name: consumer, At: func(ctx context.Context) (uint64, error) {
			cp, err := h.exchange.Checkpoint(ctx, topic, consumer)
			return cp.Offset, err
		}}
	}
	stage := func(module, topic string) pipeline.Worker {
		return pipeline.Worker{Name: module, At: func(ctx context.Context) (uint64, error) { return h.store.Space(module).Cursor(ctx, topic) }}
	}
	all := map[string][]pipeline.Worker{
		h.topics.raw.Name():       {kept(h.topics.raw.Name(), detect.ConsumerName)},
		h.topics.loose.Name():     {kept(h.topics.loose.Name(), count.ConsumerName)},
		h.topics.alerts.Name():    {stage("correlate", h.topics.alerts.Name())},
		h.topics.incidents.Name(): {stage("impact", h.topics.incidents.Name()), stage("respond", h.topics.incidents.Name())},
		h.topics.impacts.Name():   {stage("correlate", h.topics.impacts.Name()), stage("respond", h.topics.impacts.Name())},
		h.topics.timeline.Name():  {stage("correlate", h.topics.timeline.Name())},
		h.topics.notices.Name():   {stage("notify", h.topics.notices.Name())},
		h.topics.models.Name():    {stage("impact", h.topics.models.Name())},
	}
	for i, topic := range h.topics.hits {
		all[topic.Name()] = []pipeline.Worker{{Name: count.ConsumerName, At: func(context.Context) (uint64, error) { return h.counter.Counted(i), nil }}}
	}
	return all
}

// watchedWorkers is working, with the evidence as a consumer of raw records: an
// event is worked off when it is stored too.
func (h *house) watchedWorkers() map[string][]pipeline.Worker {
	all, raw := h.working(), h.topics.raw.Name()
	all[raw] = append(all[raw], pipeline.Worker{Name: "evidence", At: func(context.Context) (uint64, error) { return h.evidence.StoredThrough(), nil }})
	return all
}

// consumers lists, for each topic, everybody who must have passed a message
// before it may go: those who work on it, the evidence, and whoever comes back.
func (h *house) consumers() map[string][]cursor {
	all := map[string][]cursor{}
	for topic, workers := range h.working() {
		for _, w := range workers {
			all[topic] = append(all[topic], w.At)
		}
	}
	raw, changes := h.topics.raw.Name(), h.topics.changes.Name()
	for i, topic := range h.topics.hits {
		// Counting saves a large state seldom, and needs the hits since.
		all[topic.Name()] = []cursor{func(context.Context) (uint64, error) { return h.counter.Kept(i), nil }}
	}
	all[raw] = append(all[raw], func(context.Context) (uint64, error) {
		if len(h.evidence.Erasures()) > 0 { // what is erased must leave the topic too
			return h.evidence.StoredThrough(), nil
		}
		return less(h.evidence.StoredThrough(), keepRaw), nil
	})
	all[changes] = []cursor{func(ctx context.Context) (uint64, error) {
		last, err := h.exchange.Last(ctx, changes)
		return less(last, keepChanges), err
	}}
	return all
}

func less(n, by uint64) uint64 {
	if n < by {
		return 0
	}
	return n - by
}

func (h *house) trimOnce(ctx context.Context) error {
	if !h.trimming.TryLock() {
		return nil // a backup needs them; the next round forgets them
	}
	defer h.trimming.Unlock()
	erasing := len(h.evidence.Erasures()) > 0 // one that ends on account of this still asks for the purge
	for topic, all := range h.consumers() {
		through := ^uint64(0)
		for _, at := range all {
			n, err := at(ctx)
			if err != nil {
				return fmt.Errorf("find how far the consumers of topic %s are: %w", topic, err)
			}
			through = min(through, n)
		}
		if through == 0 {
			continue
		}
		if err := h.exchange.Trim(ctx, topic, through); err != nil {
			return fmt.Errorf("trim topic %s: %w", topic, err)
		}
	}
	if erasing {
		return h.purge(ctx)
	}
	return nil
}

// purger is a log that can write its files anew without what was trimmed.
type purger interface {
	Purge(ctx context.Context, topic string) error
}

// purge takes erased records off the disk.
func (h *house) purge(ctx context.Context) error {
	if p, ok := h.exchange.Log.(purger); ok {
		return p.Purge(ctx, h.topics.raw.Name())
	}
	return nil
}
