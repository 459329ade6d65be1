package app

import (
	"context"
	"time"

	"warder/internal/app/rulebook"
	"warder/internal/stage/correlate"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/impact"
	"warder/internal/stage/notify"
	"warder/internal/stage/respond"
)

// step is one part of the way of an event.
type step struct {
	does string
	run  func(ctx context.Context) error
	// from and into are for people who read; what a step can really touch is
	// what its constructor was handed.
	from, into string
}

// way is the way of an event, in order. Every step may see a message again after
// a crash, and makes nothing twice.
func (h *house) way() []step {
	return []step{
		{"listen to syslog, MQTT and files", h.listeners.run, "outside", "the intake"},
		{"take records in, acknowledge after the fsync", h.sources.Run, "the intake", "raw"},
		{"normalise, keep as evidence, match rules", h.detector.Run, "raw", "alert, hit, the evidence"},
		{"count over time", h.counter.Run, "hit", "alert, hit"},
		{"join alerts into incidents", h.correlate.Run, "alert, impact", "incident"},
		{"predict what they do to care", h.impact.Run, "incident, model", "impact"},
		{"start plans, decide who is told", h.respond.Run, "incident, impact", "notice"},
		{"deliver until acknowledged or given up", h.notify.Run, "notice", "people and other systems"},
		{"send what was committed to its topics", h.relay, "the database", "incident, impact, notice, change"},
	}
}

// build makes the steps between the intake and the notices, each from what it
// may touch and nothing else.
func (h *house) build(ctx context.Context) error {
	shelf := &rulebook.Book{Content: h.content, Dirs: h.cfg.Rules.Folders}
	rules, err := shelf.Load(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules.Ruleset.Rules {
		if r.Error != "" {
			h.log.Warn("a rule could not be loaded", "file", r.File, "error", r.Error)
		}
	}
	dependencies, err := impact.LoadRules(h.content, "dependencies")
	if err != nil {
		return err
	}
	playbooks, err := respond.LoadPlaybooks(h.content, "playbooks")
	if err != nil {
		return err
	}
	addTexts(h.texts, playbooks.Texts())
	board := detect.NewBoard(rules.Ruleset.Rules)
	board.Zone = func() *time.Location { return h.hospital.Snapshot().Location() }
	settings := detect.NewSettings(board, rules.Ruleset.Names)
	h.rules, err = detect.NewModule(ctx, detect.Deps{
		Board: board, Settings: settings, Pack: rules, Library: shelf, Swap: h.swap, Normaliser: h.normaliser,
		Evidence: h.evidence, Looks: looks{h.store.Space("events"), h.now}, Alerts: h.topics.alerts,
		Space: h.store.Space("detect"), Now: h.now, Log: h.log,
	})
	if err != nil {
		return err
	}
	h.detector = detect.NewConsumer(detect.Options{
		Log: h.exchange, Raw: h.topics.raw, Alerts: h.topics.alerts, Hits: h.topics.spread(),
		Normaliser: h.normaliser, Events: h.evidence, Rules: rules.Ruleset, Judge: settings,
		Observer: h.unknown, Sources: h.sources, Board: board, OnTrouble: h.alarm.raise, Logger: h.log,
	})
	h.counter = count.NewConsumer(count.Options{
		Log: h.exchange, Hits: h.topics.hits, Undispatched: h.topics.loose, Alerts: h.topics.alerts,
		Correlations: rules.Ruleset.Correlations, Judge: settings, Board: board,
		OnTrouble: h.alarm.raise, Now: h.now, Logger: h.log,
	})
	h.correlate = correlate.New(correlate.Options{
		Space: h.store.Space("correlate"), Model: h.hospital, Limits: h.cfg.Correlate.limits(), Now: h.now, Log: h.log,
		Alerts: h.topics.alerts, Impacts: h.topics.impacts, Timeline: h.topics.timeline,
	})
	h.impact = impact.New(impact.Options{
		Space: h.store.Space("impact"), Model: h.hospital, Engine: impact.NewSpread(dependencies), Now: h.now, Log: h.log,
		Incidents: h.topics.incidents, Models: h.topics.models,
	})
	h.respond = respond.New(respond.Options{
		Space: h.store.Space("respond"), Model: h.hospital, Playbooks: playbooks, Channels: h.cfg.Notify.Channels(),
		Now: h.now, Log: h.log, Incidents: h.topics.incidents, Impacts: h.topics.impacts,
	})
	h.notify, err = notify.New(notify.Options{
		Space: h.store.Space("notify"), Config: h.cfg.Notify, Instance: h.cfg.Name, Texts: h.texts["en"], Now: h.now, Log: h.log,
		Zone: func() *time.Location { return h.hospital.Snapshot().Location() }, Notices: h.topics.notices,
	})
	return err
}

// swap puts other rules in force, on the way of events: what counts first, so
// that no hit comes to a correlation that is not there yet.
func (h *house) swap(pack *detect.Pack) {
	h.counter.Swap(pack.Ruleset.Correlations)
	h.detector.Swap(pack.Ruleset)
}
