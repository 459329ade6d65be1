package exercise

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Options are what the module is made of.
type Options struct {
	Library *Library
	Model   hospital.Source
	// Targets gives the listeners of this instance, with a sender's token; it is
	// asked at the start of each exercise.
	Targets func(ctx context.Context) (Targets, error)
	Space   *store.Space     // of module "exercise"
	Now     func() time.Time // nil means time.Now
	Log     *slog.Logger     // nil means slog.Default
}

// Module runs exercises, one at a time. It publishes on topic change, through
// the store's outbox.
type Module struct {
	o   Options
	log *slog.Logger

	mu      sync.Mutex
	base    context.Context // of Run; nil while the module does not run
	current *performing     // nil when none runs
	echo    map[string]time.Time
	plays   sync.WaitGroup
}

// performing is the exercise at work.
type performing struct {
	exercise Exercise
	stop     context.CancelFunc
	ended    chan struct{}
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
)

// New makes the module; Run starts it.
func New(o Options) *Module {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Module{o: o, log: o.Log.With("module", "exercise"), echo: map[string]time.Time{}}
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "exercise", Does: "plays scenarios through the real listeners, marked so that they touch nothing real",
		Personal: []module.PersonalData{
			{What: "who began an exercise", Why: "to know whom to ask", Kept: "as long as the list of exercises"},
		},
	}
}

// Run notes what an earlier process left unfinished, then carries exercises
// until the context ends and the last of them has stopped.
func (m *Module) Run(ctx context.Context) error {
	if err := m.interrupted(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	m.base = ctx
	m.mu.Unlock()
	<-ctx.Done()
	m.mu.Lock()
	m.base = nil
	m.mu.Unlock()
	m.plays.Wait()
	return nil
}

// lingering is how long an exercise's mark is honoured after its end: syslog
// says nothing of records that are still on their way.
const lingering = 15 * time.Second

// Running tells whether records that carry this mark belong to an exercise.
func (m *Module) Running(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current != nil && m.current.exercise.ID == id {
		return true
	}
	end, ended := m.echo[id]
	return ended && m.o.Now().Sub(end) < lingering
}

// begin makes an exercise the current one.
func (m *Module) begin(e Exercise) (context.Context, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.base == nil {
		return nil, fault.New(fault.Unavailable, "exercises cannot begin now: Warder is starting or stopping")
	}
	if m.current != nil {
		return nil, fault.New(fault.Conflict, "the exercise %q runs: stop it, or wait for its end", m.current.exercise.Scenario)
	}
	ctx, stop := context.WithCancel(m.base)
	m.current = &performing{exercise: e, stop: stop, ended: make(chan struct{})}
	m.plays.Add(1)
	return ctx, nil
}

// over ends the current exercise; whoever began it calls it once.
func (m *Module) over() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.current.stop()
	now := m.o.Now()
	for id, end := range m.echo {
		if now.Sub(end) >= lingering {
			delete(m.echo, id)
		}
	}
	m.echo[m.current.exercise.ID] = now
	close(m.current.ended)
	m.current = nil
	m.plays.Done()
}

// progressed notes how far the current exercise came.
func (m *Module) progressed(p Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.current.exercise.progress(p)
}

// live is the current exercise as it stands, if it has the id.
func (m *Module) live(id string) (e Exercise, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current == nil || m.current.exercise.ID != id {
		return e, false
	}
	return m.current.exercise, true
}
