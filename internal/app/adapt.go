package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"warder/internal/module"
	"warder/internal/stage/correlate"
	"warder/internal/store"
)

// Here one part's words become another's: small adapters, no decisions.

// looks writes looks at personal data into the audit.
type looks struct {
	space *store.Space
	now   func() time.Time
}

// Look records that the caller looked at events.
func (l looks) Look(ctx context.Context, what string) error {
	who := module.Caller(ctx)
	return l.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: l.now(), By: who.ID, Name: who.Name, Action: "events.look", Subject: what})
	})
}

// views writes down who looks at personal data that routes show. A screen asks
// for the same thing again and again: the same look of the same caller is one
// line in a while.
type views struct {
	space   *store.Space
	now     func() time.Time
	trouble func(error)

	mu   sync.Mutex
	seen map[view]time.Time
}

type view struct{ by, action, subject string }

const (
	oneView   = 15 * time.Minute
	mostViews = 10_000
)

func newViews(space *store.Space, now func() time.Time, trouble func(error)) *views {
	return &views{space: space, now: now, trouble: trouble, seen: map[view]time.Time{}}
}

// Look implements api.Looks.
func (v *views) Look(ctx context.Context, action, subject string) {
	who := module.Caller(ctx)
	at, now := view{who.ID, action, subject}, v.now()
	if !v.fresh(at, now) {
		return
	}
	err := v.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: now, By: who.ID, Name: who.Name, Action: action, Subject: subject})
	})
	if err != nil {
		if ctx.Err() == nil {
			v.trouble(fmt.Errorf("a look at personal data could not be written to the audit: %w", err))
		}
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen[at] = now
}

// fresh tells whether a look is to be written down.
func (v *views) fresh(at view, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) >= mostViews {
		v.seen = map[view]time.Time{} // memory stays bounded; a line too many is no harm
	}
	last, ok := v.seen[at]
	return !ok || now.Sub(last) >= oneView || now.Before(last)
}

func (c CorrelateConfig) limits() correlate.Limits {
	return correlate.Limits{Window: c.Window, Age: c.Age, Size: c.Size, Hops: c.Hops}
}
