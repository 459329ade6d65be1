package correlate

import (
	"cmp"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// threatened lists the assets that an alert puts its threat on: its targets; if
// it names none, the smallest place; if it names none either, the observer.
func threatened(m *hospital.Snapshot, a *flow.Alert) []string {
	var targets []string
	for _, ref := range a.Assets {
		if ref.Role == flow.RoleTarget {
			targets = append(targets, ref.ID)
		}
	}
	if len(targets) > 0 {
		return targets
	}
	if place := smallest(m, a.Assets); place != "" {
		return []string{place}
	}
	for _, ref := range a.Assets {
		if ref.Role == flow.RoleObserver || ref.Role == flow.RoleOrigin {
			return []string{ref.ID}
		}
	}
	return nil
}

// smallest finds the narrowest place among the references: a room before a
// floor before a building before a site.
func smallest(m *hospital.Snapshot, refs []flow.AssetRef) string {
	best, size := "", 0
	for _, ref := range refs {
		if ref.Role != flow.RolePlace {
			continue
		}
		a, ok := m.Asset(ref.ID)
		if !ok {
			continue
		}
		if w := width(a.Kind); best == "" || w < size {
			best, size = ref.ID, w
		}
	}
	return best
}

func width(k hospital.Kind) int {
	switch k {
	case hospital.Room:
		return 1
	case hospital.Zone:
		return 2
	case hospital.Floor:
		return 3
	case hospital.Building:
		return 4
	case hospital.Site:
		return 5
	}
	return 0
}

// placeOf finds where an alert is: the room, else the floor, else the building
// of what it names.
func placeOf(m *hospital.Snapshot, a *flow.Alert) string {
	var floor, building string
	look := func(id string) string {
		floor = cmp.Or(floor, m.FloorOf(id))
		building = cmp.Or(building, m.BuildingOf(id))
		return m.RoomOf(id)
	}
	for _, role := range []flow.Role{flow.RoleTarget, flow.RolePlace, flow.RoleObserver, flow.RoleOrigin} {
		for _, ref := range a.Assets {
			if ref.Role != role {
				continue
			}
			if room := look(ref.ID); room != "" {
				return room
			}
		}
	}
	return cmp.Or(floor, building)
}

func siteOf(m *hospital.Snapshot, a *flow.Alert) string {
	for _, ref := range a.Assets {
		if site := m.SiteOf(ref.ID); site != "" {
			return site
		}
	}
	return a.Site
}
