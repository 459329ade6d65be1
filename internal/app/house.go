// Package app composes Warder: it reads the configuration, opens the engines,
// builds every part from what that part may touch, and runs them until the end.
// It is the only package that knows all the others. Read path.go first.
package app

import (
	"context"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"warder/content"
	"warder/internal/api"
	"warder/internal/app/backup"
	"warder/internal/app/pipeline"
	"warder/internal/audit"
	"warder/internal/capability/exercise"
	"warder/internal/events"
	"warder/internal/events/evidence"
	"warder/internal/exchange"
	"warder/internal/hospital"
	"warder/internal/stage/correlate"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/impact"
	"warder/internal/stage/normalise"
	"warder/internal/stage/notify"
	"warder/internal/stage/respond"
	"warder/internal/stage/source"
	"warder/internal/store"
	"warder/test/scenario"
)

// house is everything that is composed: the engines, the model, the steps.
type house struct {
	cfg     Config
	version string
	log     *slog.Logger
	now     func() time.Time
	content fs.FS
	texts   api.Texts
	closers closers
	// addresses are known once everything listens.
	addresses addresses

	exchange watched
	embedded *exchange.Embedded // the log behind it, for its snapshots
	trimming sync.Mutex         // held while messages are forgotten, or must not be
	alarm    *alarm
	topics   topics
	store    *store.Store
	evidence *events.Store

	raw        *gate
	hospital   *hospital.Module
	sources    *source.Module
	listeners  *listeners
	normaliser *normalise.Normaliser
	unknown    *normalise.Module
	rules      *detect.Module
	detector   *detect.Consumer
	counter    *count.Consumer
	correlate  *correlate.Module
	impact     *impact.Module
	respond    *respond.Module
	notify     *notify.Module
	search     *events.Module
	atRest     *evidence.Module
	guard      *guard
	people     *api.People
	audit      *audit.Module
	stream     *api.Stream
	exercises  *exercise.Module
	demo       *demo
	backups    *backup.Module
	line       *pipeline.Line
	disk       pipeline.Disk
}

// open opens the engines and builds every part. What was opened is closed by
// h.closers, also when open fails on the way.
func (h *house) open(ctx context.Context) error {
	unlock, err := lockDirectory(h.cfg.Data)
	if err != nil {
		return err
	}
	h.closers.add(unlock)
	if err := h.openEngines(ctx); err != nil {
		return err
	}
	h.content = content.FS
	if h.texts, err = loadTexts(h.content); err != nil {
		return err
	}
	h.hospital, err = hospital.New(ctx, hospital.Deps{Space: h.store.Space("hospital"), Now: h.now, Log: h.log})
	if err != nil {
		return err
	}
	if err := h.openSources(ctx); err != nil {
		return err
	}
	if err := h.build(ctx); err != nil {
		return err
	}
	h.people = api.NewPeople(api.PeopleOptions{Space: h.store.Space("api"), About: h.about,
		Secure: h.cfg.HTTP.TLS.On(), Now: h.now})
	h.stream = api.NewStream(h.exchange, h.topics.changes.Name(), h.people)
	h.search = events.NewModule(h.evidence, looks{h.store.Space("events"), h.now})
	if err := h.openEvidence(ctx); err != nil {
		return err
	}
	h.demo = &demo{house: h}
	if err := h.openBackups(ctx); err != nil {
		return err
	}
	h.line = h.watchLine()
	h.audit, err = audit.New(audit.Options{Lines: h.store, Space: h.store.Space("audit"), Dir: h.cfg.auditDir(),
		KeyFile: h.cfg.auditKey(), Trouble: h.alarm.raise, Now: h.now, Log: h.log})
	if err != nil {
		return err
	}
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		return err
	}
	h.exercises = exercise.New(exercise.Options{Library: library, Model: h.hospital, Targets: h.exerciseTargets,
		Space: h.store.Space("exercise"), Now: h.now, Log: h.log})
	return h.recordStart(ctx)
}

func (h *house) openEngines(ctx context.Context) error {
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: h.cfg.exchangeDir(), Now: h.now, Log: h.log})
	if err != nil {
		return err
	}
	h.closers.add(log.Close)
	h.embedded = log
	h.disk = log.Disk
	h.topics = newTopics(log)
	h.alarm = newAlarm(h.topics.alerts, h.now, h.log)
	h.exchange = watched{Log: log, alarm: h.alarm}
	h.topics = newTopics(h.exchange)

	o, err := h.cfg.storeOptions(h.now, h.log)
	if err != nil {
		return err
	}
	if h.store, err = store.Open(ctx, o); err != nil {
		return err
	}
	h.closers.add(h.store.Close)
	release, err := h.store.Hold(ctx, h.alarm.raise)
	if err != nil {
		return err
	}
	h.closers.add(release)
	if err := h.store.Bind(ctx, log.Writer()); err != nil {
		return err
	}

	h.guard = &guard{to: h.topics.raw, space: freeSpace(h.cfg.Data), cfg: h.cfg.Disk, raise: h.alarm.raise}
	h.evidence, err = events.Open(events.Options{Dir: h.cfg.eventsDir(), Now: h.now, Log: h.log, OnTrouble: h.alarm.raise, Scarce: h.guard.full.Load})
	if err != nil {
		return err
	}
	h.closers.add(h.evidence.Close)
	return nil
}

func (h *house) openSources(ctx context.Context) error {
	var err error
	h.raw = newGate(h.guard)
	h.sources, err = source.New(ctx, source.Deps{
		Config: h.cfg.Sources, Raw: h.raw, Alerts: h.topics.alerts, Changes: h.topics.changes,
		Space: h.store.Space("source"), Running: h.exerciseRuns, Now: h.now, Log: h.log,
	})
	if err != nil {
		return err
	}
	if err := h.sources.Remember(ctx, h.exchange, h.topics.raw.Name()); err != nil {
		return err
	}
	if h.listeners, err = listen(ctx, h.sources, h.cfg.Sources, h.log); err != nil {
		return err
	}
	h.closers.add(h.listeners.close)
	presets, err := normalise.Presets(h.content, "mappings")
	if err != nil {
		return err
	}
	h.normaliser = normalise.New(h.hospital, normalise.ByName(presets, h.cfg.Mappings))
	h.unknown = normalise.NewModule(h.store.Space("normalise"), h.hospital, h.hospital, h.log)
	return nil
}

func (h *house) about() api.Instance {
	s := h.hospital.Snapshot()
	return api.Instance{Name: h.cfg.Name, Version: h.version, Demo: s.Demo(), TimeZone: s.TimeZone()}
}

func (h *house) exerciseRuns(id string) bool { return h.exercises != nil && h.exercises.Running(id) }

func (h *house) relay(ctx context.Context) error { return h.store.Relay(ctx, h.exchange) }
