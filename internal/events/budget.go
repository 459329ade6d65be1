package events

import (
	"context"
	"sync"
	"time"
)

// Budget is what one question may take. Zero values mean no bound.
type Budget struct {
	Time   time.Duration
	Bytes  int64 // of columns that are read, unpacked
	Values int   // different values, or pairs of them, that are counted; 0 means 1,000,000
}

// Cut says that a budget was spent before everything was looked at.
type Cut struct {
	Why    string    `json:"why" enum:"time,bytes" doc:"what was spent: the time or the bytes that one question may take"`
	BackTo time.Time `json:"back_to" doc:"everything from this time on was looked at"`
}

const (
	cutTime  = "time"
	cutBytes = "bytes"
)

// spent tells whether the budget is spent; newest is the time of the newest event
// that was not looked at yet. A sender whose clock is days ahead may have left an
// event of that time in every segment: then a page has come to no place from which
// another could go on, and the search goes on instead.
func (sc *scan) spent(newest int64) bool {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	newest = min(newest, sc.window.high-1)
	if sc.pages && newest >= sc.window.high-2 { // the cursor's own event is below high
		return false
	}
	why := ""
	switch b := sc.budget; {
	case b.Time > 0 && time.Since(sc.began) >= b.Time: // how long, not when
		why = cutTime
	case b.Bytes > 0 && sc.bytes >= b.Bytes:
		why = cutBytes
	default:
		return false
	}
	sc.cut = &Cut{Why: why, BackTo: time.UnixMicro(newest + 1).UTC()}
	return true
}

// crew works at the row groups of one search. All searches together work at no
// more row groups at a time than the store has turns, which leaves the other
// processors to what takes events in.
type crew struct {
	ctx   context.Context
	turns chan struct{}
	group sync.WaitGroup
	mu    sync.Mutex
	err   error
}

// newCrew makes the crew of one search. One that works alone takes nobody's turn:
// what it finds goes to somebody who may be slow.
func (s *Store) newCrew(ctx context.Context, alone bool) *crew {
	if alone {
		return &crew{ctx: ctx, turns: make(chan struct{}, 1)}
	}
	return &crew{ctx: ctx, turns: s.turns}
}

// do has a row group worked at when it is its turn. It reports false when no
// more should come: the context ended or something failed.
func (c *crew) do(work func() error) bool {
	select {
	case <-c.ctx.Done():
		return false
	case c.turns <- struct{}{}:
	}
	run := func() {
		defer func() { <-c.turns }()
		if _, err := safely(func() (struct{}, error) { return struct{}{}, work() }); err != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.err == nil {
				c.err = err
			}
		}
	}
	if cap(c.turns) == 1 { // nobody to share with
		run()
	} else {
		c.group.Go(run)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err == nil
}

// settle waits for what is being worked at and returns what failed first.
func (c *crew) settle() error {
	c.group.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.err
	c.err = nil
	if err == nil {
		err = c.ctx.Err()
	}
	return err
}
