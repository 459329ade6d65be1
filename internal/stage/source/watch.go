package source

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/id"
	"warder/internal/store"
)

// watch is what is watched of one source. Only the watching goroutine writes it.
type watch struct {
	since      int64        // microseconds since 1970 when the source was first configured; never changes
	silent     atomic.Int64 // what judgeSilence measured from when it announced silence; 0 = it speaks
	unreadable atomic.Bool  // most of what came lately could not be read
	began      time.Time    // of the count of recent records

	saved         savedState
	savedFailures int64     // number of the first failure that is not saved; guarded by Module.saving
	told          []byte    // the health that was sent last
	toldAt        time.Time //
}

const (
	lookEvery = time.Second
	saveEvery = 5 * time.Second
	tellEvery = 2 * time.Second

	// Most of at least recentFew records within recentSpan unreadable: trouble.
	recentSpan = time.Minute
	recentFew  = 10
)

// watchAll looks at every source until ctx ends.
func (m *Module) watchAll(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	saved := m.d.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := m.d.Now()
		turned := m.look(ctx, now)
		if !turned && now.Sub(saved) < saveEvery {
			continue
		}
		saved = now
		if err := m.saveStates(ctx); err != nil && ctx.Err() == nil {
			m.d.Log.Error("the state of sources could not be saved", "error", err)
		}
	}
}

func (m *Module) lastSave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastPublish)
	defer cancel()
	if err := m.saveStates(ctx); err != nil {
		return fmt.Errorf("save the state of sources: %w", err)
	}
	return nil
}

// look judges every source once, and tells whether one fell silent or spoke again.
func (m *Module) look(ctx context.Context, now time.Time) (turned bool) {
	for _, f := range m.feeds {
		changed, err := m.judgeSilence(ctx, f, now)
		if err == nil {
			err = m.judgeReading(ctx, f, now)
		}
		if err == nil {
			err = m.tell(ctx, f, now)
		}
		if err != nil && ctx.Err() == nil {
			m.d.Log.Error("a source's state could not be announced and will be again", "source", f.inlet.source.ID, "error", err)
		}
		turned = turned || changed
	}
	return turned
}

// judgeSilence announces a source that falls silent or speaks again. One that
// never spoke is measured from when it was set up. What was not heard while the
// program did not run is not silence: the source gets its whole interval from
// the start.
func (m *Module) judgeSilence(ctx context.Context, f *feed, now time.Time) (bool, error) {
	last, silent := f.meter.last.Load(), f.watch.silent.Load()
	from := last
	if last == 0 {
		from = f.watch.since
	}
	expect := f.inlet.source.Expect
	switch {
	case silent != 0 && last > silent:
		err := m.alert(ctx, f, spokeAgain(f.inlet.source, silent, last, now))
		if err == nil {
			f.watch.silent.Store(0)
		}
		return err == nil, err
	case silent == 0 && expect > 0 && now.Sub(later(store.FromMicros(from), m.started)) > expect:
		err := m.alert(ctx, f, fellSilent(f.inlet.source, last != 0, from, now))
		if err == nil {
			f.watch.silent.Store(from)
		}
		return err == nil, err
	}
	return false, nil
}

func spokeAgain(s Source, silent, last int64, now time.Time) flow.Alert {
	return flow.Alert{
		ID: id.Derive("al", "source-again", s.ID, strconv.FormatInt(silent, 10)), Rule: "health/source-again",
		Text:   flow.Text{Code: "alert.source.again", Params: map[string]string{"source": s.Title()}},
		Threat: flow.ThreatSourceSilent, Severity: flow.SeverityInfo, Time: store.FromMicros(last), Received: now,
	}
}

func fellSilent(s Source, spoke bool, from int64, now time.Time) flow.Alert {
	code := "alert.source.silent"
	if !spoke {
		code = "alert.source.never"
	}
	return flow.Alert{
		ID: id.Derive("al", "source-silent", s.ID, strconv.FormatInt(from, 10)), Rule: "health/source-silent",
		Text: flow.Text{Code: code, Params: map[string]string{
			"source": s.Title(), "since": store.FromMicros(from).Format(time.RFC3339), "expect_s": seconds(s.Expect),
		}},
		Threat: flow.ThreatSourceSilent, Severity: flow.SeverityMedium, Time: store.FromMicros(from).Add(s.Expect), Received: now,
	}
}

// judgeReading announces a source most of whose records cannot be read.
func (m *Module) judgeReading(ctx context.Context, f *feed, now time.Time) error {
	c, s := f.meter, f.inlet.source
	all, bad := c.recentAll.Load(), c.recentBad.Load()
	most := all >= recentFew && 2*bad > all
	if most && !f.watch.unreadable.Load() {
		err := m.alert(ctx, f, flow.Alert{
			ID: id.Derive("al", "source-unreadable", s.ID, strconv.FormatInt(now.UnixMicro(), 10)), Rule: "health/source-unreadable",
			Text: flow.Text{Code: "alert.source.unreadable", Params: map[string]string{
				"source": s.Title(), "bad": strconv.FormatInt(bad, 10), "all": strconv.FormatInt(all, 10),
			}},
			Threat: flow.ThreatPipeline, Severity: flow.SeverityMedium, Time: now, Received: now,
		})
		if err != nil {
			return err
		}
		f.watch.unreadable.Store(true)
	}
	if now.Sub(f.watch.began) < recentSpan {
		return nil
	}
	f.watch.began = now
	f.watch.unreadable.Store(most)
	c.recentAll.Store(0)
	c.recentBad.Store(0)
	return nil
}

func (m *Module) alert(ctx context.Context, f *feed, a flow.Alert) error {
	s := f.inlet.source
	a.Detector, a.Source, a.Site = "health", s.ID, s.Site
	a.Events, a.Actors = []string{}, []string{"source:" + s.ID}
	if s.Asset != "" {
		a.Assets = []flow.AssetRef{{ID: s.Asset, Role: flow.RoleTarget, By: flow.ByID, Value: s.Asset}}
	}
	if _, err := m.d.Alerts.Publish(ctx, a.ID, a); err != nil {
		return fmt.Errorf("publish alert %s: %w", a.Rule, err)
	}
	return nil
}

// tell sends a source's health to the live stream when it differs from what was
// sent before, and not too often.
func (m *Module) tell(ctx context.Context, f *feed, now time.Time) error {
	if now.Sub(f.watch.toldAt) < tellEvery {
		return nil
	}
	h := m.health(f, now)
	b, err := json.Marshal(h)
	if err != nil || bytes.Equal(b, f.watch.told) {
		return err
	}
	if _, err := m.d.Changes.Publish(ctx, h.ID, flow.Change{Kind: "source", ID: h.ID, Body: h}); err != nil {
		return fmt.Errorf("publish the change of a source: %w", err)
	}
	f.watch.told, f.watch.toldAt = b, now
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
