package normalise

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/module"
	"warder/internal/store"
)

// writeEvery is how long unknown assets wait to be written down; a crash loses
// the counts of that long, never an event.
const writeEvery = 3 * time.Second

// Adopter adds an asset to the hospital model and returns the model's version.
type Adopter interface {
	Adopt(ctx context.Context, asset hospital.Asset, by module.Principal) (version string, err error)
}

// Module keeps the table of unknown assets: identifiers in events that no asset
// carries, for a person to adopt or to ignore.
type Module struct {
	space    *store.Space
	hospital hospital.Source
	adopter  Adopter
	log      *slog.Logger
	pending  sightings
	version  string     // of the model that the table was compared with last
	writing  sync.Mutex // the table and what was taken of pending for it
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
)

// NewModule returns the module; its table is normalise_unknown.
func NewModule(space *store.Space, source hospital.Source, adopter Adopter, log *slog.Logger) *Module {
	return &Module{
		space: space, hospital: source, adopter: adopter, log: log,
		pending: sightings{seen: map[flow.Identifier]*sighting{}},
	}
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "normalise", Does: "Turns raw records into events and lists the assets that events name but the model lacks.",
	}
}

// Observe takes note of unknown assets in new events. It does not block.
func (m *Module) Observe(events []flow.Event) {
	for i := range events {
		m.pending.note(&events[i])
	}
}

// Run writes what was observed from time to time and at the end.
func (m *Module) Run(ctx context.Context) error {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			m.write(last)
			return nil
		case <-tick.C:
			m.write(ctx)
		}
	}
}

// write puts what was gathered into the table. What fails is tried next time.
func (m *Module) write(ctx context.Context) {
	m.writing.Lock()
	defer m.writing.Unlock()
	list := m.pending.take()
	if len(list) > 0 {
		if err := m.keep(ctx, list); err != nil {
			m.pending.giveBack(list)
			m.log.Warn("unknown assets could not be written down", "error", err)
			return
		}
	}
	snap := m.hospital.Snapshot()
	if snap.Version() == m.version {
		return
	}
	if err := m.dropKnown(ctx, snap); err != nil {
		m.log.Warn("unknown assets could not be compared with the model", "error", err)
		return
	}
	m.version = snap.Version()
}
