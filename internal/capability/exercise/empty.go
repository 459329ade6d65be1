package exercise

import (
	"context"
	"fmt"

	"warder/internal/module"
)

var _ module.Emptier = (*Module)(nil)

// Rest stops the exercise that runs, if one does, and returns when it sends
// nothing more.
func (m *Module) Rest(ctx context.Context) error {
	m.mu.Lock()
	current := m.current
	if current != nil {
		current.stop()
	}
	m.mu.Unlock()
	if current == nil {
		return nil
	}
	select {
	case <-current.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of an exercise: %w", ctx.Err())
	}
}

// Empty stops the exercise that runs and forgets all that there were.
func (m *Module) Empty(ctx context.Context) error {
	if err := m.Rest(ctx); err != nil {
		return err
	}
	who := module.Caller(ctx)
	return m.o.Space.Clear(ctx, who.ID, who.Name, "exercise_runs")
}
