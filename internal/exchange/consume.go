package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"warder/internal/kit/fault"
)

// defaultTries is how often a single message may fail before it is buried.
const defaultTries = 5

// Burial is the trouble that a consumer tells when it set a message aside.
type Burial struct {
	Topic    string
	Consumer string
	Offset   uint64
	Reason   string
}

func (b *Burial) Error() string {
	return fmt.Sprintf("consumer %s set message %d of topic %s aside: %s", b.Consumer, b.Offset, b.Topic, b.Reason)
}

// Consume hands a topic's records to the subscription's handler until the
// context ends, and then returns nil.
//
// A failing batch comes again after a pause, then message by message; a message
// that fails Tries times is buried, and so is at once one that cannot be decoded.
// Failures of kind fault.Unavailable never count: the message waits. A handler's
// panic is a failure like any other. Damaged messages are reported, what is left
// of them is buried, and the topic goes on.
func Consume[T any](ctx context.Context, topic Topic[T], sub Subscription[T], log *slog.Logger) error {
	if sub.Tries <= 0 {
		sub.Tries = defaultTries
	}
	c := &consumer[T]{
		topic: topic, sub: sub,
		log: log.With("topic", topic.name, "consumer", sub.Consumer),
	}
	c.insist(ctx, "start", c.start)
	for ctx.Err() == nil {
		var msgs []Message
		c.insist(ctx, "read", func(ctx context.Context) (err error) {
			msgs, err = c.next(ctx)
			return err
		})
		if len(msgs) > 0 {
			c.take(ctx, msgs)
		}
	}
	return nil
}

type consumer[T any] struct {
	topic Topic[T]
	sub   Subscription[T]
	log   *slog.Logger
	after uint64 // everything up to here was handled, buried or lost
}

// start finds where to begin. A cursor beyond the topic's end means that the log
// lost messages, or is another log: what comes now would be passed over.
func (c *consumer[T]) start(ctx context.Context) error {
	after, err := c.cursor(ctx)
	if err != nil {
		return err
	}
	last, err := c.topic.log.Last(ctx, c.topic.name)
	if err != nil {
		return err
	}
	c.after = min(after, last)
	if after <= last {
		return nil
	}
	return c.report(ctx, &Damage{Topic: c.topic.name, From: last + 1, Through: after, Cause: errMissing})
}

func (c *consumer[T]) cursor(ctx context.Context) (uint64, error) {
	if c.sub.Start != nil {
		return c.sub.Start(ctx)
	}
	cp, err := c.topic.log.Checkpoint(ctx, c.topic.name, c.sub.Consumer)
	if errors.Is(err, ErrDamaged) {
		// Beginning again repeats what handlers have seen, which they must bear
		// anyhow; not beginning would stop the topic for ever.
		c.trouble(err)
		return 0, nil
	}
	return cp.Offset, err
}

// next waits for messages and reads them. Damage is read again before it is
// believed, then passed over.
func (c *consumer[T]) next(ctx context.Context) ([]Message, error) {
	if err := c.topic.log.Wait(ctx, c.topic.name, c.after); err != nil {
		return nil, err
	}
	const readings = 3
	for reading := 1; ; reading++ {
		msgs, err := c.topic.log.Read(ctx, c.topic.name, c.after, c.sub.Batch, c.sub.Bytes)
		var damage *Damage
		if !errors.As(err, &damage) {
			return msgs, err
		}
		if reading == readings {
			return nil, c.passOver(ctx, damage)
		}
		pause(ctx, firstRetry)
	}
}

// passOver reports damage and moves on behind it.
func (c *consumer[T]) passOver(ctx context.Context, d *Damage) error {
	if err := c.report(ctx, d); err != nil {
		return err
	}
	return c.passed(ctx, d.Through)
}

// report tells of damage and buries what is left of it: the dead letter stays
// when the log files are gone.
func (c *consumer[T]) report(ctx context.Context, d *Damage) error {
	c.trouble(d)
	return c.topic.log.Bury(ctx, c.topic.name, c.sub.Consumer, Message{Offset: d.From, Body: d.Bytes}, d.Error())
}

