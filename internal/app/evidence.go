package app

import (
	"context"
	"path/filepath"
	"time"

	"warder/internal/events/evidence"
	"warder/internal/exchange"
	"warder/internal/kit/fault"
	"warder/internal/stage/correlate"
	"warder/internal/stage/impact"
)

// openEvidence builds what looks after the evidence at rest.
func (h *house) openEvidence(ctx context.Context) error {
	var err error
	h.atRest, err = evidence.New(ctx, evidence.Options{
		Store: h.evidence, Table: h.store.Space("events"), Incidents: stories{h.correlate, h.impact},
		Raw: rawTopic{h.exchange, h.topics.raw.Name()}, Disk: freeSpace(h.cfg.Data), Keep: h.cfg.Retention,
		Dir: filepath.Join(h.cfg.Data, "evidence"), Instance: h.cfg.Name, Version: h.version, Now: h.now, Log: h.log,
	})
	return err
}

// stories tells what incidents rest on.
type stories struct {
	*correlate.Module
	impact *impact.Module
}

// Story is an incident with its alerts, its timeline and its newest impact.
func (s stories) Story(ctx context.Context, id string) (evidence.Story, error) {
	incident, joins, timeline, err := s.Module.Story(ctx, id)
	if err != nil {
		return evidence.Story{}, err
	}
	a, err := s.impact.Newest(ctx, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return evidence.Story{}, err
	}
	return evidence.Story{Incident: incident, Joins: joins, Timeline: timeline, Impact: a}, nil
}

// EventsOfIncidents lists the events that incidents rest on.
func (s stories) EventsOfIncidents(ctx context.Context, since time.Time) ([]string, error) {
	return s.Module.EventsOfIncidents(ctx, since)
}

// rawTopic tells how far the topic of raw records goes.
type rawTopic struct {
	log   exchange.Log
	topic string
}

// Last is the newest offset.
func (r rawTopic) Last(ctx context.Context) (uint64, error) { return r.log.Last(ctx, r.topic) }

// Trimmed is the newest offset that is gone.
func (r rawTopic) Trimmed(ctx context.Context) (uint64, error) {
	all, err := r.log.Status(ctx)
	if err != nil {
		return 0, err
	}
	for _, t := range all {
		if t.Topic == r.topic {
			return t.First - 1, nil
		}
	}
	return 0, nil
}
