package hospital

import (
	"time"

	"warder/internal/flow"
)

// Snapshot is one version of the model, indexed and immutable. All its methods
// are cheap and may be called at the same time; what they return is not to be
// changed.
//
// Besides the dependencies that the model states, a snapshot has implied ones:
// a place hosts what is in it (parts included), and a place that is inside
// another is part of it. A dependency that goes both ways is two.
type Snapshot struct {
	version  string
	model    *Model // in normal form
	location *time.Location
	byID     map[string]int32
	known    map[flow.Identifier]int32
	out, in  edges
	within   contents
	site     []int32 // asset index -> index of its site; none when it has none
	building []int32
	floor    []int32
	room     []int32
	services []Asset
}

const none = int32(-1)

// Source gives the newest snapshot; Holder is the one in the program.
type Source interface {
	Snapshot() *Snapshot
}

// Version names the content: equal models have equal versions.
func (s *Snapshot) Version() string { return s.version }

// Name is the hospital's name.
func (s *Snapshot) Name() string { return s.model.Name }

// TimeZone is the IANA name of the zone of the hospital's sites.
func (s *Snapshot) TimeZone() string { return s.model.TimeZone }

// Location is the time zone of the hospital's sites.
func (s *Snapshot) Location() *time.Location { return s.location }

// Demo tells whether the model is made up, to be removed in one action.
func (s *Snapshot) Demo() bool { return s.model.Demo }

// Empty tells whether there is no model yet.
func (s *Snapshot) Empty() bool { return len(s.model.Assets) == 0 }

// Model is the model in normal form: what an export writes.
func (s *Snapshot) Model() *Model { return s.model }

// Asset finds an asset by its id, exactly as written.
func (s *Snapshot) Asset(id string) (*Asset, bool) {
	i, ok := s.byID[id]
	if !ok {
		return nil, false
	}
	return &s.model.Assets[i], true
}

// Assets lists all assets in the order of import.
func (s *Snapshot) Assets() []Asset { return s.model.Assets }

// Dependencies lists what the model states, in the order of import, without
// what is implied.
func (s *Snapshot) Dependencies() []Dependency { return s.model.Dependencies }

// Resolve finds the asset that carries an identifier, compared as Canonical says.
func (s *Snapshot) Resolve(id flow.Identifier) (*Asset, bool) {
	i, ok := s.known[Canonical(id)]
	if !ok {
		return nil, false
	}
	return &s.model.Assets[i], true
}

// Out lists the dependencies along which harm leaves an asset, stated and implied.
func (s *Snapshot) Out(id string) []Dependency {
	if i, ok := s.byID[id]; ok {
		return s.out.of(i)
	}
	return nil
}

// In lists the dependencies along which harm reaches an asset, stated and implied.
func (s *Snapshot) In(id string) []Dependency {
	if i, ok := s.byID[id]; ok {
		return s.in.of(i)
	}
	return nil
}

// PlaceOf is the id of the place that directly holds an asset; "" for none.
func (s *Snapshot) PlaceOf(id string) string {
	if i, ok := s.byID[id]; ok {
		return s.model.Assets[i].Place
	}
	return ""
}

// SiteOf is the id of the site that an asset is or is in; "" for none.
func (s *Snapshot) SiteOf(id string) string { return s.above(s.site, id) }

// BuildingOf is the id of the building that an asset is or is in; "" for none.
func (s *Snapshot) BuildingOf(id string) string { return s.above(s.building, id) }

// FloorOf is the id of the floor that an asset is or is in; "" for none.
func (s *Snapshot) FloorOf(id string) string { return s.above(s.floor, id) }

// RoomOf is the id of the room that an asset is or is in; "" for none.
func (s *Snapshot) RoomOf(id string) string { return s.above(s.room, id) }

func (s *Snapshot) above(level []int32, id string) string {
	i, ok := s.byID[id]
	if !ok || level[i] == none {
		return ""
	}
	return s.model.Assets[level[i]].ID
}

// Within lists the ids of what is directly inside a place, in the order of import.
func (s *Snapshot) Within(place string) []string {
	if i, ok := s.byID[place]; ok {
		return s.within.of(i)
	}
	return nil
}

// CareServices lists the assets of kind care-service in the order of import.
func (s *Snapshot) CareServices() []Asset { return s.services }

// Plans lists the floor plans in the order of import.
func (s *Snapshot) Plans() []Plan { return s.model.Plans }

// Plan finds a floor plan by its id.
func (s *Snapshot) Plan(id string) (*Plan, bool) {
	for i := range s.model.Plans {
		if s.model.Plans[i].ID == id {
			return &s.model.Plans[i], true
		}
	}
	return nil, false
}
