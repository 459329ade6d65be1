package respond

import (
	"context"

	"warder/internal/module"
)

var _ module.Emptier = (*Module)(nil)

// Empty removes everything that came of a demo hospital.
func (m *Module) Empty(ctx context.Context) error {
	who := module.Caller(ctx)
	return m.space.Clear(ctx, who.ID, who.Name, "respond_plan", "respond_incident")
}
