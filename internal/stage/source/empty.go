package source

import (
	"context"

	"warder/internal/module"
)

var _ module.Emptier = (*Module)(nil)

// Empty removes the copies of records that came of a demo hospital. What is
// counted of a source is about the source, not about the hospital, and stays.
func (m *Module) Empty(ctx context.Context) error {
	m.saving.Lock()
	defer m.saving.Unlock()
	for _, f := range m.feeds {
		f.meter.mu.Lock()
		f.meter.failures.empty()
		f.watch.savedFailures = f.meter.failures.next
		f.meter.mu.Unlock()
	}
	who := module.Caller(ctx)
	return m.d.Space.Clear(ctx, who.ID, who.Name, "source_failure")
}
