package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"warder/internal/api"
	"warder/internal/capability/exercise"
	"warder/internal/module"
	"warder/test/scenario"
)

// RehearsalOptions says how a scenario is rehearsed.
type RehearsalOptions struct {
	Version  string
	Log      *slog.Logger
	Progress func(exercise.Progress) // may be nil
	Rules    []string                // folders of Sigma rules beside those that ship
}

// Rehearsal is what came of it.
type Rehearsal struct {
	Scenario   string              `json:"scenario"` // its id
	Sent       int                 `json:"sent"`     // records
	Incidents  []exercise.Observed `json:"incidents"`
	Deviations []string            `json:"deviations"` // from what the scenario expects, in words
	Took       time.Duration       `json:"took_ns"`
}

// Scenarios lists what can be rehearsed and played.
func Scenarios() ([]*exercise.Scenario, error) {
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		return nil, err
	}
	return library.All(), nil
}

// settled is how often in a row nothing may be under way before it counts as the
// end, and settleEvery how often that is looked at.
const (
	settled     = 3
	settleEvery = 150 * time.Millisecond
	settleTime  = 2 * time.Minute
)

// Rehearse plays a scenario as fast as it can through the real listeners of a
// throw-away Warder with the scenario's hospital, waits until everything is
// worked off, and holds what came of it against what the scenario expects.
func Rehearse(ctx context.Context, id string, o RehearsalOptions) (_ *Rehearsal, err error) {
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		return nil, err
	}
	story, err := library.Find(id)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "warder-rehearsal-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg := DemoConfig(dir, "127.0.0.1:0")
	cfg.Rules.Folders = o.Rules
	a, err := Open(ctx, cfg, o.Version, o.Log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.house.stage(ctx, story); err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(running) }()
	defer func() { stop(); err = errors.Join(err, <-ended) }()
	return a.house.rehearse(ctx, story, o)
}

// stage loads the scenario's hospital, with the scenario's changes laid over it.
func (h *house) stage(ctx context.Context, story *exercise.Scenario) error {
	model, err := shipped(h.content, story.Hospital)
	if err != nil {
		return err
	}
	if story.Overlay != nil {
		model = exercise.Overlay(model, story.Overlay)
	}
	_, err = h.hospital.Import(ctx, model, module.Principal{})
	return err
}

func (h *house) rehearse(ctx context.Context, story *exercise.Scenario, o RehearsalOptions) (*Rehearsal, error) {
	began := time.Now()
	snapshot := h.hospital.Snapshot()
	if unknown := story.Unknown(snapshot); len(unknown) > 0 {
		return nil, fmt.Errorf("scenario %s expects assets that its hospital does not have: %v", story.ID, unknown)
	}
	to, err := h.exerciseTargets(ctx)
	if err != nil {
		return nil, err
	}
	play := exercise.Performance(story, snapshot, h.now(), 0)
	play.Progress = o.Progress
	sent, err := exercise.NewPlayer(to).Play(ctx, play)
	if err != nil {
		return nil, err
	}
	if sent.Refused > 0 {
		return nil, fmt.Errorf("%d of %d records were refused, the first because: %s", sent.Refused, sent.Sent, sent.Refusal)
	}
	if err := h.settle(ctx, settleTime); err != nil {
		return nil, err
	}
	viewer, err := h.people.MakeToken(ctx, "rehearsal", api.RoleViewer, time.Hour)
	if err != nil {
		return nil, err
	}
	watcher := &exercise.Client{Base: h.addresses.HTTP, Token: viewer.Secret, HTTP: &http.Client{Timeout: time.Minute}}
	incidents, err := watcher.Observe(ctx)
	if err != nil {
		return nil, err
	}
	return &Rehearsal{Scenario: story.ID, Sent: sent.Sent, Incidents: incidents,
		Deviations: append([]string{}, exercise.Compare(story.Expect, incidents)...), Took: time.Since(began)}, nil
}

// settle waits until every consumer has passed everything.
func (h *house) settle(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for quiet := 0; quiet < settled; {
		busy, err := h.busy(ctx)
		if err != nil {
			return err
		}
		if quiet++; busy != "" {
			quiet = 0
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until everything is worked off: %s: %w", busy, ctx.Err())
		case <-time.After(settleEvery):
		}
	}
	return nil
}

// busy tells what is still under way, "" for nothing.
func (h *house) busy(ctx context.Context) (string, error) {
	waiting, err := h.store.Waiting(ctx)
	if err != nil || waiting > 0 {
		return fmt.Sprintf("%d messages are in the outbox", waiting), err
	}
	for topic, all := range h.working() {
		last, err := h.exchange.Last(ctx, topic)
		if err != nil {
			return "", err
		}
		for _, w := range all {
			n, err := w.At(ctx)
			if err != nil || n < last {
				return fmt.Sprintf("topic %s is worked off up to %d of %d", topic, n, last), err
			}
		}
	}
	return "", nil
}
