package events

import (
	"context"
	"net/http"
	"strings"
	"time"

	"warder/internal/events/query"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
	"warder/internal/store"
)

// Saved keeps searches that people want again, for themselves or for everybody
// who may look at events.
type Saved struct {
	space *store.Space
	now   func() time.Time
}

var _ module.Router = (*Saved)(nil)

// NewSaved returns the saved searches of a database.
func NewSaved(space *store.Space, now func() time.Time) *Saved { return &Saved{space: space, now: now} }

// SavedSearch is a search under a name.
type SavedSearch struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Query  string     `json:"query"`
	Last   string     `json:"last,omitempty" doc:"the last so long; absent for a fixed range"`
	From   *time.Time `json:"from,omitempty"`
	To     *time.Time `json:"to,omitempty"`
	Shared bool       `json:"shared" doc:"everybody who may look at events sees it"`
	Mine   bool       `json:"mine" doc:"the caller saved it"`
	By     string     `json:"by"`
	At     time.Time  `json:"at"`
}

// SaveInput is a search to be kept.
type SaveInput struct {
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"120"`
		Query  string    `json:"query" maxLength:"8192"`
		Last   string    `json:"last,omitempty" enum:",15m,1h,24h,7d,all"`
		From   time.Time `json:"from,omitempty"`
		To     time.Time `json:"to,omitempty"`
		Shared bool      `json:"shared,omitempty"`
	}
}

// SavedInput names a saved search.
type SavedInput struct {
	ID string `path:"id" maxLength:"64"`
}

// mostSaved bounds what one person keeps.
const mostSaved = 200

// Routes are the ways to keep searches.
func (s *Saved) Routes() []module.Route {
	op := func(id, summary string, status int) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "events", Permission: module.ReadEvents, Status: status}
	}
	return []module.Route{
		module.Handle(http.MethodGet, "/saved-searches", op("list-saved-searches", "List one's own saved searches and the shared ones", 0), s.list),
		module.Handle(http.MethodPost, "/saved-searches", op("save-search", "Keep a search under a name", http.StatusCreated), s.save),
		module.Handle(http.MethodDelete, "/saved-searches/{id}", op("remove-saved-search", "Remove a saved search of one's own; those who manage people remove any shared one", 0), s.remove),
	}
}

const savedColumns = `id, name, query, span, from_us, to_us, shared, by_id, by_name, at`

func (s *Saved) list(ctx context.Context, _ *module.None) (*module.List[SavedSearch], error) {
	me := module.Caller(ctx).ID
	rows, err := s.space.QueryContext(ctx, `SELECT `+savedColumns+` FROM events_saved
		WHERE by_id = $1 OR shared ORDER BY lower(name), id`, me)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := &module.List[SavedSearch]{Items: []SavedSearch{}}
	for rows.Next() {
		var x SavedSearch
		var by string
		var from, to, at int64
		if err := rows.Scan(&x.ID, &x.Name, &x.Query, &x.Last, &from, &to, &x.Shared, &by, &x.By, &at); err != nil {
			return nil, s.space.Fault("read saved searches", err)
		}
		x.From, x.To, x.At, x.Mine = optionalTime(from), optionalTime(to), store.FromMicros(at), by == me
		list.Items = append(list.Items, x)
	}
	return list, s.space.Fault("read saved searches", rows.Err())
}

func optionalTime(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := store.FromMicros(us)
	return &t
}

func (s *Saved) save(ctx context.Context, in *SaveInput) (*SavedSearch, error) {
	b := &in.Body
	if b.Name = strings.TrimSpace(b.Name); b.Name == "" {
		return nil, fault.New(fault.Invalid, "a saved search needs a name")
	}
	if _, err := query.Parse(b.Query); err != nil {
		return nil, err
	}
	who, at := module.Caller(ctx), s.now()
	x := &SavedSearch{ID: id.New(), Name: b.Name, Query: b.Query, Last: b.Last, Shared: b.Shared, Mine: true, By: who.Name, At: at}
	var from, to int64
	if !b.From.IsZero() {
		from = store.Micros(b.From)
	}
	if !b.To.IsZero() {
		to = store.Micros(b.To)
	}
	x.From, x.To = optionalTime(from), optionalTime(to)
	return x, s.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM events_saved WHERE by_id = $1`, who.ID).Scan(&have); err != nil {
			return err
		}
		if have >= mostSaved {
			return fault.New(fault.Conflict, "you keep %d searches already: remove one first", have)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO events_saved (`+savedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			x.ID, x.Name, x.Query, x.Last, from, to, x.Shared, who.ID, who.Name, store.Micros(at))
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Time: at, By: who.ID, Name: who.Name, Action: "search.save", Subject: x.ID,
			Detail: map[string]any{"name": x.Name, "query": x.Query, "shared": x.Shared}})
	})
}

func (s *Saved) remove(ctx context.Context, in *SavedInput) (*module.None, error) {
	who := module.Caller(ctx)
	return nil, s.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM events_saved WHERE id = $1 AND (by_id = $2 OR shared AND $3)`, in.ID, who.ID, who.Role == "admin")
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return fault.New(fault.NotFound, "there is no saved search %q of yours", in.ID)
		}
		return tx.Audit(ctx, store.Entry{Time: s.now(), By: who.ID, Name: who.Name, Action: "search.remove", Subject: in.ID})
	})
}
