package impact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/module"
	"warder/internal/store"
)

// States of a care service that are no threats.
const (
	careNormal     = "normal"
	careThreatened = "threatened"
	careUnknown    = "unknown"
)

// even is the likelihood from which on a prediction whose time has come is taken
// for true.
const even = 0.5

// harm is what one incident does to one care service.
type harm struct {
	incident, service, state, severity string
	at                                 time.Time
	likelihood, seconds                float64
	certain                            bool
}

// CareList is the care strip.
type CareList = module.List[flow.CareState]

func (m *Module) listCare(ctx context.Context, _ *module.None) (*CareList, error) {
	tiles, err := m.strip(ctx, m.space, m.model.Snapshot(), m.now())
	if err != nil {
		return nil, err
	}
	return &CareList{Items: tiles, Total: len(tiles)}, nil
}

// strip computes every tile: each care service over all live incidents.
func (m *Module) strip(ctx context.Context, r store.Reader, s *hospital.Snapshot, now time.Time) ([]flow.CareState, error) {
	harms, err := readHarms(ctx, r)
	if err != nil {
		return nil, err
	}
	deaf, err := unheard(ctx, r)
	if err != nil {
		return nil, err
	}
	tiles := []flow.CareState{}
	for _, c := range s.CareServices() {
		tile := flow.CareState{Service: c.ID, Name: c.Name, Site: s.SiteOf(c.ID), State: careNormal}
		if suffered := harms[c.ID]; len(suffered) > 0 {
			fill(&tile, suffered, now)
		} else if why := deaf.why(s, &c); why != "" {
			tile.State, tile.Why = careUnknown, why
		}
		tiles = append(tiles, tile)
	}
	slices.SortStableFunc(tiles, func(a, b flow.CareState) int { return cmp.Compare(a.Site, b.Site) })
	return tiles, nil
}

func readHarms(ctx context.Context, r store.Reader) (map[string][]harm, error) {
	rows, err := r.QueryContext(ctx, `SELECT incident, service, state, severity, harm_at, likelihood, seconds, certain
		FROM impact_service ORDER BY service, harm_at, incident, state`)
	if err != nil {
		return nil, fmt.Errorf("read the care strip: %w", err)
	}
	defer rows.Close()
	harms := map[string][]harm{}
	for rows.Next() {
		var h harm
		var at int64
		if err := rows.Scan(&h.incident, &h.service, &h.state, &h.severity, &at, &h.likelihood, &h.seconds, &h.certain); err != nil {
			return nil, fmt.Errorf("read the care strip: %w", err)
		}
		h.at = store.FromMicros(at)
		harms[h.service] = append(harms[h.service], h)
	}
	return harms, rows.Err()
}

// fill says what a service suffers: what is already so, gravest first; else what
// comes soonest.
func fill(tile *flow.CareState, harms []harm, now time.Time) {
	worst := slices.MinFunc(harms, func(a, b harm) int {
		return cmp.Or(cmp.Compare(b.stage(now), a.stage(now)), a.at.Compare(b.at), cmp.Compare(b.likelihood, a.likelihood))
	})
	tile.State = careThreatened
	if worst.stage(now) > 0 {
		tile.State = worst.state
	}
	tile.Severity, tile.Likelihood, tile.Incident = flow.Severity(worst.severity), worst.likelihood, worst.incident
	tile.TimeToHarm, tile.HarmAt = worst.seconds, worst.at.UTC().Format(time.RFC3339)
}

// stage orders harms: 0 predicted, 1 degraded, 2 lost. A prediction whose time
// has come counts as true when it is at least as likely as not.
func (h harm) stage(now time.Time) int {
	switch {
	case !h.certain && (h.at.After(now) || h.likelihood < even):
		return 0
	case h.state == string(flow.ThreatLost):
		return 2
	}
	return 1
}

// silence is what open incidents about Warder's own health hide.
type silence struct {
	all    bool            // the way of events itself is impaired
	assets map[string]bool // that a silent feed watches
}

// unheard reads the live health incidents.
func unheard(ctx context.Context, r store.Reader) (silence, error) {
	open, err := bodies[flow.Incident](ctx, r, `SELECT body FROM impact_incident WHERE is_open AND exercise = '' AND health ORDER BY id`)
	if err != nil {
		return silence{}, fmt.Errorf("read health incidents: %w", err)
	}
	out := silence{assets: map[string]bool{}}
	for _, in := range open {
		out.all = out.all || in.Type == flow.ThreatPipeline
		for _, a := range in.Assets {
			out.assets[a.Asset] = true
		}
	}
	return out, nil
}

// why says why nothing can be said of a service; empty when something can.
func (q silence) why(s *hospital.Snapshot, c *hospital.Asset) string {
	modelled := slices.ContainsFunc(s.In(c.ID), func(d hospital.Dependency) bool {
		return d.Relation == hospital.Supplies || d.Relation == hospital.Controls
	})
	switch {
	case !modelled:
		return "not-modelled"
	case q.all:
		return "feed-silent"
	case len(q.assets) > 0 && Upstream(s, c.ID, func(a *hospital.Asset) bool { return q.assets[a.ID] }):
		return "feed-silent"
	}
	return ""
}
