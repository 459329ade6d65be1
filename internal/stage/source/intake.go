package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// ErrClosed says that the intake has ended and takes nothing more.
var ErrClosed = errors.New("the intake has ended")

// Options bound an Intake; a zero field means the default given with it.
type Options struct {
	Publisher exchange.Publisher[flow.RawBatch]
	Records   int           // most records in a batch: 512
	Bytes     int64         // most bytes in a batch, unless one record is larger: 1 MiB
	Delay     time.Duration // longest wait of a record for company: 2 ms
	Pending   int64         // most bytes accepted but not yet durable: 64 MiB
	Keys      int           // remembered keys of senders, for each source: 16384
	Log       *slog.Logger
}

// recordOverhead is what a record costs beside its bytes, in memory and on disk.
const recordOverhead = 128

func (o Options) withDefaults() Options {
	if o.Records <= 0 {
		o.Records = 512
	}
	if o.Bytes <= 0 {
		o.Bytes = 1 << 20
	}
	if o.Delay <= 0 {
		o.Delay = 2 * time.Millisecond
	}
	if o.Pending <= 0 {
		o.Pending = 64 << 20
	}
	if o.Keys <= 0 {
		o.Keys = 16384
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Intake gathers records from all sources into durable batches. Its methods may
// be called at the same time; records wait until Run works.
type Intake struct {
	o    Options
	room *semaphore.Weighted
	wake chan struct{} // holds one token while the queue is not empty

	mu      sync.Mutex
	queue   []entry
	queued  int64 // bytes in queue
	windows map[string]*window
	closed  bool
}

// entry is one record on its way; call is nil when nobody waits for it, and the
// intake itself must try again until it is durable.
type entry struct {
	rec   flow.Raw
	size  int64
	since time.Time
	call  *call
}

// NewIntake returns an intake; the caller runs it.
func NewIntake(o Options) *Intake {
	o = o.withDefaults()
	return &Intake{
		o: o, room: semaphore.NewWeighted(o.Pending), wake: make(chan struct{}, 1),
		windows: make(map[string]*window),
	}
}

// Accept returns nil after the records are durable. After an error, the end of
// ctx included, some of them may be durable all the same: a sender that then
// tries again should give its records keys.
func (i *Intake) Accept(ctx context.Context, recs ...flow.Raw) error {
	done := make(chan error, 1)
	if err := i.Submit(ctx, func(err error) { done <- err }, recs...); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("wait until records are durable: %w", ctx.Err())
	}
}

// Submit waits for room only; done is called once, when all records are durable
// or one failed. It runs in the intake's own goroutine and must not block.
// Without an error from Submit, done is always called.
func (i *Intake) Submit(ctx context.Context, done func(error), recs ...flow.Raw) error {
	if len(recs) == 0 {
		done(nil)
		return nil
	}
	size := sizeOf(recs)
	if err := i.room.Acquire(ctx, i.claim(size)); err != nil {
		return fmt.Errorf("wait for room in the intake: %w", err)
	}
	return i.enqueue(newCall(done, len(recs), func() { i.room.Release(i.claim(size)) }), recs...)
}

// Keep waits for room only and then owns the records: the intake tries until they
// are durable. For protocols that cannot be told of a failure. After an error
// some of them may be kept.
func (i *Intake) Keep(ctx context.Context, recs ...flow.Raw) error {
	var claims int64
	for _, r := range recs {
		claims += i.claim(rawSize(r))
	}
	if claims > i.o.Pending {
		return i.keepEach(ctx, recs)
	}
	if err := i.room.Acquire(ctx, claims); err != nil {
		return fmt.Errorf("wait for room in the intake: %w", err)
	}
	return i.enqueue(nil, recs...)
}

// keepEach is Keep for records that have no room together.
func (i *Intake) keepEach(ctx context.Context, recs []flow.Raw) error {
	for _, r := range recs {
		if err := i.room.Acquire(ctx, i.claim(rawSize(r))); err != nil {
			return fmt.Errorf("wait for room in the intake: %w", err)
		}
		if err := i.enqueue(nil, r); err != nil {
			return err
		}
	}
	return nil
}

// TryKeep is Keep for protocols that cannot wait either: it tells at once
// whether there was room.
func (i *Intake) TryKeep(rec flow.Raw) bool {
	if !i.room.TryAcquire(i.claim(rawSize(rec))) {
		return false
	}
	return i.enqueue(nil, rec) == nil
}

// claim is the room that a call of that size takes: a call larger than the
// whole room is let in alone.
func (i *Intake) claim(size int64) int64 { return min(size, i.o.Pending) }

func (i *Intake) enqueue(c *call, recs ...flow.Raw) error {
	now := time.Now()
	var finished []*call
	i.mu.Lock()
	if i.closed {
		i.mu.Unlock()
		i.giveBack(c, recs)
		return fault.New(fault.Unavailable, "take records in: %w", ErrClosed)
	}
	for _, r := range recs {
		if r.Key != "" && !i.window(r.Source).begin(r.Key, c) {
			// Known already: durable (the call is one nearer to its end), or on
			// its way (then the call waits with the first one).
			finished = append(finished, i.repeated(c, r)...)
			continue
		}
		e := entry{rec: r, size: rawSize(r), since: now, call: c}
		i.queue = append(i.queue, e)
		i.queued += e.size
	}
	i.mu.Unlock()
	for _, f := range finished {
		f.finish(nil)
	}
	i.signal()
	return nil
}

// repeated settles a record whose key is known. Called with the lock held.
func (i *Intake) repeated(c *call, r flow.Raw) []*call {
	if c == nil {
		i.room.Release(i.claim(rawSize(r)))
		return nil
	}
	if i.window(r.Source).durable(r.Key) {
		return []*call{c}
	}
	return nil
}

func (i *Intake) giveBack(c *call, recs []flow.Raw) {
	if c != nil {
		c.release()
		return
	}
	for _, r := range recs {
		i.room.Release(i.claim(rawSize(r)))
	}
}

func (i *Intake) signal() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

// window returns the keys of a source. Called with the lock held.
func (i *Intake) window(source string) *window {
	w := i.windows[source]
	if w == nil {
		w = newWindow(i.o.Keys)
		i.windows[source] = w
	}
	return w
}

func rawSize(r flow.Raw) int64 {
	return int64(len(r.Data)+len(r.Key)+len(r.Channel)+len(r.Refused)) + recordOverhead
}

func sizeOf(recs []flow.Raw) int64 {
	var n int64
	for _, r := range recs {
		n += rawSize(r)
	}
	return n
}
