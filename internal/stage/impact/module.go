package impact

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/module"
	"warder/internal/store"
)

// Options are what the stage is made of.
type Options struct {
	Space  *store.Space // of module "impact"
	Model  hospital.Source
	Engine Engine
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means slog.Default
	// Incidents is what is assessed; Models tells of new versions of the model.
	Incidents exchange.Topic[flow.IncidentChange]
	Models    exchange.Topic[hospital.Changed]
}

// Module is the stage at work. It publishes on topics impact and change, through
// the store's outbox.
type Module struct {
	space     *store.Space
	model     hospital.Source
	engine    Engine
	now       func() time.Time
	log       *slog.Logger
	incidents exchange.Topic[flow.IncidentChange]
	models    exchange.Topic[hospital.Changed]
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
)

// New makes the stage; Run starts it.
func New(o Options) *Module {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Module{
		space: o.Space, model: o.Model, engine: o.Engine, now: o.Now, log: o.Log.With("module", "impact"),
		incidents: o.Incidents, models: o.Models,
	}
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{Name: "impact", Does: "predicts what incidents will do to assets and to care"}
}

// Run assesses incidents until the context ends.
func (m *Module) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return exchange.Consume(ctx, m.incidents, m.takeIncidents(), m.log) })
	g.Go(func() error { return exchange.Consume(ctx, m.models, m.takeModels(), m.log) })
	return g.Wait()
}

func (m *Module) takeIncidents() exchange.Subscription[flow.IncidentChange] {
	topic := m.incidents.Name()
	return exchange.Subscription[flow.IncidentChange]{
		Consumer: "impact",
		Start:    func(ctx context.Context) (uint64, error) { return m.space.Cursor(ctx, topic) },
		Handle: func(ctx context.Context, batch []exchange.Delivery[flow.IncidentChange]) error {
			return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				if err := m.newUnit(tx).incidents(ctx, batch); err != nil {
					return err
				}
				return tx.SetCursor(ctx, topic, batch[len(batch)-1].Offset)
			})
		},
	}
}

// takeModels assesses all open incidents again when the model changed.
func (m *Module) takeModels() exchange.Subscription[hospital.Changed] {
	topic := m.models.Name()
	return exchange.Subscription[hospital.Changed]{
		Consumer: "impact",
		Start:    func(ctx context.Context) (uint64, error) { return m.space.Cursor(ctx, topic) },
		Handle: func(ctx context.Context, batch []exchange.Delivery[hospital.Changed]) error {
			last := batch[len(batch)-1]
			m.awaitSwap(ctx, last.Value)
			return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				if err := m.newUnit(tx).everything(ctx); err != nil {
					return err
				}
				return tx.SetCursor(ctx, topic, last.Offset)
			})
		},
	}
}

// awaitSwap waits until the version that was replaced is out of use: the message
// may arrive between the commit of the new version and its coming into place.
// It gives up after a second, because a model can also be changed back.
func (m *Module) awaitSwap(ctx context.Context, c hospital.Changed) {
	for range 100 {
		if v := m.model.Snapshot().Version(); v == c.Version || v != c.Replaced {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary, tag string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: tag, Permission: module.ReadIncidents}
	}
	return []module.Route{
		module.Handle("GET", "/care", op("list-care", "Show every care service: what is predicted for it, over all live incidents", "care"), m.listCare),
		module.Handle("GET", "/incidents/{id}/impact", op("get-incident-impact", "Show what an incident is predicted to do", "incidents"), m.get),
		module.Handle("GET", "/incidents/{id}/impact/history", op("list-incident-impacts", "List how the prediction changed, newest first", "incidents"), m.history),
	}
}
