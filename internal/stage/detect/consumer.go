package detect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// ConsumerName is the consumer of topic raw whose checkpoint is the cursor
// "detected".
const ConsumerName = "detect"

// Normaliser makes an event of a raw record, and never fails.
type Normaliser interface {
	Event(id flow.RecordID, raw flow.Raw) flow.Event
}

// Events keeps every event. Through is the offset on topic raw that the events
// reach up to; StoredThrough is the highest such offset whose events are durable.
type Events interface {
	Append(ctx context.Context, through uint64, events []flow.Event) error
	StoredThrough() uint64
}

// Observer looks at new events beside the way, for the unknown assets in them. It
// must not block and must not change them.
type Observer interface {
	Observe(events []flow.Event)
}

// Sources is told how each record of a source could be read: by how much its own
// time is ahead of its acceptance, or why it could not be read.
type Sources interface {
	Observe(source string, skew time.Duration, parseErr error, raw flow.Raw)
}

// Options is what a Consumer is made of.
type Options struct {
	Log        exchange.Log // keeps the cursor "detected"
	Raw        exchange.Topic[flow.RawBatch]
	Alerts     exchange.Publisher[flow.Alert]
	Hits       Spread
	Normaliser Normaliser
	Events     Events
	Rules      *Ruleset // to begin with; Swap changes them
	Judge      Judge    // nil keeps everything
	Observer   Observer // may be nil
	Sources    Sources  // may be nil
	Board      *Board
	// OnTrouble is told of events on which the rules failed; may be nil.
	OnTrouble func(error)
	Logger    *slog.Logger
}

// Consumer is the step from raw records to events, alerts and hits.
type Consumer struct {
	Options
	rules atomic.Pointer[active]
	// stored is how far the event store has been given events: where it stood at
	// the start, then what was appended. A batch that comes again after a
	// failure is not given twice.
	stored   uint64
	detected atomic.Uint64
}

// active is a rule set at work.
type active struct {
	matchers []Matcher
	dispatch *Dispatch
}

// NewConsumer returns the consumer; Run does its work.
func NewConsumer(o Options) *Consumer {
	c := &Consumer{Options: o}
	c.Swap(o.Rules)
	return c
}

// Swap puts another rule set in the place of the one at work, at any time. A
// batch that is under way is finished with the old one, whole; a batch that comes
// again after a failure is seen by the new one. Who counts must know the
// correlations first (count.Consumer.Swap): a hit of one that it does not know is
// not counted.
func (c *Consumer) Swap(rules *Ruleset) {
	c.rules.Store(&active{matchers: rules.Matchers, dispatch: NewDispatch(rules.Correlations)})
}

// batchBytes bounds what is worked on at a time, packed: some thousand events. It
// is what a consumer that lags behind holds in memory.
const batchBytes = 1 << 20

// Run works until the context ends and then returns nil.
func (c *Consumer) Run(ctx context.Context) error {
	return exchange.Consume(ctx, c.Raw, exchange.Subscription[flow.RawBatch]{
		Consumer: ConsumerName, Bytes: batchBytes, Start: c.start, Handle: c.handle,
	}, c.Logger)
}

// start begins at the lower of the two cursors.
func (c *Consumer) start(ctx context.Context) (uint64, error) {
	cp, err := c.Log.Checkpoint(ctx, c.Raw.Name(), ConsumerName)
	if err != nil {
		return 0, fmt.Errorf("read the cursor of detection: %w", err)
	}
	c.stored = c.Events.StoredThrough()
	c.detected.Store(cp.Offset)
	return min(cp.Offset, c.stored), nil
}

func (c *Consumer) handle(ctx context.Context, batch []exchange.Delivery[flow.RawBatch]) error {
	through := batch[len(batch)-1].Offset
	unstored, news := c.normalise(batch)
	if through > c.stored {
		if err := c.Events.Append(ctx, through, unstored); err != nil {
			return fmt.Errorf("keep events: %w", err)
		}
		c.stored = through
	}
	if through <= c.detected.Load() {
		return nil
	}
	if err := c.detect(ctx, news); err != nil {
		return err
	}
	if err := c.Log.Save(ctx, c.Raw.Name(), ConsumerName, exchange.Checkpoint{Offset: through}); err != nil {
		return fmt.Errorf("move the cursor of detection: %w", err)
	}
	c.detected.Store(through)
	c.tell(batch, news)
	return nil
}

// tell shows what is new to those beside the way. The news are the last records
// of the batch.
func (c *Consumer) tell(batch []exchange.Delivery[flow.RawBatch], news []flow.Event) {
	if c.Observer != nil {
		c.Observer.Observe(news)
	}
	if c.Sources == nil {
		return
	}
	at := len(news)
	for _, d := range slices.Backward(batch) {
		for _, raw := range slices.Backward(d.Value.Records) {
			if at--; at < 0 {
				return
			}
			c.tellSource(&news[at], raw)
		}
	}
}