// take works on what was read, up to its last message or the end of the context.
func (c *consumer[T]) take(ctx context.Context, msgs []Message) {
	batch := c.decode(ctx, msgs)
	if len(batch) > 1 && c.whole(ctx, batch) != nil {
		for i := range batch {
			c.single(ctx, batch[i:i+1])
		}
	}
	if len(batch) == 1 {
		c.single(ctx, batch)
	}
	if ctx.Err() == nil {
		c.insist(ctx, "save", func(ctx context.Context) error { return c.passed(ctx, msgs[len(msgs)-1].Offset) })
	}
}

// decode buries what cannot be decoded and returns the rest.
func (c *consumer[T]) decode(ctx context.Context, msgs []Message) []Delivery[T] {
	batch := make([]Delivery[T], 0, len(msgs))
	for _, m := range msgs {
		d := Delivery[T]{Message: m}
		err := c.guard(func() error { return c.topic.codec.Decode(m.Body, &d.Value) })
		if err != nil {
			c.bury(ctx, m, fmt.Errorf("decode: %w", err))
			continue
		}
		batch = append(batch, d)
	}
	return batch
}

// whole tries a batch twice, and for as long as its failure does not count.
func (c *consumer[T]) whole(ctx context.Context, batch []Delivery[T]) error {
	return c.try(ctx, batch, 2)
}

// single tries one message as often as it may fail, then buries it.
func (c *consumer[T]) single(ctx context.Context, one []Delivery[T]) {
	if err := c.try(ctx, one, c.sub.Tries); err != nil && ctx.Err() == nil {
		c.bury(ctx, one[0].Message, err)
	}
}

// try hands a batch to the handler until it succeeds, has failed often enough,
// or the context ends.
func (c *consumer[T]) try(ctx context.Context, batch []Delivery[T], tries int) error {
	wait := firstRetry
	for failed := 0; ; {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := c.guard(func() error { return c.sub.Handle(ctx, batch) })
		if err == nil || ctx.Err() != nil {
			return err
		}
		if fault.KindOf(err) != fault.Unavailable {
			failed++
		}
		if failed >= tries {
			return err
		}
		c.log.Warn("a handler failed and will be tried again", "from", batch[0].Offset, "messages", len(batch), "in", wait, "error", err)
		pause(ctx, wait)
		wait = min(2*wait, longestRetry)
	}
}

func (c *consumer[T]) bury(ctx context.Context, m Message, cause error) {
	c.trouble(&Burial{Topic: c.topic.name, Consumer: c.sub.Consumer, Offset: m.Offset, Reason: cause.Error()})
	c.insist(ctx, "bury", func(ctx context.Context) error {
		return c.topic.log.Bury(ctx, c.topic.name, c.sub.Consumer, m, cause.Error())
	})
}

// passed notes that everything up to an offset is done, durably where the log
// keeps the cursor.
func (c *consumer[T]) passed(ctx context.Context, offset uint64) error {
	if c.sub.Start == nil {
		if err := c.topic.log.Save(ctx, c.topic.name, c.sub.Consumer, Checkpoint{Offset: offset}); err != nil {
			return err
		}
	}
	c.after = offset
	return nil
}

func (c *consumer[T]) trouble(err error) {
	c.log.Error("trouble on a topic", "error", err)
	if c.sub.OnTrouble != nil {
		c.sub.OnTrouble(err)
	}
}

// insist does what must succeed for the topic to go on, until it does or the
// context ends.
func (c *consumer[T]) insist(ctx context.Context, what string, do func(context.Context) error) {
	for wait := firstRetry; ctx.Err() == nil; wait = min(2*wait, longestRetry) {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Warn("a consumer has to wait for the exchange", "to", what, "in", wait, "error", err)
		pause(ctx, wait)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// guard turns a panic of foreign code into an error.
func (c *consumer[T]) guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("a handler panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn()
}
