package notify

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

// console is the channel of notices that people see in Warder itself.
const console = "console"

// Options are what the stage is made of.
type Options struct {
	Space    *store.Space // of module "notify"
	Config   Config
	Instance string                // stands for Config.Instance when that is empty
	Zone     func() *time.Location // in which the payload's text says times; nil means UTC
	Texts    map[string]string     // templates by code, in the instance's language; nil leaves the payload's text out
	Base     http.RoundTripper     // nil means http.DefaultTransport
	Now      func() time.Time      // nil means time.Now
	Log      *slog.Logger          // nil means slog.Default
	Notices  exchange.Topic[flow.Notice]
}

// Module is the stage at work. It publishes on topic change, through the store's
// outbox.
type Module struct {
	space    *store.Space
	couriers []*courier
	config   Config
	texts    map[string]string
	zone     func() *time.Location
	client   *http.Client
	now      func() time.Time
	log      *slog.Logger
	notices  exchange.Topic[flow.Notice]
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Router  = (*Module)(nil)
	_ module.Checker = (*Module)(nil)
)

// New makes the stage; Run starts it. Settings that Validate refuses are refused.
func New(o Options) (*Module, error) {
	if err := o.Config.Validate(); err != nil {
		return nil, fmt.Errorf("settings of notices: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Zone == nil {
		o.Zone = func() *time.Location { return time.UTC }
	}
	o.Config.Instance = cmp.Or(o.Config.Instance, o.Instance)
	if o.Base == nil {
		o.Base = http.DefaultTransport
	}
	m := &Module{
		space: o.Space, config: o.Config, texts: o.Texts, zone: o.Zone, now: o.Now, log: o.Log.With("module", "notify"), notices: o.Notices,
		client: newClient(o.Base, cmp.Or(o.Config.Timeout, 10*time.Second)),
	}
	for _, w := range o.Config.Webhooks {
		m.couriers = append(m.couriers, &courier{Module: m, hook: w, wake: make(chan struct{}, 1)})
	}
	return m, nil
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "notify", Does: "brings notices to the console and to webhooks, and keeps how far each got",
		Personal: []module.PersonalData{
			{What: "names of those who acknowledged a notice", Why: "to know who was told", Kept: "as long as the incident"},
		},
	}
}

// Run takes notices and delivers them until the context ends.
func (m *Module) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return exchange.Consume(ctx, m.notices, m.takeNotices(), m.log) })
	for _, c := range m.couriers {
		g.Go(func() error { return c.run(ctx) })
	}
	return g.Wait()
}

func (m *Module) takeNotices() exchange.Subscription[flow.Notice] {
	topic := m.notices.Name()
	return exchange.Subscription[flow.Notice]{
		Consumer: "notify",
		Start:    func(ctx context.Context) (uint64, error) { return m.space.Cursor(ctx, topic) },
		Handle: func(ctx context.Context, batch []exchange.Delivery[flow.Notice]) error {
			err := m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				for _, d := range batch {
					if err := m.accept(ctx, tx, d.Value); err != nil {
						return err
					}
				}
				return tx.SetCursor(ctx, topic, batch[len(batch)-1].Offset)
			})
			if err == nil {
				m.wake()
			}
			return err
		},
	}
}

// accept stores a notice. One for a webhook that is no longer configured has
// failed, visibly.
func (m *Module) accept(ctx context.Context, tx *store.Tx, n flow.Notice) error {
	n.Delivery = flow.Delivery{State: waiting}
	switch {
	case n.Channel == console:
		deliver(&n, m.now().UTC())
	case m.courier(n.Channel) == nil:
		n.Delivery.State, n.Delivery.Error = failed, fmt.Sprintf("there is no %s in the configuration", n.Channel)
	}
	fresh, err := keep(ctx, tx, &n)
	if fresh {
		tell(tx, &n)
	}
	return err
}

func (m *Module) courier(channel string) *courier {
	for _, c := range m.couriers {
		if c.hook.Channel() == channel {
			return c
		}
	}
	return nil
}

func (m *Module) wake() {
	for _, c := range m.couriers {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// late is from which age on a waiting notice makes the module unwell.
const late = 15 * time.Minute

// Check implements module.Checker: webhooks that keep people waiting.
func (m *Module) Check(ctx context.Context) error {
	for _, c := range m.couriers {
		n, err := head(ctx, m.space, c.hook.Channel())
		if err != nil {
			return err
		}
		if n != nil && m.now().Sub(n.Made) > late {
			return fmt.Errorf("webhook %s has not been reached since %s: %s", c.hook.Name, n.Made.Format(time.RFC3339), n.Delivery.Error)
		}
	}
	return nil
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "notices", Permission: p}
	}
	return []module.Route{
		module.Handle("GET", "/notices", op("list-notices", "List notices, newest first", module.ReadIncidents), m.listNotices),
		module.Handle("GET", "/incidents/{id}/notices", op("list-incident-notices", "List the notices about an incident, newest first", module.ReadIncidents), m.listOfIncident),
		module.Handle("POST", "/notices/{id}/acknowledge", op("acknowledge-notice", "Take notice of a notice", module.WorkIncidents), m.acknowledge),
		module.Handle("GET", "/webhooks", op("list-webhooks", "Show how deliveries to webhooks stand", module.ReadIncidents), m.listWebhooks),
	}
}
