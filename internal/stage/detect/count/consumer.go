package count

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// ConsumerName is the consumer of a partition's topic whose checkpoint holds the
// partition's state.
const ConsumerName = "count"

// defaultMemory is what all partitions together may hold, in bytes.
const defaultMemory = 512 << 20

// Options is what a Consumer is made of.
type Options struct {
	Log exchange.Log // keeps the checkpoints
	// Hits are the topics of the partitions, detect.Partitions of them.
	Hits []exchange.Topic[flow.Hit]
	// Undispatched holds hits that nobody asked about who counts them. They are
	// passed on to their partitions.
	Undispatched exchange.Topic[flow.Hit]
	Alerts       exchange.Publisher[flow.Alert]
	Correlations []detect.Correlation // to begin with; Swap changes them
	Judge        detect.Judge         // nil keeps everything
	Board        *detect.Board
	Memory       int64       // bytes for all that is remembered, about; 0 means 512 MiB
	OnTrouble    func(error) // is told when there is no room; may be nil, must not block
	Now          func() time.Time
	Logger       *slog.Logger
}

// Consumer is the step from hits to the alerts of correlations: one worker for
// each partition.
type Consumer struct {
	Options
	out     detect.Spread
	workers []*worker
	plan    atomic.Pointer[plan]
	swaps   sync.Mutex // one swap at a time
	large   sync.Mutex // one large state is saved at a time: it takes memory
	told    atomic.Int64
}

// NewConsumer returns the consumer; Run does its work.
func NewConsumer(o Options) *Consumer {
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	c := &Consumer{Options: o}
	c.plan.Store(newPlan(o.Correlations))
	for _, topic := range o.Hits {
		c.out = append(c.out, topic)
		c.workers = append(c.workers, &worker{consumer: c, topic: topic})
	}
	return c
}

// Run works until the context ends and then returns nil. This process works on
// all partitions; each is complete in itself (topic, checkpoint, worker), so that
// another process could work on some of them.
func (c *Consumer) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	failed := make([]error, len(c.workers)+1)
	for i, w := range c.workers {
		wg.Go(func() { failed[i] = w.run(ctx) })
	}
	wg.Go(func() { failed[len(c.workers)] = c.passOn(ctx) })
	wg.Go(func() { c.keepUp(ctx) })
	wg.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave)
	defer cancel()
	for _, w := range c.workers {
		w.finish(last)
	}
	return errors.Join(failed...)
}

// lastSave bounds the saving of all states at the end.
const lastSave = 30 * time.Second

// passOn sends hits to the partitions of those who count them now.
func (c *Consumer) passOn(ctx context.Context) error {
	if c.Undispatched.Name() == "" {
		return nil
	}
	return exchange.Consume(ctx, c.Undispatched, exchange.Subscription[flow.Hit]{
		Consumer: ConsumerName,
		Handle: func(ctx context.Context, batch []exchange.Delivery[flow.Hit]) error {
			var hits []flow.Hit
			for i := range batch {
				hits = append(hits, c.plan.Load().dispatch.Hits(batch[i].Value.Rule, &batch[i].Value.Event)...)
			}
			return c.out.Publish(ctx, hits)
		},
	}, c.Logger)
}

// keepEvery is how often it is looked whether a state should be saved that no
// further hit would save.
const keepEvery = time.Second

// keepUp saves states when it is quiet.
func (c *Consumer) keepUp(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, w := range c.workers {
				w.keepUp(ctx)
			}
		}
	}
}

// Swap puts other correlations in the place of those at work, at any time. What
// is remembered for those that mean the same stays (detect.Correlation.Meaning);
// what is remembered for others is forgotten, and so are their hits that are on
// the way. Call it before detect.Consumer.Swap, so that every hit of a new
// correlation finds who counts it.
func (c *Consumer) Swap(correlations []detect.Correlation) {
	c.swaps.Lock()
	defer c.swaps.Unlock()
	next := newPlan(correlations)
	c.plan.Store(next) // for workers that have not begun
	for _, w := range c.workers {
		w.swap(next)
	}
}

// Forget begins to count anew, after the hits that were counted.
func (c *Consumer) Forget(ctx context.Context) error {
	for _, w := range c.workers {
		if err := w.forget(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Stats says what is remembered in all partitions.
func (c *Consumer) Stats() (sum Stats) {
	for _, w := range c.workers {
		sum.add(w.stats())
	}
	return sum
}

// Counted is the offset on a partition's topic up to which hits are counted and
// what they raised is durable.
func (c *Consumer) Counted(partition int) uint64 { return c.workers[partition].counted.Load() }

// Kept is the offset on a partition's topic up to which the saved state reaches:
// a restart needs the hits behind it.
func (c *Consumer) Kept(partition int) uint64 { return c.workers[partition].keptAt.Load() }

// crowdedEvery is how often want of room is told.
const crowdedEvery = time.Hour

// crowded tells a person that there is no room for all groups.
func (c *Consumer) crowded() {
	now, before := c.Now().UnixNano(), c.told.Load()
	if c.OnTrouble == nil || before != 0 && now-before < int64(crowdedEvery) || !c.told.CompareAndSwap(before, now) {
		return
	}
	c.OnTrouble(fmt.Errorf("counting over time has no room for all groups within %d MiB: those that were quiet longest are forgotten", c.Memory>>20))
}
