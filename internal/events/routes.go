package events

import (
	"context"
	"net/http"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Asked is what every question to the evidence says.
type Asked struct {
	Text string    `query:"q" doc:"what to look for, in the query language of the reference; empty for all" maxLength:"8192"`
	From time.Time `query:"from" doc:"at or after this time, by the senders' clocks"`
	To   time.Time `query:"to" doc:"before this time"`
	// Patience lets a client show what there is and go on.
	Patience float64 `query:"patience" doc:"seconds after which what was found so far is the answer" minimum:"0.1" maximum:"60" default:"60"`
}

func (a *Asked) query() Query {
	patience := time.Duration(a.Patience * float64(time.Second))
	if patience <= 0 || patience > longestSearch {
		patience = longestSearch
	}
	return Query{Text: a.Text, From: a.From, To: a.To, Budget: Budget{Time: patience, Bytes: mostRead}}
}

// SearchInput asks for a page of events.
type SearchInput struct {
	Asked
	module.Page
}

// Page is one page of events.
type Page struct {
	Items   []flow.Event `json:"items"`
	Next    string       `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
	Scanned int          `json:"scanned" doc:"how many events were looked at"`
	Cut     *Cut         `json:"cut,omitempty" doc:"why the search ended early, and back to when it came; next goes on there"`
	Damaged int          `json:"damaged,omitempty" doc:"damaged segments, whose events are missing"`
}

// HistogramInput asks how many events there were when.
type HistogramInput struct {
	Asked
	Buckets int `query:"buckets" doc:"how many spans of time at most; without from, the 24 hours before to are counted, and without to it is now" minimum:"1" maximum:"1000" default:"60"`
}

// TopInput asks for the most frequent values.
type TopInput struct {
	Asked
	Field string `query:"field" doc:"the field whose values are counted, as the query language names it" required:"true" maxLength:"256"`
	And   string `query:"and" doc:"a second field: pairs of values are counted" maxLength:"256"`
	Limit int    `query:"limit" doc:"how many values at most" minimum:"1" maximum:"1000" default:"10"`
}

// FieldsInput asks which fields the newest events have.
type FieldsInput struct {
	Asked
	Sample int `query:"sample" doc:"how many of the newest events are looked at" minimum:"1" maximum:"2000" default:"500"`
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
		module.Handle(http.MethodGet, "/events/top", op("top-values", "Count events by the values of one field or two, the most frequent first"), m.top),
		module.Handle(http.MethodGet, "/events/fields", op("list-event-fields", "List the fields that the newest events of a search have"), m.fields),
		module.Handle(http.MethodGet, "/events/{id}", op("get-event", "Show one event"), m.one),
	}
}

// admit notes the look and waits for the question's turn. A look that cannot be
// recorded does not take place.
func (m *Module) admit(ctx context.Context, what string) (context.Context, func(), error) {
	if err := m.looks.Look(ctx, what); err != nil {
		return nil, nil, err
	}
	leave, err := m.limits.enter(ctx, module.Caller(ctx).ID)
	if err != nil {
		return nil, nil, err
	}
	// The budget ends a search that is on its way; this ends one that hangs.
	ctx, cancel := context.WithTimeout(ctx, longestSearch+10*time.Second)
	return ctx, func() { cancel(); leave() }, nil
}

func (m *Module) search(ctx context.Context, in *SearchInput) (*Page, error) {
	ctx, leave, err := m.admit(ctx, "events: "+in.Text)
	if err != nil {
		return nil, err
	}
	defer leave()
	q := in.query()
	q.Limit, q.Cursor = in.Limit, in.Cursor
	r, err := m.store.Search(ctx, q)
	if err != nil {
		return nil, tooLong(ctx, err)
	}
	return &Page{Items: r.Events, Next: r.Next, Scanned: r.Scanned, Cut: r.Cut, Damaged: r.Damaged}, nil
}

func (m *Module) histogram(ctx context.Context, in *HistogramInput) (*Histogram, error) {
	ctx, leave, err := m.admit(ctx, "events over time: "+in.Text)
	if err != nil {
		return nil, err
	}
	defer leave()
	h, err := m.store.Histogram(ctx, in.query(), in.Buckets)
	return &h, tooLong(ctx, err)
}

func (m *Module) top(ctx context.Context, in *TopInput) (*Top, error) {
	q := TopQuery{Query: in.query(), Fields: []string{in.Field}, Limit: in.Limit}
	if in.And != "" {
		q.Fields = append(q.Fields, in.And)
	}
	ctx, leave, err := m.admit(ctx, "values of "+strings.Join(q.Fields, " and ")+": "+in.Text)
	if err != nil {
		return nil, err
	}
	defer leave()
	t, err := m.store.Top(ctx, q)
	return &t, tooLong(ctx, err)
}

func (m *Module) fields(ctx context.Context, in *FieldsInput) (*Fields, error) {
	ctx, leave, err := m.admit(ctx, "fields of events: "+in.Text)
	if err != nil {
		return nil, err
	}
	defer leave()
	f, err := m.store.Fields(ctx, in.query(), in.Sample)
	return &f, tooLong(ctx, err)
}

func (m *Module) one(ctx context.Context, in *OneInput) (*flow.Event, error) {
	if err := m.looks.Look(ctx, "event "+in.ID); err != nil {
		return nil, err
	}
	e, err := m.store.Get(ctx, in.ID)
	return &e, err
}

// tooLong gives a search that hung a sentence for people.
func tooLong(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != context.DeadlineExceeded {
		return err
	}
	return &fault.Error{Kind: fault.Unavailable, Cause: err, RetryAfter: time.Second,
		Sentence: "the search took longer than a minute: ask for a shorter time, or name a field"}
}
