package detect

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/events"
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

// keepEvery is how often the counts of rules are written down; a crash loses the
// counts of that long, never an alert.
const keepEvery = 15 * time.Second

// Evidence is the stored events, on which rules are tried.
type Evidence interface {
	Search(ctx context.Context, q events.Query) (events.Result, error)
	Get(ctx context.Context, id string) (flow.Event, error)
}

// Deps is everything that the module may touch.
type Deps struct {
	Board    *Board
	Settings *Settings
	Pack     *Pack // the rules in force at the start
	Library  Library
	// Swap puts other rules in force, on the way of events.
	Swap       func(*Pack)
	Normaliser Normaliser
	Evidence   Evidence
	Looks      events.Looks
	Alerts     exchange.Publisher[flow.Alert]
	Space      *store.Space
	Now        func() time.Time
	Log        *slog.Logger
}

// Module lists the rules with what they found and what was decided about them,
// reads them anew, and tries them. It writes topic alert (that a rule is slow, or
// that the folders cannot be read) and the tables detect_*.
type Module struct {
	d       Deps
	current atomic.Pointer[Pack] // the rules in force
	slow    slowness
	trying  chan struct{} // bounds how many trials of people run at a time
	long    chan struct{} // and how many of programs, which may take long

	writing   sync.Mutex // the tables of counts, and what was taken of the board for them
	deciding  sync.Mutex // settings and exceptions, in the database and in force
	reloading sync.Mutex // the change of the pack, and watched
	watched   watch
	reloads   struct{ done, failed atomic.Int64 }
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Router  = (*Module)(nil)
	_ module.Emptier = (*Module)(nil)
)

// NewModule reads what was counted and decided before, so that it holds from the
// first event on; the caller runs the module.
func NewModule(ctx context.Context, d Deps) (*Module, error) {
	m := &Module{d: d, trying: make(chan struct{}, mostTrials), long: make(chan struct{}, mostLong)}
	m.current.Store(d.Pack)
	m.slow.forget()
	m.watched.read(d.Pack.State)
	if err := m.refresh(ctx); err != nil {
		return nil, err
	}
	return m, m.restore(ctx)
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "detect", Does: "Finds in events what rules describe, counts what each rule found, and keeps what was decided about rules.",
		Personal: []module.PersonalData{{
			What: "who set a rule or excepted matches of it, and the names, accounts or addresses that exceptions are about",
			Why:  "so that it can be known who decided that something is not shown, and why",
			Kept: "settings until they are changed; exceptions until 200 newer ones of the same rule took their place",
		}},
	}
}

// Run writes the counts down from time to time and at the end, looks whether the
// folders of rules changed, and which rules are slow.
func (m *Module) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { every(ctx, watchEvery, m.lookAtFolders) })
	wg.Go(func() { every(ctx, lookEvery, m.lookForSlow) })
	every(ctx, keepEvery, m.keep)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	m.keep(last)
	return nil
}

// every does something again and again until ctx ends.
func every(ctx context.Context, pause time.Duration, do func(context.Context)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		}
	}
}
