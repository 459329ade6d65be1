package exchange

import (
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"warder/internal/kit/fault"
)

// Bounds of one group: writes that share a batch and its fsync.
const (
	groupWrites = 512
	groupBytes  = 8 << 20
)

// write is one caller's part of a group.
type write struct {
	size  int                       // bytes, about
	grows bool                      // refused when the disk is nearly full; what frees space is not
	fill  func(*pebble.Batch) error // adds to the batch; only the committer calls it
	done  func()                    // after the fsync, before the caller goes on; may be nil
	reply chan error
}

// committer is the only writer of the database. Whatever waits while an fsync
// runs goes into the next batch together: callers at the same time share one
// fsync, and offsets are given in the order in which they become durable.
type committer struct {
	db      *pebble.DB
	queue   chan *write
	stopped chan struct{}
	space   *spaceGuard
	log     *slog.Logger
	broken  error // set once the database can write no more; only run touches it
}

func newCommitter(db *pebble.DB, space *spaceGuard, log *slog.Logger) *committer {
	c := &committer{db: db, queue: make(chan *write, groupWrites), stopped: make(chan struct{}), space: space, log: log}
	go c.run()
	return c
}

// submit hands over a write and waits until it is durable. There is no way back
// once it is queued: a caller that left could not know what became of it.
func (c *committer) submit(w *write) error {
	w.reply = make(chan error, 1)
	c.queue <- w
	return <-w.reply
}

// stop ends the committer; nobody may submit any more.
func (c *committer) stop() {
	close(c.queue)
	<-c.stopped
}

func (c *committer) run() {
	defer close(c.stopped)
	for w := range c.queue {
		group := c.gather(w)
		err := c.commit(group)
		for _, w := range group {
			if err == nil && w.done != nil {
				w.done()
			}
			w.reply <- err
		}
	}
}

// gather collects the writes that wait besides the first, less those that the
// disk has no room for.
func (c *committer) gather(first *write) []*write {
	// Callers that the last fsync woke want to be in this group, not the next.
	runtime.Gosched()
	full := c.space.full()
	group, size := make([]*write, 0, 1+len(c.queue)), 0
	for w := first; ; {
		if full != nil && w.grows {
			w.reply <- full
		} else {
			group, size = append(group, w), size+w.size
		}
		if len(group) >= groupWrites || size >= groupBytes {
			return group
		}
		select {
		case next, ok := <-c.queue:
			if !ok {
				return group
			}
			w = next
		default:
			return group
		}
	}
}

// commit writes a group. After a failure every write is refused, because offsets
// were given that never reached the disk; reading and the rest of the program go on.
func (c *committer) commit(group []*write) error {
	if c.broken == nil && len(group) > 0 {
		if err := c.apply(group); err != nil {
			c.log.Error("the exchange stopped writing", "error", err)
			c.broken = fault.New(fault.Unavailable, "the exchange can no longer write to its directory: repair the disk, then start Warder again: %w", err)
		}
	}
	return c.broken
}

// apply writes a group in one batch. The database says by panicking that its
// write-ahead log failed.
func (c *committer) apply(group []*write) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("commit to the exchange: %v", p)
		}
	}()
	batch := c.db.NewBatch()
	defer batch.Close()
	for _, w := range group {
		if err := w.fill(batch); err != nil {
			return fmt.Errorf("fill a batch of the exchange: %w", err)
		}
	}
	return c.db.Apply(batch, pebble.Sync)
}

// spaceGuard refuses growth before the disk is full: a database that meets the
// end of the disk in its write-ahead log cannot go on until it is restarted.
type spaceGuard struct {
	free    func() (uint64, error) // bytes available to this program
	now     func() time.Time
	checked time.Time
	last    error
}

const (
	keepFree   = 64 << 20 // bytes
	spaceEvery = time.Second
)

// full returns why nothing may grow, or nil. It asks the disk once a second.
func (g *spaceGuard) full() error {
	now := g.now()
	if age := now.Sub(g.checked); !g.checked.IsZero() && age >= 0 && age < spaceEvery {
		return g.last
	}
	g.checked, g.last = now, nil
	if free, err := g.free(); err == nil && free < keepFree {
		g.last = &fault.Error{
			Kind:       fault.Unavailable,
			Sentence:   fmt.Sprintf("the disk of the data directory is nearly full (%d MiB left): nothing is accepted until there is room", free>>20),
			RetryAfter: 30 * time.Second,
		}
	}
	return g.last
}
