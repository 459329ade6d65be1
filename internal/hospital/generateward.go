package hospital

import (
	"fmt"
	"time"

	"warder/internal/flow"
)

// wardKind is what a ward treats, and what stands at its beds.
type wardKind struct {
	name        string
	criticality int
	atBed       []device
	perRoom     int // beds
	tags        []string
}

// device is a medical device that stands at some beds.
type device struct {
	name        string
	percent     int // of beds that have one
	criticality int
	oxygen      bool
}

func wardKinds() []wardKind {
	monitor := device{"Bedside monitor", 100, 4, false}
	pump := device{"Infusion pump", 100, 4, false}
	second := device{"Syringe pump", 60, 4, false}
	return []wardKind{
		{"Medicine", 3, []device{{"Infusion pump", 60, 3, false}, {"Bedside monitor", 20, 3, false}, {"Bed", 50, 2, false}}, 2, nil},
		{"Surgery", 4, []device{pump, {"Bedside monitor", 40, 4, false}, {"Bed", 50, 2, false}}, 2, nil},
		{"Intensive care", 5, []device{monitor, pump, second, {"Ventilator", 70, 5, true}, {"Dialysis machine", 15, 5, false}}, 1, []string{"life-support"}},
		{"Cardiology", 4, []device{{"Telemetry monitor", 70, 4, false}, {"Infusion pump", 60, 4, false}}, 2, nil},
		{"Geriatrics", 3, []device{{"Bed", 60, 2, false}, {"Infusion pump", 30, 3, false}}, 2, nil},
		{"Maternity", 4, []device{{"Cardiotocograph", 40, 4, false}, {"Incubator", 15, 5, true}}, 1, nil},
		{"Paediatrics", 4, []device{{"Bedside monitor", 50, 4, false}, {"Infusion pump", 60, 4, false}}, 2, nil},
		{"Oncology", 4, []device{pump, {"Bed", 50, 2, false}}, 2, nil},
	}
}

// ward makes a ward of a floor with its rooms, devices, people and service.
func (g *generator) ward(l *level, number, beds int) {
	kinds := wardKinds()
	kind := kinds[g.rng.IntN(len(kinds))]
	id := fmt.Sprintf("w%d", number)
	hall := g.room(l, id, kind.name+" ward", kind.criticality)
	g.door(l, id, "Door of the "+kind.name+" ward", l.corridor, hall)
	care := g.add(Asset{ID: l.id + "-" + id + "-care", Kind: CareService, Name: fmt.Sprintf("%s %s%d%d", kind.name, l.letter, l.number, number),
		Place: hall, Criticality: kind.criticality, Beds: beds, Tags: kind.tags})
	g.wardNeeds(l, hall, care, kind)
	g.wardStation(l, id, hall, care)
	for bed, room := 0, ""; bed < beds; bed++ {
		if bed%kind.perRoom == 0 {
			room = g.room(l, fmt.Sprintf("%s-r%d", id, bed/kind.perRoom+1), "Patient room", kind.criticality)
			g.open(hall, room)
			g.link(room, care, PartOf)
			g.patientRoom(l, room)
		}
		g.bed(l, kind, room, bed+1, care)
	}
}

// patientRoom makes what every patient room has.
func (g *generator) patientRoom(l *level, room string) {
	call := g.simple(room+"-call", Telephony, "Nurse call", room, 3)
	g.supply(l.ups, call, 0)
	g.add(Asset{ID: room + "-climate", Kind: Sensor, Name: "Climate sensor", Place: room, Criticality: 1,
		Identifiers: []flow.Identifier{{Kind: flow.BySensor, Value: room + "-climate"}}})
	g.link(l.air, room, Supplies)
}

func (g *generator) wardNeeds(l *level, hall, care string, kind wardKind) {
	g.redundant(care, "power", 1, 0, l.board, l.ups)
	g.supply(l.records, care, time.Hour)
	g.supply(l.pbx, care, 30*time.Minute)
	g.supply(l.water, care, 4*time.Hour)
	if kind.criticality >= 4 {
		g.supply(l.oxygen, care, time.Duration(10+g.rng.IntN(50))*time.Minute)
	}
	nurses := g.simple(hall+"-nurses", StaffGroup, "Nurses", hall, 4)
	doctors := g.simple(hall+"-doctors", StaffGroup, "Doctors", hall, 4)
	g.supply(nurses, care, 15*time.Minute)
	g.supply(doctors, care, time.Hour)
}

// wardStation makes the nurses' station and the locked room of the drugs.
func (g *generator) wardStation(l *level, id, hall, care string) {
	station := g.room(l, id+"-station", "Nurses' station", 4)
	g.open(hall, station)
	for n := range 2 + g.rng.IntN(3) {
		name := fmt.Sprintf("%s-%s-pc%d", l.id, id, n+1)
		pc := g.add(Asset{ID: name, Kind: Host, Name: "Workstation", Place: station, Criticality: 2,
			Identifiers: []flow.Identifier{{Kind: flow.ByHostname, Value: name}, l.clinical.address(), g.mac()}})
		g.supply(l.access, pc, 0)
		g.supply(l.board, pc, 0)
		g.redundant(care, "workstations", 1, 30*time.Minute, pc)
	}
	drugs := g.room(l, id+"-drugs", "Drug room", 4)
	g.door(l, id+"-drugs", "Drug room door", hall, drugs)
	stock := g.simple(drugs+"-stock", Stock, "Ward drugs", drugs, 4)
	g.supply(stock, care, 6*time.Hour)
	g.add(Asset{ID: drugs + "-climate", Kind: Sensor, Name: "Temperature sensor", Place: drugs, Criticality: 2,
		Identifiers: []flow.Identifier{{Kind: flow.BySensor, Value: drugs + "-climate"}}})
	if g.chance(50) {
		g.camera(l, hall)
	}
}

func (g *generator) bed(l *level, kind wardKind, room string, bed int, care string) {
	for n, d := range kind.atBed {
		if !g.chance(d.percent) {
			continue
		}
		id := fmt.Sprintf("%s-bed%d-%d", room, bed, n+1)
		device := g.add(Asset{ID: id, Kind: MedicalDevice, Name: d.name, Place: room, Criticality: d.criticality, Tags: kind.tags,
			Owner:       g.pick("Biomedical engineering", "Biomedical engineering", "Ward"),
			Identifiers: []flow.Identifier{l.clinical.address(), g.mac(), g.serialNumber()}})
		g.supply(l.board, device, time.Duration(g.rng.IntN(4))*30*time.Minute)
		g.supply(l.access, device, 0)
		if d.oxygen {
			g.supply(l.oxygen, device, 20*time.Minute)
		}
		if d.criticality == 5 {
			g.supply(device, care, 0)
		}
	}
}
