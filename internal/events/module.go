package events

import (
	"context"
	"warder/internal/module"
)

// Looks records that somebody looked at evidence: who (module.Caller of the
// context) and at what. A look that cannot be recorded does not take place.
type Looks interface {
	Look(ctx context.Context, what string) error
}

// Module carries the event store in the program: its routes and its check. Whoever
// opened the store closes it.
type Module struct {
	store  *Store
	looks  Looks
	limits *limiter
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Router  = (*Module)(nil)
	_ module.Checker = (*Module)(nil)
)

// NewModule returns the module of a store.
func NewModule(store *Store, looks Looks) *Module {
	return &Module{store: store, looks: looks, limits: newLimiter()}
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "events",
		Does: "keeps every normalised event with the bytes that it was made from, and finds them again",
		Personal: []module.PersonalData{{
			What: "names, badges, accounts and addresses, as they stand in the records that other systems send",
			Why:  "to see what happened in an incident, and to prove it",
			Kept: "by kind of data, as retention is configured; longer for incidents and holds",
		}},
	}
}

// Run waits: the store works by itself.
func (m *Module) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Check tells whether the evidence is whole and can be written.
func (m *Module) Check(ctx context.Context) error { return m.store.Check(ctx) }