func (c *Consumer) tellSource(ev *flow.Event, raw flow.Raw) {
	if ev.ParseError != "" {
		c.Sources.Observe(ev.Source, 0, errors.New(ev.ParseError), raw)
		return
	}
	// A record that says no time of its own took that of its acceptance: it tells
	// nothing about its sender's clock. One of an exercise tells of the exercise's.
	if skew := ev.Time.Sub(ev.Received); skew != 0 && ev.Exercise == "" {
		c.Sources.Observe(ev.Source, skew, nil, raw)
	}
}

// normalise reads the batch: the events that the store lacks, and those that no
// detector has seen yet. Outside a replay both are the same.
func (c *Consumer) normalise(batch []exchange.Delivery[flow.RawBatch]) (unstored, news []flow.Event) {
	places := make([]place, 0, 1024)
	fromStored, fromDetected := -1, -1
	for i := range batch {
		d := &batch[i]
		if fromStored < 0 && d.Offset > c.stored {
			fromStored = len(places)
		}
		if fromDetected < 0 && d.Offset > c.detected.Load() {
			fromDetected = len(places)
		}
		for index := range d.Value.Records {
			places = append(places, place{d, index})
		}
	}
	all := make([]flow.Event, len(places))
	together(partsOf(len(all)), len(all), func(_, from, to int) {
		for i := from; i < to; i++ {
			all[i] = places[i].event(c.Normaliser)
		}
	})
	return tail(all, fromStored), tail(all, fromDetected)
}

// place is where in a batch a record is.
type place struct {
	in    *exchange.Delivery[flow.RawBatch]
	index int
}

func (p place) event(n Normaliser) flow.Event {
	return n.Event(flow.RecordID{Writer: p.in.Writer, Seq: p.in.Seq, Index: uint32(p.index)}, p.in.Value.Records[p.index])
}

func tail(events []flow.Event, from int) []flow.Event {
	if from < 0 {
		return nil
	}
	return events[from:]
}

// detect shows each event to every matcher and publishes what they found.
func (c *Consumer) detect(ctx context.Context, events []flow.Event) error {
	found := c.find(events)
	if len(found.hits) > 0 {
		if err := c.Hits.Publish(ctx, found.hits); err != nil {
			return err
		}
	}
	if len(found.alerts) > 0 {
		if _, err := c.Alerts.Publish(ctx, "", found.alerts...); err != nil {
			return fmt.Errorf("publish alerts: %w", err)
		}
	}
	return nil
}

// finds is what a batch of events gave.
type finds struct {
	alerts []flow.Alert
	hits   []flow.Hit
}

// find applies one rule set to all events of a batch, several at once; what they
// gave is in the order of the events.
func (c *Consumer) find(events []flow.Event) (all finds) {
	rules := c.rules.Load()
	found := make([]finds, partsOf(len(events)))
	together(len(found), len(events), func(part, from, to int) {
		for i := from; i < to; i++ {
			c.findIn(&found[part], rules, &events[i])
		}
	})
	for _, f := range found {
		all.alerts, all.hits = append(all.alerts, f.alerts...), append(all.hits, f.hits...)
	}
	return all
}

// findIn matches one event. A rule that panics is a fault of ours, but the batch
// must go on: its events are evidence already, and would be stored once more when
// it is sent again.
func (c *Consumer) findIn(f *finds, rules *active, ev *flow.Event) {
	if ev.Unreadable() {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			c.Logger.Error("matching rules panicked", "event", ev.ID, "panic", p, "stack", string(debug.Stack()))
			if c.OnTrouble != nil {
				c.OnTrouble(fmt.Errorf("the rules failed on event %s, which is kept and may have met some: %v", ev.ID, p))
			}
		}
	}()
	for _, m := range rules.matchers {
		for _, match := range m.Match(ev) {
			c.take(f, rules.dispatch, match, ev)
		}
	}
}

// take makes of a match what it is for.
func (c *Consumer) take(f *finds, dispatch *Dispatch, match Match, ev *flow.Event) {
	rule := match.Rule
	if c.Judge != nil {
		var keep bool
		if rule, keep = c.Judge.Judge(match, ev); !keep {
			return
		}
	}
	c.Board.Hit(rule, ev.Received)
	if match.Alert {
		f.alerts = append(f.alerts, NewAlert(rule, ev))
	}
	if match.Count {
		f.hits = append(f.hits, dispatch.Hits(match.Rule.ID, ev)...)
	}
}
