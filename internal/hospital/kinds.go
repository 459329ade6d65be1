package hospital

import "slices"

// KindInfo documents a kind of asset.
type KindInfo struct {
	Kind Kind
	Is   string
	// In lists the kinds that may hold it as its place; none for a kind that
	// stands in nothing.
	In []Kind
	// Placed says that it must have a place.
	Placed bool
}

// KindTable documents every kind, in the order of the reference page.
func KindTable() []KindInfo {
	places := []Kind{Site, Building, Floor, Room, Zone}
	stands := append(slices.Clone(places), Equipment)
	runs := append(slices.Clone(stands), Host, MedicalDevice)
	return []KindInfo{
		{Site, "one location of the hospital", nil, false},
		{Building, "a building or pavilion; a complex building holds others", []Kind{Site, Building}, true},
		{Floor, "a floor of a building", []Kind{Building}, true},
		{Room, "a room, corridor, stair, shaft or outdoor area", []Kind{Floor, Building, Zone, Room, Site}, true},
		{Zone, "rooms that share something: a fire compartment, a security zone", []Kind{Site, Building, Floor}, true},
		{Door, "an access point between places", places, true},
		{Network, "a network or network segment", []Kind{Site, Building, Floor, Zone}, false},
		{Port, "a network's access point: firewall, switch, switch port, wireless access point", append(slices.Clone(stands), Network), false},
		{Host, "a computer, physical or virtual", append(slices.Clone(stands), Host), false},
		{Application, "software that people or other systems use", runs, false},
		{Data, "a body of data; attribute class is operating or patient", append(slices.Clone(runs), Application), false},
		{HVAC, "heating, ventilation, air treatment, cooling", stands, false},
		{Lift, "a lift", places, false},
		{Panel, "a fire, intrusion, nurse-call or building panel", stands, false},
		{Controller, "a controller of doors or ports, or (attribute class: building) of building devices", stands, false},
		{Camera, "a camera; its place is the room that it watches", stands, false},
		{BadgeReader, "a badge reader", append(slices.Clone(stands), Door), false},
		{Sensor, "a sensor of a physical quantity", append(slices.Clone(stands), Door), false},
		{MedicalDevice, "a device that diagnoses, treats or watches patients", stands, false},
		{Equipment, "what is neither a medical nor a building device: freezers, sterilisers, racks", stands, false},
		{Power, "a source or board of electricity: feed, transformer, generator, distribution board", stands, false},
		{UPS, "an uninterruptible power supply", stands, false},
		{MedicalGas, "a source or station of medical gas", stands, false},
		{Water, "a source or station of water, steam or waste water", stands, false},
		{Telephony, "telephones, paging, radio", stands, false},
		{StaffGroup, "people by what they do; never single persons", places, false},
		{Stock, "what is kept: vaccines, drugs, blood", stands, false},
		{CareService, "what patients get: emergency department, theatres, intensive care, laboratory", places, false},
		{Operation, "a business operation that care rests on: reception, scheduling, access control", places, false},
	}
}

// Kinds lists every kind, in the order of KindTable.
func Kinds() []Kind {
	table := KindTable()
	kinds := make([]Kind, len(table))
	for i, k := range table {
		kinds[i] = k.Kind
	}
	return kinds
}

// RelationInfo documents a relation.
type RelationInfo struct {
	Relation Relation
	Says     string
	Example  string
}

// RelationTable documents every relation, in the order of the reference page.
func RelationTable() []RelationInfo {
	return []RelationInfo{
		{Supplies, "from a supplier to what depends on it", "telephony supplies the emergency-call service"},
		{LeadsTo, "from a place to a place or an access point; the one relation that may go both ways", "a corridor leads to a room"},
		{Hosts, "from a host or place to what it holds; implied by every place", "a server hosts an application"},
		{Controls, "from a controller to an access point or device", "a door controller controls a door"},
		{PartOf, "from a part to the whole; implied between places", "a room is part of a floor"},
	}
}

// Relations lists every relation, in the order of RelationTable.
func Relations() []Relation {
	table := RelationTable()
	relations := make([]Relation, len(table))
	for i, r := range table {
		relations[i] = r.Relation
	}
	return relations
}
