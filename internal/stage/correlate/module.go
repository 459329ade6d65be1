package correlate

import (
	"context"
	"log/slog"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/module"
	"warder/internal/store"
)

// Options are what the stage is made of.
type Options struct {
	Space  *store.Space // of module "correlate"
	Model  hospital.Source
	Limits Limits
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means slog.Default
	// Alerts is what incidents are made of, Impacts what comes back about them,
	// Timeline what other stages have to say in an incident's story.
	Alerts   exchange.Topic[flow.Alert]
	Impacts  exchange.Topic[flow.Assessment]
	Timeline exchange.Topic[flow.TimelineEntry]
}

// Module is the stage at work. It publishes on topics incident and change,
// through the store's outbox.
type Module struct {
	space    *store.Space
	model    hospital.Source
	limits   Limits
	now      func() time.Time
	log      *slog.Logger
	alerts   exchange.Topic[flow.Alert]
	impacts  exchange.Topic[flow.Assessment]
	timeline exchange.Topic[flow.TimelineEntry]
	shelf    chan struct{} // wakes the one who looks for shelvings that end
}

var (
	_ module.Module = (*Module)(nil)
	_ module.Router = (*Module)(nil)
)

// New makes the stage; Run starts it.
func New(o Options) *Module {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Module{
		space: o.Space, model: o.Model, limits: o.Limits.withDefaults(), now: o.Now, log: o.Log.With("module", "correlate"),
		alerts: o.Alerts, impacts: o.Impacts, timeline: o.Timeline, shelf: make(chan struct{}, 1),
	}
}

// Manifest implements module.Module.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name: "correlate", Does: "makes incidents of alerts and keeps their story",
		Personal: []module.PersonalData{
			{What: "accounts, badges and persons that alerts name", Why: "to join alerts about the same actor", Kept: "as long as the incident"},
			{What: "names of those who worked on an incident", Why: "to know who did what", Kept: "as long as the incident"},
		},
	}
}

// Run takes alerts, assessments and timeline entries until the context ends.
func (m *Module) Run(ctx context.Context) error {
	return together(ctx,
		func(ctx context.Context) error { return exchange.Consume(ctx, m.alerts, m.takeAlerts(), m.log) },
		func(ctx context.Context) error { return exchange.Consume(ctx, m.impacts, m.takeImpacts(), m.log) },
		func(ctx context.Context) error { return exchange.Consume(ctx, m.timeline, m.takeEntries(), m.log) },
		m.endShelvings,
	)
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	const tag = "incidents"
	read := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: tag, Permission: module.ReadIncidents}
	}
	look := func(id, summary string) module.Op {
		o := read(id, summary)
		o.Look = "incident.look"
		return o
	}
	work := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: tag, Permission: module.WorkIncidents}
	}
	lead := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: tag, Permission: module.LeadIncidents}
	}
	waiting := read("list-waiting-alerts", "List quiet alerts that belong to no incident, newest first")
	waiting.Look = "alert.look"
	return []module.Route{
		module.Handle("GET", "/incidents", read("list-incidents", "List incidents, the last changed first"), m.list),
		module.Handle("GET", "/incidents/{id}", look("get-incident", "Show an incident"), m.get),
		module.Handle("GET", "/incidents/{id}/alerts", look("list-incident-alerts", "List an incident's alerts with the reasons they joined for"), m.listAlerts),
		module.Handle("GET", "/incidents/{id}/timeline", look("list-incident-timeline", "List an incident's story"), m.listTimeline),
		module.Handle("GET", "/alerts/waiting", waiting, m.listWaiting),
		module.Handle("POST", "/incidents/{id}/acknowledge", work("acknowledge-incident", "Take notice of an incident"), m.acknowledge),
		module.Handle("POST", "/incidents/{id}/status", work("set-incident-status", "Move an incident to another status"), m.status),
		module.Handle("POST", "/incidents/{id}/owner", work("set-incident-owner", "Say who works on an incident"), m.owner),
		module.Handle("POST", "/incidents/{id}/comment", work("comment-incident", "Comment on an incident"), m.comment),
		module.Handle("POST", "/incidents/{id}/escalate", work("escalate-incident", "Lift an incident's severity and tell people again"), m.escalate),
		module.Handle("POST", "/incidents/{id}/dispatch", work("dispatch-incident", "Note who goes there"), m.dispatch),
		module.Handle("POST", "/incidents/{id}/verdict", work("judge-incident-impact", "Confirm or refute what is said of an asset"), m.verdict),
		module.Handle("POST", "/incidents/{id}/shelve", lead("shelve-incident", "Set an incident aside for a time"), m.shelve),
		module.Handle("POST", "/incidents/{id}/unshelve", lead("unshelve-incident", "Take an incident back from the shelf"), m.unshelve),
		module.Handle("POST", "/incidents/{id}/merge", lead("merge-incident", "Merge an incident into another, which is the answer"), m.merge),
		module.Handle("POST", "/incidents/{id}/split", lead("split-incident", "Make some alerts an incident of their own, which is the answer"), m.split),
	}
}
