package count

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// ConsumerName is the consumer of topic hit whose checkpoint holds the state.
const ConsumerName = "count"

// A small state is saved after every batch; a large one at most this often.
const (
	smallState = 256 << 10 // bytes
	saveEvery  = 5 * time.Second
)

// Options is what a Consumer is made of.
type Options struct {
	Log          exchange.Log // keeps the checkpoint
	Hits         exchange.Topic[flow.Hit]
	Alerts       exchange.Publisher[flow.Alert]
	Correlations []detect.Correlation
	Board        *detect.Board
	Now          func() time.Time
	Logger       *slog.Logger
}

// Consumer is the step from hits to the alerts of correlations.
type Consumer struct {
	Options
	mu      sync.Mutex // between the messages and the clock
	counter *Counter
	taken   uint64       // offset that the state was reached at
	pending []flow.Alert // raised, not yet published
	size    int          // bytes of the state when it was saved last
	saved   time.Time
	kept    uint64 // offset that the saved state was reached at
}

// NewConsumer returns the consumer; Run does its work.
func NewConsumer(o Options) *Consumer { return &Consumer{Options: o} }

// Run works until the context ends and then returns nil.
func (c *Consumer) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { c.keepUp(ctx) })
	return exchange.Consume(ctx, c.Hits, exchange.Subscription[flow.Hit]{
		Consumer: ConsumerName, Start: c.start, Handle: c.handle,
	}, c.Logger)
}

// keepUp saves a large state that no further message would save, and what is
// left at the end.
func (c *Consumer) keepUp(ctx context.Context) {
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveEvery)
		c.mu.Lock()
		if c.taken > c.kept && len(c.pending) == 0 {
			if err := c.keep(last); err != nil {
				c.Logger.Warn("the state of counting is not saved; it is tried again", "error", err)
			}
		}
		c.mu.Unlock()
		cancel()
	}
}

// start takes up the state with the offset that it belongs to.
func (c *Consumer) start(ctx context.Context) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cp, err := c.Log.Checkpoint(ctx, c.Hits.Name(), ConsumerName)
	if err != nil {
		return 0, fmt.Errorf("read the checkpoint of counting: %w", err)
	}
	c.counter = NewCounter(c.Correlations)
	if err := c.counter.load(cp.State); err != nil {
		// What was counted is lost, what comes is not: better than standing still.
		c.Logger.Error("counting begins anew", "error", err)
	}
	c.taken, c.kept, c.pending = cp.Offset, cp.Offset, nil
	return cp.Offset, nil
}

func (c *Consumer) handle(ctx context.Context, batch []exchange.Delivery[flow.Hit]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range batch {
		// A batch that comes again after a failure was counted already.
		if batch[i].Offset > c.taken {
			c.count(&batch[i].Value)
			c.taken = batch[i].Offset
		}
	}
	if len(c.pending) > 0 {
		if _, err := c.Alerts.Publish(ctx, "", c.pending...); err != nil {
			return fmt.Errorf("publish alerts: %w", err)
		}
		c.pending = nil
	}
	return c.save(ctx)
}

// Forget begins to count anew, after the hits that were counted.
func (c *Consumer) Forget(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counter == nil {
		return nil // it has not begun yet
	}
	c.counter, c.pending = NewCounter(c.Correlations), nil
	return c.keep(ctx)
}

func (c *Consumer) count(hit *flow.Hit) {
	for _, f := range c.counter.Take(hit) {
		// The hits of other kinds of rules were counted when they were found.
		if f.Rule.Kind == detect.KindCorrelation {
			c.Board.Hit(&f.Rule, f.Alert.Received)
		}
		c.pending = append(c.pending, f.Alert)
	}
}

// save keeps the state with its offset: at once while it is small, from time to
// time when it is large. A crash in between counts the hits since again.
func (c *Consumer) save(ctx context.Context) error {
	if c.size > smallState && c.Now().Sub(c.saved) < saveEvery {
		return nil
	}
	return c.keep(ctx)
}

func (c *Consumer) keep(ctx context.Context) error {
	state, err := c.counter.save()
	if err != nil {
		return err
	}
	cp := exchange.Checkpoint{Offset: c.taken, State: state}
	if err := c.Log.Save(ctx, c.Hits.Name(), ConsumerName, cp); err != nil {
		return fmt.Errorf("keep the checkpoint of counting: %w", err)
	}
	c.size, c.saved, c.kept = len(state), c.Now(), c.taken
	return nil
}
