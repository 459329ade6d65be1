package source

import (
	"context"
	"fmt"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

const (
	// batchesAtOnce bounds what one publish carries: they share its fsync.
	batchesAtOnce = 16
	// lastPublish is how long what is pending may take when the program ends.
	lastPublish = 5 * time.Second

	firstPause   = 50 * time.Millisecond
	longestPause = 2 * time.Second
)

// Run publishes batches until ctx ends; then it refuses new records, publishes
// what it holds and returns. Sources should end before it does.
func (i *Intake) Run(ctx context.Context) error {
	pause := firstPause
	for i.gather(ctx) {
		// The end of the program must not tear a batch whose callers wait for it.
		if err := i.publish(context.WithoutCancel(ctx), i.take()); err != nil {
			i.o.Log.Error("records could not be made durable and will be tried again", "in", pause, "error", err)
			sleep(ctx, pause)
			pause = min(2*pause, longestPause)
			continue
		}
		pause = firstPause
	}
	i.close()
	return nil
}

// gather waits until there is a batch worth publishing; false when ctx ended.
func (i *Intake) gather(ctx context.Context) bool {
	for {
		wait, some := i.ready()
		switch {
		case some && wait <= 0:
			return ctx.Err() == nil
		case some:
			if !i.await(ctx, time.After(wait)) {
				return false
			}
		default:
			if !i.await(ctx, nil) {
				return false
			}
		}
	}
}

// await returns true at the next signal or when the timer fires.
func (i *Intake) await(ctx context.Context, timer <-chan time.Time) bool {
	select {
	case <-i.wake:
		return true
	case <-timer:
		return true
	case <-ctx.Done():
		return false
	}
}

// ready tells how long the oldest record may still wait for company.
func (i *Intake) ready() (wait time.Duration, some bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.queue) == 0 {
		return 0, false
	}
	if len(i.queue) >= i.o.Records || i.queued >= i.o.Bytes {
		return 0, true
	}
	return i.o.Delay - time.Since(i.queue[0].since), true
}

// take removes from the queue what one publish may carry.
func (i *Intake) take() []entry {
	i.mu.Lock()
	defer i.mu.Unlock()
	var bytes int64
	n := 0
	for n < len(i.queue) && n < batchesAtOnce*i.o.Records && (n == 0 || bytes+i.queue[n].size <= batchesAtOnce*i.o.Bytes) {
		bytes += i.queue[n].size
		n++
	}
	taken := i.queue[:n:n]
	i.queue = i.queue[n:]
	if len(i.queue) == 0 {
		i.queue = nil // let the array go with its records
	}
	i.queued -= bytes
	return taken
}

// batches cuts entries into messages of bounded size, in order.
func (i *Intake) batches(entries []entry) []flow.RawBatch {
	var out []flow.RawBatch
	var cur []flow.Raw
	var bytes int64
	for _, e := range entries {
		if len(cur) > 0 && (len(cur) == i.o.Records || bytes+e.size > i.o.Bytes) {
			out = append(out, flow.RawBatch{Records: cur})
			cur, bytes = nil, 0
		}
		cur = append(cur, e.rec)
		bytes += e.size
	}
	return append(out, flow.RawBatch{Records: cur})
}

func (i *Intake) publish(ctx context.Context, entries []entry) error {
	_, err := i.o.Publisher.Publish(ctx, "", i.batches(entries)...)
	if err == nil {
		i.settle(entries, nil)
		return nil
	}
	// Whoever waits further back would wait behind records that are tried again.
	i.settle(append(waited(entries), i.putBack(entries)...), &fault.Error{
		Kind: fault.Unavailable, Sentence: "the log of records cannot be written now; send again later", RetryAfter: longestPause, Cause: err,
	})
	return fmt.Errorf("publish %d records: %w", len(entries), err)
}

// settle answers the calls of entries and gives room back.
func (i *Intake) settle(entries []entry, err error) {
	var calls []*call
	i.mu.Lock()
	for _, e := range entries {
		if e.rec.Key != "" {
			calls = append(calls, i.window(e.rec.Source).settle(e.rec.Key, err == nil)...)
		}
	}
	i.mu.Unlock()
	for _, e := range entries {
		if e.call != nil {
			e.call.finish(err)
		} else {
			i.room.Release(i.claim(e.size))
		}
	}
	for _, c := range calls {
		c.finish(err)
	}
}

// putBack returns the records that nobody waits for to the head of the queue,
// and takes those that somebody waits for out of it.
func (i *Intake) putBack(entries []entry) (shed []entry) {
	i.mu.Lock()
	defer i.mu.Unlock()
	kept := unwaited(append(entries[:len(entries):len(entries)], i.queue...))
	shed = waited(i.queue)
	i.queue, i.queued = kept, 0
	for _, e := range kept {
		i.queued += e.size
	}
	return shed
}

func unwaited(entries []entry) []entry {
	var out []entry
	for _, e := range entries {
		if e.call == nil {
			out = append(out, e)
		}
	}
	return out
}

func waited(entries []entry) []entry {
	var out []entry
	for _, e := range entries {
		if e.call != nil {
			out = append(out, e)
		}
	}
	return out
}

// close refuses what comes from now on and publishes what is pending, once.
func (i *Intake) close() {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), lastPublish)
	defer cancel()
	for entries := i.take(); len(entries) > 0; entries = i.take() {
		if err := i.publish(ctx, entries); err != nil {
			i.o.Log.Error("records were lost at the end", "records", i.abandon(), "error", err)
			return
		}
	}
}

// abandon empties the queue when the program ends on a log that cannot be
// written; it answers who waits and returns how many records nobody waited for.
func (i *Intake) abandon() int {
	i.mu.Lock()
	rest := i.queue
	i.queue, i.queued = nil, 0
	i.mu.Unlock()
	i.settle(rest, fault.New(fault.Unavailable, "take records in: %w", ErrClosed))
	return len(rest) - len(waited(rest))
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
