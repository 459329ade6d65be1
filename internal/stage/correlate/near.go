package correlate

import (
	"cmp"
	"slices"

	"warder/internal/hospital"
)

// neighbour is an asset close to one that an alert names.
type neighbour struct {
	asset    string
	of       string // the alert's asset
	distance int    // steps in the model; 0 in the same room, 1 in adjoining rooms
}

// joins tells whether sharing this asset means sharing a story: hubs and what is
// as wide as a floor, a network or a whole care service are shared by everything.
func joins(a *hospital.Asset) bool { return !a.Hub && !wide(a.Kind) }

func wide(k hospital.Kind) bool {
	switch k {
	case hospital.Site, hospital.Building, hospital.Floor, hospital.Zone, hospital.Network,
		hospital.CareService, hospital.StaffGroup:
		return true
	}
	return false
}

// vicinity lists what is near an asset over leads-to, hosts, supplies and
// controls in either direction, nearest first. Nothing is found across a hub, a
// wide asset, or one with too many neighbours.
func (l Limits) vicinity(s *hospital.Snapshot, id string) []neighbour {
	distance := map[string]int{id: 0}
	var found []neighbour
	for layer, d := []string{id}, 1; d <= l.Hops && len(layer) > 0; d++ {
		var next []string
		for _, from := range layer {
			for _, to := range l.across(s, from) {
				if _, seen := distance[to]; seen || len(found) >= l.Reached {
					continue
				}
				distance[to] = d
				found = append(found, neighbour{asset: to, of: id, distance: d})
				next = append(next, to)
			}
		}
		layer = next
	}
	return found
}

// across lists an asset's direct neighbours; none for what must not be crossed.
func (l Limits) across(s *hospital.Snapshot, id string) []string {
	a, ok := s.Asset(id)
	if !ok || !joins(a) {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	add := func(to string, r hospital.Relation) {
		if r == hospital.PartOf || seen[to] {
			return
		}
		seen[to] = true
		if b, ok := s.Asset(to); ok && joins(b) {
			out = append(out, to)
		}
	}
	for _, d := range s.Out(id) {
		add(d.To, d.Relation)
	}
	for _, d := range s.In(id) {
		add(d.From, d.Relation)
	}
	if len(seen) > l.Fan {
		return nil
	}
	return out
}

// adjoining lists the rooms that one steps into from a room, directly or through
// one door.
func adjoining(s *hospital.Snapshot, room string) []string {
	var rooms []string
	step := func(id string) []string {
		var ids []string
		for _, d := range s.Out(id) {
			if d.Relation == hospital.LeadsTo {
				ids = append(ids, d.To)
			}
		}
		for _, d := range s.In(id) {
			if d.Relation == hospital.LeadsTo {
				ids = append(ids, d.From)
			}
		}
		return ids
	}
	add := func(id string) {
		if a, ok := s.Asset(id); ok && a.Kind == hospital.Room && !a.Hub && id != room && !slices.Contains(rooms, id) {
			rooms = append(rooms, id)
		}
	}
	for _, id := range step(room) {
		add(id)
		if a, ok := s.Asset(id); ok && a.Kind == hospital.Door && !a.Hub {
			for _, beyond := range step(id) {
				add(beyond)
			}
		}
	}
	return rooms
}

func byDistance(a, b neighbour) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.asset, b.asset), cmp.Compare(a.of, b.of))
}
