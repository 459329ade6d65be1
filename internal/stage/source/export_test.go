package source

import (
	"context"
	"time"
)

// Look lets a test be the clock of the watch.
func (m *Module) Look(ctx context.Context, now time.Time) bool { return m.look(ctx, now) }

// SaveStates lets a test decide when the state is saved.
func (m *Module) SaveStates(ctx context.Context) error { return m.saveStates(ctx) }
