package hospital

import (
	"fmt"
	"time"

	"warder/internal/flow"
)

// campus is a site that is being made, with what its buildings draw on.
type campus struct {
	id       string
	core     *segment
	board    string // main distribution board
	oxygen   string
	water    string
	cooling  string
	pbx      string
	records  string // application: patient records
	schedule string // application: scheduling
	rights   string // data: who may open which door
	badges   string // application: access control
	guards   string // staff
	plant    string // room
	servers  string // room
}

func (g *generator) campus(n, beds int) {
	c := &campus{id: fmt.Sprintf("s%d", n)}
	g.simple(c.id, Site, fmt.Sprintf("Site %d", n), "", 5)
	g.technical(c)
	g.utilities(c)
	g.computing(c)
	number := 1
	var joined string
	for left := beds; left > 0; number++ {
		size := min(left, bedsOfBlock)
		corridor := g.block(c, number, size)
		if joined != "" {
			g.open(joined, corridor) // dense sites have bridges between their buildings
		}
		joined = corridor
		left -= size
	}
	g.services(c, joined)
}

// technical makes the building that holds plant and servers.
func (g *generator) technical(c *campus) {
	b := g.simple(c.id+"-t", Building, "Technical centre", c.id, 5)
	f := g.simple(b+"-0", Floor, "Technical centre, level 0", b, 4)
	corridor := g.simple(f+"-corridor", Room, "Corridor", f, 2)
	c.plant = g.simple(f+"-plant", Room, "Plant room", f, 5)
	c.servers = g.simple(f+"-servers", Room, "Server room", f, 5)
	g.open(corridor, c.plant)
	g.open(corridor, c.servers)
}

func (g *generator) utilities(c *campus) {
	id := func(s string) string { return c.id + "-" + s }
	c.board = g.simple(id("board"), Power, "Main distribution board", c.plant, 5)
	sources := []string{
		g.simple(id("feed-a"), Power, "Grid feed A", c.plant, 4),
		g.simple(id("feed-b"), Power, "Grid feed B", c.plant, 4),
		g.simple(id("genset-1"), Power, "Generator 1", c.plant, 4),
		g.simple(id("genset-2"), Power, "Generator 2", c.plant, 4),
	}
	g.redundant(c.board, "power", 1, 0, sources...)
	c.oxygen = g.simple(id("oxygen"), MedicalGas, "Oxygen plant", c.plant, 5)
	g.supply(g.simple(id("oxygen-tank"), MedicalGas, "Liquid oxygen tank", c.id, 5), c.oxygen, 48*time.Hour)
	c.water = g.simple(id("water"), Water, "Drinking water station", c.plant, 4)
	c.cooling = g.simple(id("cooling"), HVAC, "Chilled water", c.plant, 4)
	chillers := make([]string, 3)
	for i := range chillers {
		chillers[i] = g.simple(fmt.Sprintf("%s-chiller-%d", c.id, i+1), HVAC, fmt.Sprintf("Chiller %d", i+1), c.plant, 3)
		g.supply(c.board, chillers[i], 0)
	}
	g.redundant(c.cooling, "chillers", 2, 30*time.Minute, chillers...)
	c.pbx = g.simple(id("pbx"), Telephony, "Telephone exchange", c.servers, 5)
	g.supply(c.board, c.pbx, 4*time.Hour)
}

