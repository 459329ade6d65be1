package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

// Deps is everything that the module may touch.
type Deps struct {
	Config  Config
	Raw     exchange.Publisher[flow.RawBatch]
	Alerts  exchange.Publisher[flow.Alert]
	Changes exchange.Publisher[flow.Change]
	Space   *store.Space
	// Running tells whether an exercise runs; marks of any other are taken back.
	Running func(exercise string) bool
	Now     func() time.Time
	Log     *slog.Logger
}

// Module is the intake of all sources and the watch over them. It writes topics
// raw, alert (that a source fell silent, and that it speaks again) and change.
type Module struct {
	d       Deps
	intake  *Intake
	feeds   []*feed // in the order of the configuration
	byID    map[string]*feed
	started time.Time
	saving  sync.Mutex // held while what is known is written
}

// feed is one source under watch.
type feed struct {
	inlet *Inlet
	meter *meter
	watch watch
}

// New reads what is known of the sources from before; the caller runs the
// module, and its protocols beside it. Protocols should end before the module
// does, so that what they hold still finds its way.
func New(ctx context.Context, d Deps) (*Module, error) {
	d.Config = d.Config.WithDefaults()
	m := &Module{
		d: d, byID: make(map[string]*feed), started: d.Now(),
		intake: NewIntake(Options{
			Publisher: d.Raw, Pending: d.Config.Limits.Pending, Keys: d.Config.Limits.Keys, Log: d.Log,
		}),
	}
	for _, s := range d.Config.Sources {
		f := &feed{meter: &meter{}}
		f.inlet = &Inlet{
			source: s, intake: m.intake, meter: f.meter, limit: int(d.Config.Limits.Record), running: d.Running, now: d.Now,
		}
		m.feeds = append(m.feeds, f)
		m.byID[s.ID] = f
	}
	if err := m.loadStates(ctx); err != nil {
		return nil, fmt.Errorf("read the state of sources: %w", err)
	}
	if err := m.loadFailures(ctx); err != nil {
		return nil, fmt.Errorf("read the unreadable records of sources: %w", err)
	}
	return m, nil
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "source", Does: "Takes records in from outside and watches that every source speaks.",
		Personal: []module.PersonalData{{
			What: "copies of records that could not be read, which may name people", Why: "so that a person can see what is wrong with a source",
			Kept: "the newest hundred of each source, the first 8 KiB of each, until newer ones take their place or the source is removed",
		}},
	}
}

// Run takes records in and watches over the sources until ctx ends.
func (m *Module) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return m.intake.Run(ctx) })
	g.Go(func() error { return m.watchAll(ctx) })
	err := g.Wait()
	return errors.Join(err, m.lastSave(ctx)) // after the intake's last records were counted
}

// Remember reads the newest messages of topic raw and notes the keys of their
// records, so that a retry that spans a restart is still recognised. Call it
// before any protocol runs.
func (m *Module) Remember(ctx context.Context, log exchange.Log, topic string) error {
	return m.intake.remember(ctx, log, topic)
}

// Inlets returns the ways in of every source of a kind, in the order of the
// configuration.
func (m *Module) Inlets(kind Kind) []*Inlet {
	var out []*Inlet
	for _, f := range m.feeds {
		if f.inlet.source.Kind == kind {
			out = append(out, f.inlet)
		}
	}
	return out
}

// Observe is how the normaliser tells what it found in a record: by how much the
// record's own time is ahead of the time it was received, or why it could not be
// read (then skew is not looked at). Records of unknown sources are ignored.
func (m *Module) Observe(source string, skew time.Duration, parseErr error, raw flow.Raw) {
	if f := m.byID[source]; f != nil {
		f.meter.observe(skew, parseErr, raw)
	}
}
