package correlate

import (
	"maps"
	"slices"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// Keys by which alerts and incidents find each other.
const (
	keyAsset  = "asset:"
	keyActor  = "actor:"
	keyRoom   = "room:"
	keySource = "source:" // for alerts about Warder's own health
)

// sighting is an alert with what it can be joined by.
type sighting struct {
	alert flow.Alert
	// strong keys join on their own: shared assets and actors, or for health
	// alerts the source. They are also what the alert leaves behind.
	strong []string
	rooms  []string             // keys of the rooms that it is in
	near   map[string]neighbour // key -> what is there
}

func (s *sighting) health() bool { return s.alert.Detector == "health" }

// recovery tells good news about Warder's own health: a source speaks again.
func (s *sighting) recovery() bool { return s.health() && s.alert.Severity == flow.SeverityInfo }

func (s *sighting) quiet() bool {
	return s.alert.Severity.Rank() <= flow.SeverityLow.Rank() && !s.health()
}

// traces is what an incident is found by after the alert joined it.
func (s *sighting) traces() []string { return append(slices.Clone(s.strong), s.rooms...) }

// keys is everything by which an incident could be found.
func (s *sighting) keys() []string {
	keys := map[string]bool{}
	for _, k := range s.strong {
		keys[k] = true
	}
	if !s.quiet() {
		for k := range s.near {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// look reads an alert against the model.
func (l Limits) look(m *hospital.Snapshot, a flow.Alert) *sighting {
	s := &sighting{alert: a, near: map[string]neighbour{}}
	if s.health() {
		s.strong = []string{keySource + a.Source}
		return s
	}
	for _, ref := range a.Assets {
		if asset, ok := m.Asset(ref.ID); ok {
			l.lookAt(m, s, asset, ref.Role)
		}
	}
	for _, actor := range a.Actors {
		if k, ok := actorKey(m, actor); ok && !slices.Contains(s.strong, keyActor+k) {
			s.strong = append(s.strong, keyActor+k)
		}
	}
	slices.Sort(s.strong)
	slices.Sort(s.rooms)
	return s
}

func (l Limits) lookAt(m *hospital.Snapshot, s *sighting, a *hospital.Asset, role flow.Role) {
	if !joins(a) {
		return
	}
	if role == flow.RolePlace && a.Kind == hospital.Room {
		s.inRoom(m, a.ID, a.ID)
		l.around(m, s, a.ID)
		return
	}
	if role == flow.RoleObserver && !watchesOnePlace(a.Kind) {
		return
	}
	if k := keyAsset + a.ID; !slices.Contains(s.strong, k) {
		s.strong = append(s.strong, k)
	}
	if room := m.RoomOf(a.ID); room != "" {
		s.inRoom(m, room, a.ID)
	}
	l.around(m, s, a.ID)
}

// around makes near what the model knows to be close. A room that is close is
// found both by alerts about it and by alerts from within.
func (l Limits) around(m *hospital.Snapshot, s *sighting, id string) {
	for _, n := range l.vicinity(m, id) {
		s.nearby(keyAsset+n.asset, n)
		if a, ok := m.Asset(n.asset); ok && a.Kind == hospital.Room {
			s.nearby(keyRoom+n.asset, n)
		}
	}
}

// watchesOnePlace tells observers whose view is a story's place from those, such
// as a panel or a firewall, through which all stories of a building pass.
func watchesOnePlace(k hospital.Kind) bool {
	return k == hospital.Camera || k == hospital.BadgeReader || k == hospital.Sensor
}

// inRoom makes everything in the room and in the adjoining ones near. A room
// that is a hub, such as the main corridor, makes nothing near.
func (s *sighting) inRoom(m *hospital.Snapshot, room, of string) {
	if r, ok := m.Asset(room); !ok || r.Hub {
		return
	}
	if k := keyRoom + room; !slices.Contains(s.rooms, k) {
		s.rooms = append(s.rooms, k)
	}
	s.nearby(keyRoom+room, neighbour{asset: room, of: of, distance: 0})
	for _, next := range adjoining(m, room) {
		s.nearby(keyRoom+next, neighbour{asset: next, of: of, distance: 1})
	}
}

func (s *sighting) nearby(key string, n neighbour) {
	if before, ok := s.near[key]; !ok || byDistance(n, before) < 0 {
		s.near[key] = n
	}
}
