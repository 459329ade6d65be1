package hospital

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Topic is the topic on which every change of the model is told.
const Topic = "model"

// Changed travels on Topic when another version of the model is in place.
type Changed struct {
	Version  string `json:"version"`
	Replaced string `json:"replaced"`
}

// Deps is everything that the module may touch.
type Deps struct {
	Space  *store.Space // of module "hospital"
	Holder *Holder      // nil makes one
	Now    func() time.Time
	Log    *slog.Logger
}

// Module keeps the versions of the model in the store and the newest in a
// Holder. A change is checked as a whole, stored with its messages in one
// transaction, and only then swapped in.
type Module struct {
	versions
	holder *Holder
	now    func() time.Time
	log    *slog.Logger
	intake sync.Mutex // one upload is read at a time, so that memory is bounded

	mu     sync.Mutex // one change at a time
	number int64      // of the version in the holder
	depth  int64
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
	_ Source        = (*Module)(nil)
)

// New loads the newest version of the model, or starts with none.
func New(ctx context.Context, d Deps) (*Module, error) {
	m := &Module{versions: versions{d.Space}, holder: d.Holder, now: d.Now, log: d.Log}
	if m.holder == nil {
		m.holder = new(Holder)
	}
	if m.now == nil {
		m.now = time.Now
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	return m, m.Refresh(ctx)
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "hospital",
		Does: "Keeps the model of the hospital, its versions, and who changed it.",
		Personal: []module.PersonalData{
			{What: "names of owners of assets, where the hospital writes persons there", Why: "to know whom to ask about an asset", Kept: "with the version of the model"},
			{What: "name of whoever changed the model", Why: "accountability", Kept: "with the version of the model"},
		},
	}
}

// Run has nothing to do until its context ends.
func (m *Module) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Snapshot is the newest version.
func (m *Module) Snapshot() *Snapshot { return m.holder.Snapshot() }

// Refresh swaps in the newest stored version, if another process stored one.
func (m *Module) Refresh(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refresh(ctx)
}

func (m *Module) refresh(ctx context.Context) error {
	number, depth, err := newest(ctx, m.space)
	if err != nil {
		return m.space.Fault("look for the hospital model", err)
	}
	if number == m.number {
		return nil
	}
	model, err := m.read(ctx, number, depth)
	if err != nil {
		return err
	}
	if problems := validate(model); len(problems) > 0 {
		m.log.Warn("the stored hospital model offends against rules of this version; export, correct and import it",
			"problems", len(problems), "first", problems[0].String())
	}
	m.holder.Swap(index(model))
	m.number, m.depth = number, depth
	return nil
}

// Import puts a model in the place of the one before and returns its version.
// With one problem nothing changes, and the error is a *ProblemsError. A demo
// model enters only an empty instance or replaces a demo; another model does not
// replace a demo, whose records would mix with those of the hospital.
func (m *Module) Import(ctx context.Context, model *Model, by module.Principal) (string, error) {
	s, problems := Build(model)
	if len(problems) > 0 {
		return "", &ProblemsError{problems}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Snapshot()
	switch {
	case s.Version() == now.Version():
		return s.Version(), nil
	case s.Demo() && !now.Demo() && !now.Empty():
		return "", fault.New(fault.Conflict, "This is a demo hospital, and Warder holds the model of %s already. Demo data goes into an empty instance only.", now.Name())
	case !s.Demo() && now.Demo():
		return "", fault.New(fault.Conflict, "Warder holds the demo hospital %s. Remove the demo data first, then import.", now.Name())
	}
	return m.change(ctx, s, "import", by, nil)
}

// Adopt adds one asset to the model, as a version of its own.
func (m *Module) Adopt(ctx context.Context, asset Asset, by module.Principal) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Snapshot()
	if now.Empty() {
		return "", fault.New(fault.Conflict, "There is no hospital model to add an asset to. Import one first.")
	}
	model := *now.Model()
	model.Assets = append(model.Assets[:len(model.Assets):len(model.Assets)], asset)
	s, problems := Build(&model)
	if len(problems) > 0 {
		return "", &ProblemsError{problems}
	}
	added := &Model{Assets: []Asset{s.model.Assets[len(s.model.Assets)-1]}}
	return m.change(ctx, s, "adopt", by, added)
}

// RemoveDemo goes back to no model at all; the caller is in the context. It is
// refused when the model is not a demo.
func (m *Module) RemoveDemo(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Snapshot()
	if !now.Demo() {
		if now.Empty() {
			return nil
		}
		return fault.New(fault.Conflict, "%s is not a demo hospital and is not removed.", now.Name())
	}
	_, err := m.change(ctx, Empty(), "remove-demo", module.Caller(ctx), nil)
	return err
}

// change stores a snapshot as the next version and swaps it in. With added the
// version is kept as an addition to the one before.
func (m *Module) change(ctx context.Context, s *Snapshot, cause string, by module.Principal, added *Model) (string, error) {
	depth, body := int64(0), s.model
	if added != nil && m.depth < longestChain {
		depth, body = m.depth+1, added
	}
	if by.ID == "" {
		by.ID, by.Name = "warder", "Warder"
	}
	packed, err := pack(body)
	if err != nil {
		return "", err
	}
	row := ModelVersion{
		Number: m.number + 1, Version: s.Version(), Replaced: m.Snapshot().Version(), Cause: cause, Name: s.Name(), Demo: s.Demo(),
		Assets: len(s.Assets()), Dependencies: len(s.Dependencies()), Made: m.now(), By: by.ID, ByName: by.Name,
	}
	err = m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return m.store(ctx, tx, row, depth, packed) })
	if err != nil {
		// The commit may have happened although its answer was lost, or another
		// process was first: what the database holds decides.
		if again := m.refresh(context.WithoutCancel(ctx)); again != nil {
			m.log.Error("the hospital model could not be read again", "error", again)
		}
		return "", err
	}
	m.holder.Swap(s)
	m.number, m.depth = row.Number, depth
	return row.Version, nil
}

func (m *Module) store(ctx context.Context, tx *store.Tx, row ModelVersion, depth int64, body []byte) error {
	last, _, err := newest(ctx, tx)
	if err != nil {
		return err
	}
	if last != row.Number-1 {
		return fault.New(fault.Conflict, "Somebody else changed the hospital model meanwhile. Look at it and try again.")
	}
	if err := m.insert(ctx, tx, row, depth, body); err != nil {
		return err
	}
	tx.Emit(Topic, Topic, Changed{Version: row.Version, Replaced: row.Replaced})
	tx.Emit("change", Topic, flow.Change{Kind: Topic, ID: row.Version})
	return tx.Audit(ctx, store.Entry{
		Time: row.Made, By: row.By, Name: row.ByName, Action: "hospital." + row.Cause, Subject: row.Version,
		Detail: map[string]any{"replaced": row.Replaced, "name": row.Name, "assets": row.Assets, "dependencies": row.Dependencies, "demo": row.Demo},
	})
}

// History lists versions below a number (0 for the newest), newest first.
func (m *Module) History(ctx context.Context, below int64, limit int) ([]ModelVersion, error) {
	if below <= 0 {
		below = 1 << 62
	}
	return m.list(ctx, below, limit)
}

// Stored is the model of a version that was in place once.
func (m *Module) Stored(ctx context.Context, version string) (*Model, error) {
	if now := m.Snapshot(); version == now.Version() {
		return now.Model(), nil
	}
	number, depth, err := m.find(ctx, version)
	if err != nil {
		return nil, err
	}
	return m.read(ctx, number, depth)
}
