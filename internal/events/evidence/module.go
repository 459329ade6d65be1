package evidence

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

// Story is an incident with what it rests on.
type Story struct {
	Incident flow.Incident        `json:"incident"`
	Joins    []flow.Join          `json:"joins"` // its alerts, and why each joined
	Timeline []flow.TimelineEntry `json:"timeline"`
	Impact   *flow.Assessment     `json:"impact,omitempty"`
}

// Incidents tell what incidents rest on.
type Incidents interface {
	Story(ctx context.Context, incident string) (Story, error)
	// EventsOfIncidents lists the events of incidents that are open or changed
	// since a time.
	EventsOfIncidents(ctx context.Context, since time.Time) ([]string, error)
}

// Raw is the topic that events are made from: what was erased must leave it too.
type Raw interface {
	Last(ctx context.Context) (uint64, error)
	Trimmed(ctx context.Context) (uint64, error)
}

// Space tells how much of the disk is free.
type Space func() (free, total int64, err error)

// Options are what a Module is made of.
type Options struct {
	Store     *events.Store
	Table     *store.Space // of module "events"
	Incidents Incidents
	Raw       Raw
	Disk      Space
	Keep      events.Retention
	Dir       string // of the key and the deletion records
	Instance  string
	Version   string
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger     // nil means slog.Default
}

// Module is the evidence at rest: retention, holds, erasures, exports.
type Module struct {
	Options
	key     Key
	records *Records
	wake    chan struct{} // a token: look whether an erasure can be ended
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
	_ module.Eraser = (*Module)(nil)
)

// New makes the module and puts the holds in force; Run starts its work.
func New(ctx context.Context, o Options) (*Module, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	m := &Module{Options: o, wake: make(chan struct{}, 1)}
	var err error
	if m.key, err = OpenKey(keyPath(o.Dir)); err != nil {
		return nil, err
	}
	if m.records, err = OpenRecords(recordsPath(o.Dir), m.key); err != nil {
		return nil, err
	}
	return m, m.applyHolds(ctx)
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "evidence", Does: "keeps evidence as long as it may and must be kept, and makes bundles of it that can be checked",
		Personal: []module.PersonalData{{
			What: "who placed holds, exported and erased", Why: "the chain of custody", Kept: "as long as the deletion records and the audit",
		}},
	}
}

// How often the module looks after things.
const (
	endEvery   = 20 * time.Second
	holdsEvery = 5 * time.Minute
	sweepEvery = 6 * time.Hour
	firstSweep = 2 * time.Minute // after the start, which has enough to do
)

// Run sweeps, follows held incidents and ends erasures until ctx does.
func (m *Module) Run(ctx context.Context) error {
	end, holds := time.NewTicker(endEvery), time.NewTicker(holdsEvery)
	defer end.Stop()
	defer holds.Stop()
	sweep := time.NewTimer(firstSweep)
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-end.C:
			err = m.EndErasures(ctx)
		case <-m.wake:
			err = m.EndErasures(ctx)
		case <-holds.C:
			err = m.followHolds(ctx)
		case <-sweep.C:
			err = m.Sweep(ctx)
			sweep.Reset(sweepEvery)
		}
		if err != nil && ctx.Err() == nil {
			m.Log.Warn("looking after the evidence failed; this is tried again", "error", err)
		}
	}
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "evidence", Permission: p}
	}
	return []module.Route{
		module.Handle(http.MethodGet, "/storage", op("get-storage", "What is kept, for how long, and what was removed", module.ReadEvents), m.storage),
		module.Serve[ExportIn](http.MethodPost, "/evidence/exports", op("export-evidence", "A signed bundle of events", module.LeadIncidents),
			[]string{"application/x-tar"}, m.serveExport),
		module.Handle(http.MethodGet, "/evidence/holds", op("list-holds", "List legal holds, those in force first", module.ReadIncidents), m.listHolds),
		module.Handle(http.MethodPost, "/evidence/holds", op("place-hold", "Keep an incident's events from removal", module.LeadIncidents), m.placeHold),
		module.Handle(http.MethodPost, "/evidence/holds/{id}/release", op("release-hold", "End a legal hold", module.LeadIncidents), m.releaseHold),
		module.Handle(http.MethodPost, "/evidence/erasures", op("erase-events", "Erase a person's events, or say what that would do", module.ManageInstance), m.erase),
		module.Serve[RecordIn](http.MethodGet, "/evidence/deletions/{number}", op("get-deletion", "A signed deletion record", module.ReadEvents),
			[]string{"application/json"}, m.serveRecord),
		module.Handle(http.MethodPost, "/evidence/quarantine/{name}/discard", op("discard-segment", "Remove a damaged file of events for good", module.ManageInstance), m.discard),
	}
}

// audit notes what somebody did; what cannot be noted does not take place.
func (m *Module) audit(ctx context.Context, action, subject string, detail map[string]any) error {
	return m.Table.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, m.entry(ctx, action, subject, detail))
	})
}

func (m *Module) entry(ctx context.Context, action, subject string, detail map[string]any) store.Entry {
	who := module.Caller(ctx)
	return store.Entry{Time: m.Now(), By: who.ID, Name: who.Name, Action: action, Subject: subject, Detail: detail}
}

// Sweep removes what is older than it may be, and records it.
func (m *Module) Sweep(ctx context.Context) error {
	if err := m.followHolds(ctx); err != nil {
		return err // an alert that joined a held incident must not go first
	}
	needed, err := m.ofIncidents(ctx)
	if err != nil {
		return err
	}
	s, failed := m.Store.Sweep(ctx, m.Keep, needed)
	if len(s.Segments) == 0 {
		return failed
	}
	n, err := m.records.Add(Deletion{Instance: m.Instance, Version: m.Version, At: m.Now(), Retention: &RetentionRun{
		Keep: m.Keep, Dropped: s.Dropped, Stripped: s.Stripped, Segments: s.Segments, Kept: s.Kept}})
	if err != nil {
		return errors.Join(failed, err)
	}
	err = m.audit(ctx, "evidence.retention", recordName(n), map[string]any{"events": total(s.Dropped), "raw": total(s.Stripped), "kept": s.Kept})
	return errors.Join(failed, err)
}

func total(all []events.Kind) (n int) {
	for _, k := range all {
		n += k.Events
	}
	return n
}

// ofIncidents tells which events incidents need, by the days of retention.
func (m *Module) ofIncidents(ctx context.Context) (map[string]bool, error) {
	since := time.Time{}
	if m.Keep.Incident > 0 {
		since = m.Now().AddDate(0, 0, -m.Keep.Incident)
	}
	ids, err := m.Incidents.EventsOfIncidents(ctx, since)
	if err != nil {
		return nil, err
	}
	needed := make(map[string]bool, len(ids))
	for _, id := range ids {
		needed[id] = true
	}
	return needed, nil
}
