package detect

import (
	"context"

	"warder/internal/module"
)

var _ module.Emptier = (*Module)(nil)

// Empty sets the counts of all rules to nothing.
func (m *Module) Empty(ctx context.Context) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	who := module.Caller(ctx)
	if err := m.space.Clear(ctx, who.ID, who.Name, "detect_rule"); err != nil {
		return err
	}
	m.board.reset()
	return nil
}
