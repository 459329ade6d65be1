package detect

import (
	"context"

	"warder/internal/module"
)

// Empty sets the counts of all rules to nothing. What people decided about rules
// stays.
func (m *Module) Empty(ctx context.Context) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	who := module.Caller(ctx)
	if err := m.d.Space.Clear(ctx, who.ID, who.Name, "detect_rule", "detect_day"); err != nil {
		return err
	}
	m.d.Board.reset()
	return nil
}
