package events

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"warder/internal/flow"
)

// Retention is for how many days events are kept after they were accepted; 0
// keeps them for ever. The first that applies counts: exercise, source, category,
// default.
type Retention struct {
	Default    int            `koanf:"default" json:"default"`
	Categories map[string]int `koanf:"categories" json:"categories"` // by category of event
	Sources    map[string]int `koanf:"sources" json:"sources"`       // by the source's id
	Raw        int            `koanf:"raw" json:"raw"`               // the raw bytes, where the event itself stays longer
	Exercise   int            `koanf:"exercise" json:"exercise"`     // what exercises sent
	Incident   int            `koanf:"incident" json:"incident"`     // events of an incident, after its end
}

// DefaultRetention is that of an installation that sets nothing.
func DefaultRetention() Retention {
	return Retention{
		Default: 90, Raw: 30, Exercise: 7, Incident: 365,
		Categories: map[string]int{string(flow.CategoryAccess): 30, string(flow.CategoryCamera): 30},
	}
}

// mostDays is a hundred years: more is a slip of the pen.
const mostDays = 36500

// Validate returns everything that is impossible, each with what would be right.
func (r Retention) Validate() []error {
	var errs []error
	check := func(key string, days int) {
		if days < 0 || days > mostDays {
			errs = append(errs, fmt.Errorf("%s: %d is no number of days; 1 to %d would be right, or 0 for ever", key, days, mostDays))
		}
	}
	check("default", r.Default)
	check("raw", r.Raw)
	check("exercise", r.Exercise)
	check("incident", r.Incident)
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		check("categories."+name, r.Categories[name])
		if !slices.Contains(flow.Categories(), flow.Category(name)) {
			errs = append(errs, fmt.Errorf("categories.%s: there is no such category of event; docs/reference/events.md lists them", name))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Sources)) {
		check("sources."+id, r.Sources[id])
	}
	return errs
}

// Days returns for how long events of a kind are kept, and their raw bytes.
func (r Retention) Days(k Kind) (events, raw int) {
	events = r.Default
	if days, ok := r.Categories[string(k.Category)]; ok {
		events = days
	}
	if days, ok := r.Sources[k.Source]; ok {
		events = days
	}
	if k.Exercise {
		events = r.Exercise
	}
	raw = r.Raw
	if raw == 0 || events != 0 && events < raw {
		raw = events
	}
	return events, raw
}

// expiry decides at one moment. Ages end at midnight UTC, so that a segment, which
// holds an hour, is written anew once and not for every event that grows too old.
type expiry struct {
	keep  Retention
	today time.Time
}

func newExpiry(keep Retention, now time.Time) expiry {
	return expiry{keep, now.UTC().Truncate(24 * time.Hour)}
}

func (x expiry) before(days int) int64 {
	if days == 0 {
		return -1 << 62
	}
	return x.today.AddDate(0, 0, -days).UnixMicro()
}

// of returns the moments before which events of a kind and their raw bytes go.
func (x expiry) of(k Kind) (events, raw int64) {
	e, r := x.keep.Days(k)
	return x.before(e), x.before(r)
}

// touches tells whether anything in a segment is too old.
func (x expiry) touches(ks kinds) bool {
	return slices.ContainsFunc(ks, func(k Kind) bool {
		events, raw := x.of(k)
		return k.Oldest < events || k.WithRaw > 0 && k.Oldest < raw
	})
}

func (x expiry) judge(k Kind) verdict {
	events, raw := x.of(k)
	switch {
	case k.Oldest < events:
		return drop
	case k.WithRaw > 0 && k.Oldest < raw:
		return strip
	}
	return keep
}

// wholly tells whether everything in a segment is too old.
func (x expiry) wholly(ks kinds) bool {
	return !slices.ContainsFunc(ks, func(k Kind) bool {
		events, _ := x.of(k)
		return k.Newest >= events
	})
}

// Swept is what a sweep removed.
type Swept struct {
	Dropped  []Kind
	Stripped []Kind          // their raw bytes only
	Segments []SegmentChange // each that was written anew or dropped
	Kept     int             // events that were too old and stay for an incident or a hold
}

// SegmentChange names a segment before and after; the names end with sums.
type SegmentChange struct {
	Before string `json:"before"`
	After  string `json:"after,omitempty"` // empty: nothing was left
}

// Sweep removes what is older than it may be. What is held stays, and the events
// that needed names by their ids; it may be nil. What could not be swept is reported and tried at
// the next sweep; the others are swept all the same.
func (s *Store) Sweep(ctx context.Context, keep Retention, needed map[string]bool) (Swept, error) {
	x := newExpiry(keep, s.o.Now())
	w := &sweeping{expiry: x, store: s, needed: needed}
	var failed []error
	err := s.shape(ctx, func(seg *segment) error {
		if err := w.segment(ctx, seg); err != nil {
			failed = append(failed, fmt.Errorf("sweep a segment: %w", err))
		}
		return nil
	})
	w.swept.Dropped, w.swept.Stripped = w.dropped.sorted(), w.stripped.sorted()
	return w.swept, errors.Join(append(failed, err)...)
}

type sweeping struct {
	expiry
	store    *Store
	needed   map[string]bool
	dropped  kinds
	stripped kinds
	swept    Swept
}

func (w *sweeping) segment(ctx context.Context, seg *segment) error {
	ks, err := w.store.kindsOf(seg)
	if errors.Is(err, errDamaged) {
		w.store.lose(seg, err)
	}
	if err != nil || !w.touches(ks) {
		return err
	}
	kept, holding := 0, w.store.holds()
	if w.wholly(ks) && !holding && !seg.any() && !seg.mayHoldAny(w.needed) {
		return w.drop(seg, ks)
	}
	c, err := w.store.rewrite(ctx, seg, func(id string, k Kind, event func() *flow.Event) verdict {
		v := w.judge(k)
		if v != keep && (w.needed[id] || holding && w.store.isHeld(event())) {
			kept++
			return keep
		}
		return v
	})
	w.swept.Kept += kept
	if err != nil || c.none() {
		return err
	}
	for _, k := range c.dropped {
		w.dropped = w.dropped.add(k)
	}
	for _, k := range c.strip {
		w.stripped = w.stripped.add(k)
	}
	w.swept.Segments = append(w.swept.Segments, SegmentChange{c.Before, c.After})
	return nil
}

// drop removes a segment that holds nothing that may stay, without reading it.
func (w *sweeping) drop(seg *segment, ks kinds) error {
	w.store.making.RLock()
	defer w.store.making.RUnlock()
	if err := w.store.replace(seg, nil); err != nil {
		return err
	}
	for _, k := range ks {
		w.dropped = w.dropped.add(k)
	}
	w.swept.Segments = append(w.swept.Segments, SegmentChange{Before: filepath.Base(seg.path)})
	return nil
}
