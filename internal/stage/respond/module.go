package respond

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

// Console is the channel of notices that people see in Warder itself.
const Console = "console"

// Options are what the stage is made of.
type Options struct {
	Space     *store.Space // of module "respond"
	Model     hospital.Source
	Playbooks *Playbooks
	Channels  []flow.Channel   // beside the console
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger     // nil means slog.Default
	Incidents exchange.Topic[flow.IncidentChange]
	Impacts   exchange.Topic[flow.Assessment]
}

// Module is the stage at work. It publishes on topics notice, timeline and
// change, through the store's outbox.
type Module struct {
	space     *store.Space
	model     hospital.Source
	playbooks *Playbooks
	channels  []flow.Channel
	now       func() time.Time
	log       *slog.Logger
	incidents exchange.Topic[flow.IncidentChange]
	impacts   exchange.Topic[flow.Assessment]
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
		space: o.Space, model: o.Model, playbooks: o.Playbooks, channels: o.Channels, now: o.Now,
		log: o.Log.With("module", "respond"), incidents: o.Incidents, impacts: o.Impacts,
	}
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "respond", Does: "binds playbooks to incidents, keeps the checklists and decides when people are told",
		Personal: []module.PersonalData{
			{What: "names of those who worked on a task", Why: "to know who did what", Kept: "as long as the incident"},
		},
	}
}

// Run works on incidents and assessments until the context ends.
func (m *Module) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return exchange.Consume(ctx, m.incidents, subscription(m, m.incidents.Name(), (*unit).incident), m.log)
	})
	g.Go(func() error {
		return exchange.Consume(ctx, m.impacts, subscription(m, m.impacts.Name(), (*unit).assessment), m.log)
	})
	return g.Wait()
}

// subscription handles a batch in one transaction with the topic's cursor.
func subscription[T any](m *Module, topic string, take func(*unit, context.Context, T) error) exchange.Subscription[T] {
	return exchange.Subscription[T]{
		Consumer: "respond",
		Start:    func(ctx context.Context) (uint64, error) { return m.space.Cursor(ctx, topic) },
		Handle: func(ctx context.Context, batch []exchange.Delivery[T]) error {
			return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				u := &unit{Module: m, tx: tx, snapshot: m.model.Snapshot(), at: m.now()}
				for _, d := range batch {
					if err := take(u, ctx, d.Value); err != nil {
						return err
					}
				}
				return tx.SetCursor(ctx, topic, batch[len(batch)-1].Offset)
			})
		},
	}
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "plans", Permission: p}
	}
	return []module.Route{
		module.Handle("GET", "/playbooks", op("list-playbooks", "List the playbooks", module.ReadIncidents), m.listPlaybooks),
		module.Handle("GET", "/incidents/{id}/plan", op("list-incident-plans", "List the plans of an incident", module.ReadIncidents), m.listPlans),
		module.Handle("POST", "/incidents/{id}/plan", op("add-incident-plan", "Add a playbook to an incident", module.WorkIncidents), m.addPlan),
		module.Handle("POST", "/plans/{id}/tasks/{task}", op("set-task", "Say how far a task is", module.WorkIncidents), m.setTask),
	}
}
