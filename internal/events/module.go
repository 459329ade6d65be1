package events

import (
	"context"
	"net/http"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
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
	store *Store
	looks Looks
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Router  = (*Module)(nil)
	_ module.Checker = (*Module)(nil)
)

// NewModule returns the module of a store.
func NewModule(store *Store, looks Looks) *Module { return &Module{store: store, looks: looks} }

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "events",
		Does: "keeps every normalised event with the bytes that it was made from, and finds them again",
		Personal: []module.PersonalData{{
			What: "names, badges, accounts and addresses, as they stand in the records that other systems send",
			Why:  "to see what happened in an incident, and to prove it",
			Kept: "as long as the segments of events are kept",
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

// longestSearch bounds one question, so that no page holds up the others.
const longestSearch = 60 * time.Second

// SearchInput asks for a page of events.
type SearchInput struct {
	Text string    `query:"q" doc:"what to look for, in the query language of the reference; empty for all" maxLength:"8192"`
	From time.Time `query:"from" doc:"at or after this time, by the senders' clocks"`
	To   time.Time `query:"to" doc:"before this time"`
	module.Page
}

// HistogramInput asks how many events there were when.
type HistogramInput struct {
	Text    string    `query:"q" doc:"what to count, in the query language of the reference; empty for all" maxLength:"8192"`
	From    time.Time `query:"from" doc:"at or after this time; absent: 24 hours before to"`
	To      time.Time `query:"to" doc:"before this time; absent: now"`
	Buckets int       `query:"buckets" doc:"how many spans of time at most" minimum:"1" maximum:"1000" default:"60"`
}

// OneInput names an event.
type OneInput struct {
	ID string `path:"id" doc:"the event's id" maxLength:"512"`
}

// Routes are the ways to look at events.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "events", Permission: module.ReadEvents}
	}
	return []module.Route{
		module.Handle(http.MethodGet, "/events", op("list-events", "Search events, newest first"), m.search),
		module.Handle(http.MethodGet, "/events/histogram", op("count-events", "Count events over time, by category"), m.histogram),
		module.Handle(http.MethodGet, "/events/{id}", op("get-event", "Show one event"), m.one),
	}
}

func (m *Module) search(ctx context.Context, in *SearchInput) (*module.List[flow.Event], error) {
	ctx, cancel := context.WithTimeout(ctx, longestSearch)
	defer cancel()
	if err := m.looks.Look(ctx, "events: "+in.Text); err != nil {
		return nil, err
	}
	r, err := m.store.Search(ctx, Query{Text: in.Text, From: in.From, To: in.To, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, tooLong(ctx, err)
	}
	return &module.List[flow.Event]{Items: r.Events, Next: r.Next}, nil
}

func (m *Module) histogram(ctx context.Context, in *HistogramInput) (*Histogram, error) {
	ctx, cancel := context.WithTimeout(ctx, longestSearch)
	defer cancel()
	if err := m.looks.Look(ctx, "events over time: "+in.Text); err != nil {
		return nil, err
	}
	h, err := m.store.Histogram(ctx, Query{Text: in.Text, From: in.From, To: in.To}, in.Buckets)
	return &h, tooLong(ctx, err)
}

func (m *Module) one(ctx context.Context, in *OneInput) (*flow.Event, error) {
	if err := m.looks.Look(ctx, "event "+in.ID); err != nil {
		return nil, err
	}
	e, err := m.store.Get(ctx, in.ID)
	return &e, err
}

// tooLong gives a search that met its bound a sentence for people.
func tooLong(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != context.DeadlineExceeded {
		return err
	}
	return &fault.Error{Kind: fault.Unavailable, Cause: err, RetryAfter: time.Second,
		Sentence: "the search took longer than a minute: ask for a shorter time, or name a field"}
}
