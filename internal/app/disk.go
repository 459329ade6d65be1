package app

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// DiskConfig says when the disk is nearly full.
type DiskConfig struct {
	Warn    int `koanf:"warn"`    // less than so many percent free is an incident: 10
	Reserve int `koanf:"reserve"` // with less than so many MiB free nothing more is taken in: 512
}

func (d DiskConfig) validate() []error {
	var errs []error
	if d.Warn < 0 || d.Warn > 90 {
		errs = append(errs, fmt.Errorf("warn: %d is no percentage of the disk; 0 to 90 would be right", d.Warn))
	}
	if d.Reserve < 64 {
		errs = append(errs, errors.New("reserve: Warder needs at least 64 MiB to work off what it has taken in; 512 would be right"))
	}
	return errs
}

// freeSpace tells how much of the disk that a folder lies on is free, for
// programs without special rights.
func freeSpace(dir string) func() (free, total int64, err error) {
	return func() (int64, int64, error) {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			return 0, 0, fmt.Errorf("find how much of the disk of %s is free: %w", dir, err)
		}
		return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
	}
}

// guard keeps the disk from being filled: it tells of it early, and at the
// reserve it refuses records before they are accepted, so that everything that
// was accepted can still be worked off and kept.
type guard struct {
	to    exchange.Publisher[flow.RawBatch]
	space func() (free, total int64, err error)
	cfg   DiskConfig
	raise func(error)
	full  atomic.Bool
}

const lookAtDisk = 5 * time.Second

func (g *guard) run(ctx context.Context) error {
	tick := time.NewTicker(lookAtDisk)
	defer tick.Stop()
	for {
		g.look()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look decides whether records may come in. The sentences are the same each time,
// so that an hour of it is one alert.
func (g *guard) look() {
	free, total, err := g.space()
	if err != nil {
		g.raise(err)
		return
	}
	reserve := int64(g.cfg.Reserve) << 20
	switch {
	case free < reserve:
		g.full.Store(true)
		g.raise(fmt.Errorf("the disk is full but for the reserve of %d MiB: senders are refused until there is room; "+
			"free some, or shorten the retention", g.cfg.Reserve))
	case free < total/100*int64(g.cfg.Warn):
		g.raise(fmt.Errorf("less than %d %% of the disk is free: free some, or shorten the retention, before senders must be refused", g.cfg.Warn))
	}
	if free > reserve+reserve/4 { // not at once: it would go to and fro
		g.full.Store(false)
	}
}

// Publish is the publisher's, while there is room.
func (g *guard) Publish(ctx context.Context, key string, batches ...flow.RawBatch) (uint64, error) {
	if g.full.Load() {
		return 0, &fault.Error{Kind: fault.Unavailable, RetryAfter: lookAtDisk,
			Sentence: "the disk of Warder is full; send again later"}
	}
	return g.to.Publish(ctx, key, batches...)
}
