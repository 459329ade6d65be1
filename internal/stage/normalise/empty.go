package normalise

import (
	"context"

	"warder/internal/module"
)

var _ module.Emptier = (*Module)(nil)

// Empty removes everything that came of a demo hospital.
func (m *Module) Empty(ctx context.Context) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.pending.take() // what waits to be written belongs to it
	who := module.Caller(ctx)
	return m.space.Clear(ctx, who.ID, who.Name, "normalise_unknown")
}
