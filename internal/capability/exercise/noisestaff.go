package exercise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// gate is a door with its reader.
type gate struct {
	door, reader string
	code         bool // opened by a code, whose number is not that of the badge
	guarded      bool // people have a reason for each visit there
	floor        string
}

// worker is somebody with a badge: at home on one floor, never elsewhere, so
// that nobody seems to be in two places.
type worker struct {
	person   string
	badge    string
	from, to int // hours of the shift; to may lie in the next day
}

// gates lists, by building, the doors that have a reader.
func (q *quiet) gates() (buildings []string, byBuilding map[string][]gate) {
	byBuilding = map[string][]gate{}
	for _, reader := range q.each(hospital.BadgeReader, flow.ByReader) {
		building := q.snap.BuildingOf(reader.ID)
		for _, id := range q.snap.Within(reader.Place) {
			door, ok := q.snap.Asset(id)
			if !ok || door.Kind != hospital.Door || named(door, flow.ByDoor) == "" {
				continue
			}
			if byBuilding[building] == nil {
				buildings = append(buildings, building)
			}
			byBuilding[building] = append(byBuilding[building], gate{
				door: named(door, flow.ByDoor), reader: named(reader, flow.ByReader), floor: q.snap.FloorOf(reader.ID),
				code: slices.Contains(door.Tags, "code"), guarded: q.placeTag(reader, "sensitive") || q.placeTag(reader, "technical"),
			})
			break
		}
	}
	return buildings, byBuilding
}

// hire makes somebody whose name and number nobody else has.
func (q *quiet) hire() worker {
	number := q.hired
	q.hired++
	surnames := []string{
		"martin", "bernard", "petit", "robert", "richard", "durand", "dubois", "leroy", "simon", "laurent", "lefebvre", "michel",
		"roux", "fournier", "girard", "bonnet", "dupont", "lambert", "fontaine", "rousseau", "vincent", "muller", "lefevre", "faure",
		"andre", "mercier", "blanc", "guerin", "boyer", "chevalier", "francois", "legrand", "gauthier", "perrin", "robin", "clement",
		"morin", "nicolas", "henry", "roussel",
	}
	initials := "abdefghijlmnoprstv"
	shifts := [][2]int{{6, 14}, {13, 21}, {8, 17}, {8, 17}, {20, 30}}
	shift := shifts[number%len(shifts)]
	name := fmt.Sprintf("%c.%s", initials[number/len(surnames)%len(initials)], surnames[number%len(surnames)])
	if lap := number / (len(surnames) * len(initials)); lap > 0 {
		name += fmt.Sprint(lap + 1)
	}
	return worker{person: name, badge: fmt.Sprint(3000 + number), from: shift[0], to: shift[1]}
}

// onDuty tells whether an hour of the play lies in the shift.
func (w worker) onDuty(hour int) bool {
	h := hour % 24
	return h >= w.from && h < w.to || h+24 < w.to
}

// staff are two workers for each door that has a reader.
func (q *quiet) staff() []actor {
	buildings, gates := q.gates()
	var actors []actor
	for _, building := range buildings {
		for i := range gates[building] {
			near := neighbours(gates[building], i)
			actors = append(actors, q.badging(q.hire(), near), q.badging(q.hire(), near))
		}
	}
	return actors
}

// neighbours are up to three gates on the floor of the i-th, itself first.
func neighbours(all []gate, i int) []gate {
	near := []gate{all[i]}
	for step := 1; step < len(all) && len(near) < 3; step++ {
		if g := all[(i+step)%len(all)]; g.floor == all[i].floor {
			near = append(near, g)
		}
	}
	return near
}

// badging is a worker who goes through doors now and then.
func (q *quiet) badging(w worker, near []gate) actor {
	rng := q.rng("staff " + w.badge)
	// A visit takes less than the gap, so that one person's visits never overlap.
	const gap = 5 * time.Minute
	last := -gap
	return func(hour int, add func(Record)) {
		if !w.onDuty(hour) {
			return
		}
		for _, at := range moments(rng, hour, 3, gap) {
			if at-last < gap { // the one before the hour struck
				continue
			}
			last = at
			g := near[rng.IntN(len(near))]
			badge := "B" + w.badge
			if g.code {
				badge = "C-" + w.badge
			}
			if rng.IntN(300) == 0 {
				add(access(at, "badge.denied", g, badge, w.person, "Accès refusé"))
				at += between(rng, 4*time.Second, 9*time.Second)
			}
			add(access(at, "badge.granted", g, badge, w.person, "Accès accordé"))
			at += between(rng, time.Second, 3*time.Second)
			add(access(at, "door.opened", g, "", "", "Porte ouverte"))
			if !g.guarded && rng.IntN(350) == 0 {
				// Held for a colleague with a bed, and let go.
				at += between(rng, 35*time.Second, 50*time.Second)
				add(access(at, "door.held", g, "", "", "Porte maintenue ouverte"))
			}
			at += between(rng, 4*time.Second, 12*time.Second)
			add(access(at, "door.closed", g, "", "", "Porte fermée"))
		}
	}
}

func access(at time.Duration, event string, g gate, badge, person, text string) Record {
	data := fmt.Sprintf("[access@32473 event=%q door=%q", event, g.door)
	if badge != "" {
		data += fmt.Sprintf(" reader=%q badge=%q person=%q", g.reader, badge, person)
	}
	id := strings.ToUpper(strings.ReplaceAll(event, ".", "-"))
	return syslogRecord(at, 134, "srv-access", "access", "811", id, data+"]", text)
}
