package hospital

import (
	"fmt"
	"time"

	"warder/internal/flow"
)

// block is a building that is being made.
type block struct {
	*campus
	id       string
	letter   string
	clinical *segment
	systems  *segment // doors, cameras, building automation
	panel    string   // name of its fire panel
}

// level is a floor that is being made.
type level struct {
	*block
	id         string
	number     int
	corridor   string
	board      string
	ups        string
	access     string // access switch
	controller string // door controller
	air        string
	points     int
}

// block makes a building with its wards and returns its ground corridor.
func (g *generator) block(c *campus, number, beds int) string {
	b := &block{campus: c, id: fmt.Sprintf("%s-b%d", c.id, number), letter: fmt.Sprintf("%s.%d", c.id, number)}
	b.panel = "FP-" + b.letter
	g.simple(b.id, Building, "Building "+b.letter, c.id, 4)
	b.clinical = g.segment(b.id+"-net-clinical", "Clinical network "+b.letter, b.id)
	b.systems = g.segment(b.id+"-net-systems", "Building systems network "+b.letter, b.id)
	for _, n := range []*segment{b.clinical, b.systems} {
		gate := g.add(Asset{ID: n.id + "-gate", Kind: Port, Name: "Gateway of " + n.id, Place: c.servers, Criticality: 4, Hub: true,
			Protections: []Protection{{Against: flow.ThreatScan, Degree: 0.7, Note: "segmentation"}}})
		g.open(c.core.id, gate)
		g.open(gate, n.id)
	}
	g.add(Asset{ID: b.id + "-fire-panel", Kind: Panel, Name: "Fire panel " + b.letter, Place: b.id, Criticality: 5,
		Identifiers: []flow.Identifier{{Kind: flow.ByPanel, Value: b.panel}}})
	lift := g.simple(b.id+"-lift", Lift, "Lift "+b.letter, b.id, 3)
	g.supply(c.board, lift, 0)
	ground := g.level(b, 0)
	entrance := ground.corridor
	wards := (beds + bedsOfWard - 1) / bedsOfWard
	var l *level
	for w := range wards {
		if w%wardsOfFloor == 0 {
			l = g.level(b, 1+w/wardsOfFloor)
			g.open(entrance, l.corridor)
			g.supply(lift, l.id, 0)
		}
		size := min(bedsOfWard, beds-w*bedsOfWard)
		g.ward(l, w%wardsOfFloor+1, size)
	}
	return entrance
}

// level makes a floor with its corridor, stair, electricity, air and switch.
func (g *generator) level(b *block, number int) *level {
	l := &level{block: b, id: fmt.Sprintf("%s-%d", b.id, number), number: number}
	name := fmt.Sprintf("Building %s, level %d", b.letter, number)
	g.simple(l.id, Floor, name, b.id, 3)
	l.corridor = g.room(l, "corridor", "Corridor", 3)
	stair := g.add(Asset{ID: l.id + "-stair", Kind: Room, Name: "Stair", Place: l.id, Criticality: 4, Tags: []string{"escape-route"}})
	g.open(l.corridor, stair)
	riser := g.room(l, "riser", "Electrical room", 4)
	g.open(l.corridor, riser)
	l.board = g.simple(l.id+"-board", Power, "Distribution board", riser, 4)
	g.supply(b.board, l.board, 0)
	l.ups = g.simple(l.id+"-ups", UPS, "Floor UPS", riser, 4)
	g.supply(l.board, l.ups, 30*time.Minute)
	l.access = g.add(Asset{ID: l.id + "-switch", Kind: Port, Name: "Access switch", Place: riser, Criticality: 4,
		Identifiers: []flow.Identifier{b.systems.address(), g.mac()}})
	g.supply(l.ups, l.access, 0)
	g.open(b.clinical.id, l.access)
	g.airHandling(l, riser)
	g.doorController(l, riser)
	g.camera(l, l.corridor)
	return l
}

func (g *generator) airHandling(l *level, riser string) {
	l.air = g.add(Asset{ID: l.id + "-air", Kind: HVAC, Name: "Air handling", Place: riser, Criticality: 3, Identifiers: []flow.Identifier{g.bacnet()}})
	g.supply(l.board, l.air, 0)
	g.supply(l.cooling, l.air, time.Hour)
	g.supply(l.air, l.id, 2*time.Hour)
	control := g.add(Asset{ID: l.id + "-air-control", Kind: Controller, Name: "Air handling controller", Place: riser, Criticality: 3,
		Identifiers: []flow.Identifier{g.bacnet(), l.systems.address()}, Attributes: map[string]string{"class": "building"}})
	g.link(control, l.air, Controls)
}

func (g *generator) bacnet() flow.Identifier {
	g.serial++
	return flow.Identifier{Kind: flow.ByBACnet, Value: fmt.Sprint(g.serial)}
}

// doorController makes the controller of the floor's doors, with the door to the stair.
func (g *generator) doorController(l *level, riser string) {
	l.controller = g.add(Asset{ID: l.id + "-doors", Kind: Controller, Name: "Door controller", Place: riser, Criticality: 4,
		Identifiers: []flow.Identifier{l.systems.address(), g.mac()}})
	g.supply(l.ups, l.controller, 0)
	g.supply(l.rights, l.controller, 12*time.Hour)
	g.door(l, "stair", "Stair door", l.corridor, l.id+"-stair")
}

// door makes a controlled door between two rooms, with its reader.
func (g *generator) door(l *level, id, name, from, to string) string {
	door := g.add(Asset{ID: l.id + "-door-" + id, Kind: Door, Name: name, Place: from, Criticality: 3,
		Identifiers: []flow.Identifier{{Kind: flow.ByDoor, Value: "D-" + l.id + "-" + id}},
		Protections: []Protection{{Against: flow.ThreatIntruder, Degree: 0.8}, {Against: flow.ThreatFire, Degree: 0.5, Note: "30-minute door"}}})
	reader := g.add(Asset{ID: l.id + "-reader-" + id, Kind: BadgeReader, Name: "Reader of " + name, Place: from, Criticality: 2,
		Identifiers: []flow.Identifier{{Kind: flow.ByReader, Value: "R-" + l.id + "-" + id}}})
	g.link(reader, l.controller, Supplies)
	g.link(l.controller, door, Controls)
	g.open(from, door)
	g.open(door, to)
	return door
}

func (g *generator) camera(l *level, room string) {
	id := room + "-camera"
	camera := g.add(Asset{ID: id, Kind: Camera, Name: "Camera", Place: room, Criticality: 2,
		Identifiers: []flow.Identifier{{Kind: flow.ByCamera, Value: id}, l.systems.address()}})
	g.supply(l.access, camera, 0)
}

// room makes a room with its smoke detector.
func (g *generator) room(l *level, id, name string, criticality int) string {
	l.points++
	room := g.add(Asset{ID: l.id + "-" + id, Kind: Room, Name: name, Place: l.id, Criticality: criticality})
	g.add(Asset{ID: room + "-smoke", Kind: Sensor, Name: "Smoke detector", Place: room, Criticality: 2,
		Identifiers: []flow.Identifier{{Kind: flow.ByPoint, Value: fmt.Sprintf("%s/%d-%03d", l.panel, l.number, l.points)}}})
	return room
}
