package impact

import (
	"slices"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// gaps says what could not be computed, because "not modelled" must never look
// like "nothing will happen".
func (w *wave) gaps() []flow.Text {
	out := []flow.Text{}
	seen := map[string]bool{}
	add := func(code string, params map[string]string) {
		key := code + "\x00" + params["asset"] + "\x00" + params["threat"]
		if !seen[key] {
			seen[key] = true
			out = append(out, flow.Text{Code: code, Params: params})
		}
	}
	for _, a := range w.starts {
		asset, known := w.snap.Asset(a.Asset)
		switch {
		case !known:
			add("impact.gap-unknown-asset", map[string]string{"asset": a.Asset})
		case len(w.rules.on[a.Threat]) == 0:
			add("impact.gap-threat", map[string]string{"threat": string(a.Threat)})
		case isolated(w.snap, asset.ID):
			add("impact.gap-isolated", map[string]string{"asset": w.name(asset.ID), "asset_id": asset.ID})
		}
	}
	for _, p := range w.unpowered() {
		add("impact.gap-power", p)
	}
	return out
}

// isolated tells whether a model knows of nothing that would suffer with the
// asset: no dependency leaves it but its place in the building.
func isolated(s *hospital.Snapshot, id string) bool {
	return !slices.ContainsFunc(s.Out(id), func(d hospital.Dependency) bool {
		return d.Relation != hospital.PartOf
	})
}

// unpowered names the care services at the sites of the incident for which the
// model knows of no power supply: a power cut would seem to spare them.
func (w *wave) unpowered() []map[string]string {
	var out []map[string]string
	sites := map[string]bool{}
	for _, a := range w.starts {
		if site := w.snap.SiteOf(a.Asset); site != "" {
			sites[site] = true
		}
	}
	for _, c := range w.snap.CareServices() {
		if sites[w.snap.SiteOf(c.ID)] && !Upstream(w.snap, c.ID, powered) {
			out = append(out, map[string]string{"asset": w.name(c.ID), "asset_id": c.ID})
		}
	}
	return out
}

func powered(a *hospital.Asset) bool {
	return a.Kind == hospital.Power || a.Kind == hospital.UPS
}

// farthest bounds the search for suppliers: a model deeper than this is not one
// that people maintain.
const farthest = 2000

// Upstream tells whether something that the asset rests on, directly or through
// others, satisfies is.
func Upstream(s *hospital.Snapshot, id string, is func(*hospital.Asset) bool) bool {
	seen := map[string]bool{id: true}
	for todo := []string{id}; len(todo) > 0 && len(seen) < farthest; todo = todo[1:] {
		for _, d := range s.In(todo[0]) {
			if d.Relation != hospital.Supplies && d.Relation != hospital.Hosts && d.Relation != hospital.Controls || seen[d.From] {
				continue
			}
			seen[d.From] = true
			if a, ok := s.Asset(d.From); ok && is(a) {
				return true
			}
			todo = append(todo, d.From)
		}
	}
	return false
}