// computing makes the server room: networks, servers, applications and data.
func (g *generator) computing(c *campus) {
	id := func(s string) string { return c.id + "-" + s }
	c.core = g.segment(id("net-core"), "Core network", c.id)
	firewall := g.add(Asset{ID: id("firewall"), Kind: Port, Name: "Perimeter firewall", Place: c.servers, Criticality: 5, Hub: true,
		Identifiers: []flow.Identifier{c.core.address()},
		Protections: []Protection{{Against: flow.ThreatScan, Degree: 1, Note: "segmentation"}, {Against: flow.ThreatMalware, Degree: 0.6}}})
	g.open(firewall, c.core.id)
	ups := g.simple(id("ups"), UPS, "Server room UPS", c.servers, 5)
	g.supply(c.board, ups, 30*time.Minute)
	server := func(name, does string, criticality int) string {
		host := g.add(Asset{ID: id("srv-" + name), Kind: Host, Name: "Server " + name, Place: c.servers, Criticality: criticality,
			Hub:         name == "directory",
			Identifiers: []flow.Identifier{{Kind: flow.ByHostname, Value: id("srv-" + name)}, c.core.address(), g.mac()}})
		g.supply(ups, host, 0)
		g.link(c.core.id, host, Supplies)
		app := g.add(Asset{ID: id("app-" + name), Kind: Application, Name: does, Criticality: criticality,
			Identifiers: []flow.Identifier{{Kind: flow.ByService, Value: id(name)}}})
		g.link(host, app, Hosts)
		return app
	}
	c.records = server("records", "Patient records", 5)
	c.schedule = server("schedule", "Scheduling", 4)
	c.badges = server("badges", "Access control", 4)
	server("directory", "Directory and sign-in", 5)
	server("mail", "Mail", 3)
	server("pacs", "Image archive", 4)
	server("lis", "Laboratory system", 4)
	data := g.add(Asset{ID: id("data-records"), Kind: Data, Name: "Patient data", Criticality: 5, Attributes: map[string]string{"class": "patient"}})
	g.link(c.records, data, Hosts)
	c.rights = g.add(Asset{ID: id("data-rights"), Kind: Data, Name: "Access rights", Criticality: 4, Attributes: map[string]string{"class": "operating"}})
	g.link(c.badges, c.rights, Hosts)
	c.guards = g.simple(id("guards"), StaffGroup, "Guards", c.id, 4)
}

// services makes what the site gives as a whole, in and off its last building.
func (g *generator) services(c *campus, corridor string) {
	reception := g.simple(c.id+"-reception", Operation, "Reception and appointments", c.id, 4)
	g.supply(c.schedule, reception, 15*time.Minute)
	for _, s := range []struct {
		id, name string
		beds     int
		tags     []string
		needs    []string
	}{
		{"emergency", "Emergency department", 12, []string{"emergency"}, []string{c.pbx, c.records, c.oxygen, c.board}},
		{"theatres", "Operating theatres", 6, []string{"theatre"}, []string{c.oxygen, c.cooling, c.board}},
		{"imaging", "Imaging", 0, nil, []string{c.id + "-app-pacs", c.board, c.cooling}},
		{"laboratory", "Laboratory", 0, nil, []string{c.id + "-app-lis", c.water, c.board}},
		{"pharmacy", "Pharmacy", 0, []string{"pharmacy"}, []string{c.schedule, c.board}},
		{"outpatients", "Outpatient clinic", 0, nil, []string{reception, c.records}},
	} {
		room := g.simple(c.id+"-"+s.id+"-room", Room, s.name, c.id+"-b1-0", 4)
		g.open(corridor, room)
		care := g.add(Asset{ID: c.id + "-" + s.id, Kind: CareService, Name: s.name, Place: room, Criticality: 5, Beds: s.beds, Tags: s.tags})
		for _, need := range s.needs {
			g.supply(need, care, time.Duration(g.rng.IntN(8))*15*time.Minute)
		}
	}
	g.pharmacy(c)
}

func (g *generator) pharmacy(c *campus) {
	room := c.id + "-pharmacy-room"
	freezer := g.simple(c.id+"-freezer", Equipment, "Vaccine freezer", room, 4)
	g.supply(c.board, freezer, 4*time.Hour)
	stock := g.simple(c.id+"-vaccines", Stock, "Vaccines", freezer, 4)
	g.link(stock, c.id+"-pharmacy", Supplies)
	g.add(Asset{ID: c.id + "-freezer-probe", Kind: Sensor, Name: "Freezer probe", Place: room, Criticality: 3,
		Identifiers: []flow.Identifier{{Kind: flow.BySensor, Value: c.id + "-freezer-probe"}}})
}
