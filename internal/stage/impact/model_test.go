package impact

import (
	"fmt"
	"slices"
	"strings"

	"warder/internal/hospital"
)

// snapshotOf makes a snapshot of a model that says only what a test is about: it
// is given a site, a building and a floor, and controllers a door, because the
// importer's rules ask for them.
func snapshotOf(m *hospital.Model) *hospital.Snapshot {
	m.Assets = append(m.Assets,
		hospital.Asset{ID: "zz-site", Kind: hospital.Site, Name: "site"},
		hospital.Asset{ID: "zz-building", Kind: hospital.Building, Name: "building", Place: "zz-site"},
		hospital.Asset{ID: "zz-floor", Kind: hospital.Floor, Name: "floor", Place: "zz-building"},
		hospital.Asset{ID: "zz-door", Kind: hospital.Door, Name: "door", Place: "zz-floor"},
	)
	for i := range m.Assets {
		a := &m.Assets[i]
		if a.Place == "" {
			switch a.Kind {
			case hospital.Room, hospital.Zone, hospital.Door:
				a.Place = "zz-floor"
			case hospital.Floor:
				a.Place = "zz-building"
			case hospital.Building:
				a.Place = "zz-site"
			}
		}
		if a.Kind == hospital.Controller {
			m.Dependencies = append(m.Dependencies, hospital.Dependency{From: a.ID, To: "zz-door", Relation: hospital.Controls})
		}
	}
	s, problems := hospital.Build(m)
	if len(problems) > 0 {
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		slices.Sort(all)
		panic(fmt.Sprintf("test model: %s", strings.Join(all, "\n")))
	}
	return s
}
