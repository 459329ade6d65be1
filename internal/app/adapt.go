package app

import (
	"context"
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

func (c CorrelateConfig) limits() correlate.Limits {
	return correlate.Limits{Window: c.Window, Age: c.Age, Size: c.Size, Hops: c.Hops}
}
