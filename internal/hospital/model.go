// Package hospital is the model of a hospital: what there is, where it stands,
// by which names other systems know it, and along which dependencies harm can
// travel to the care that patients get.
//
// A Model is what was imported; a Snapshot is its immutable, indexed, versioned
// form, which every step of the way reads. A change of the model makes a new
// Snapshot, swapped in one step.
package hospital

import (
	"time"

	"warder/internal/flow"
)

// Kind is what an asset is. KindTable documents each.
type Kind string

// The kinds of assets.
const (
	Site          Kind = "site"
	Building      Kind = "building"
	Floor         Kind = "floor"
	Room          Kind = "room"
	Zone          Kind = "zone" // rooms that share something: a fire compartment, a security zone
	Door          Kind = "door" // an access point
	Network       Kind = "network"
	Port          Kind = "port" // a network's access point: firewall, switch port, wireless
	Host          Kind = "host"
	Application   Kind = "application"
	Data          Kind = "data"
	HVAC          Kind = "hvac"
	Lift          Kind = "lift"
	Panel         Kind = "panel"      // fire, intrusion, nurse-call or building panel
	Controller    Kind = "controller" // door or building controller
	Camera        Kind = "camera"
	BadgeReader   Kind = "reader"
	Sensor        Kind = "sensor"
	MedicalDevice Kind = "medical-device"
	Equipment     Kind = "equipment" // freezers, sterilisers, racks: neither medical nor building device
	Power         Kind = "power"
	UPS           Kind = "ups"
	MedicalGas    Kind = "medical-gas"
	Water         Kind = "water"
	Telephony     Kind = "telephony"
	StaffGroup    Kind = "staff"
	Stock         Kind = "stock" // what is kept: vaccines, drugs, blood
	CareService   Kind = "care-service"
	Operation     Kind = "operation" // a business operation that care rests on: reception, scheduling
)

// Place tells whether a kind is a place: something that others are in.
func (k Kind) Place() bool {
	switch k {
	case Site, Building, Floor, Room, Zone:
		return true
	}
	return false
}

// Relation is the pattern of a dependency: the direction in which harm travels.
type Relation string

// The five patterns.
const (
	Supplies Relation = "supplies" // from supplier to what depends on it
	LeadsTo  Relation = "leads-to" // from place to place, or place to access point
	Hosts    Relation = "hosts"    // from host or place to what it holds
	Controls Relation = "controls" // from controller to access point or device
	PartOf   Relation = "part-of"  // from a part to the whole it belongs to
)

// Asset is anything that the hospital model knows.
type Asset struct {
	ID          string            `json:"id" yaml:"id"`
	Kind        Kind              `json:"kind" yaml:"kind"`
	Name        string            `json:"name" yaml:"name"`
	Place       string            `json:"place,omitempty" yaml:"place,omitempty"` // id of the place that holds it
	Identifiers []flow.Identifier `json:"identifiers,omitempty" yaml:"-"`
	Criticality int               `json:"criticality" yaml:"criticality,omitempty"` // 1 (minor) to 5 (vital); 0 reads as 3
	Owner       string            `json:"owner,omitempty" yaml:"owner,omitempty"`
	Hub         bool              `json:"hub,omitempty" yaml:"hub,omitempty"`   // shared by so much that it joins nothing
	Tags        []string          `json:"tags,omitempty" yaml:"tags,omitempty"` // "life-support", "escape-route", "theatre" ...
	Beds        int               `json:"beds,omitempty" yaml:"beds,omitempty"` // of wards and care services
	Attributes  map[string]string `json:"attributes,omitempty" yaml:"attributes,omitempty"`
	Protections []Protection      `json:"protections,omitempty" yaml:"protections,omitempty"`
}

// Protection is what keeps a threat from an asset.
type Protection struct {
	Against flow.Threat `json:"against" yaml:"against"`
	Degree  float64     `json:"degree" yaml:"degree"`             // 0 (none) to 1 (full), as experts judge it
	By      []string    `json:"by,omitempty" yaml:"by,omitempty"` // asset ids of what protects
	Note    string      `json:"note,omitempty" yaml:"note,omitempty"`
}

// Dependency is a typed, directed edge along which harm can travel.
type Dependency struct {
	From     string   `json:"from" yaml:"from"`
	To       string   `json:"to" yaml:"to"`
	Relation Relation `json:"relation" yaml:"relation"`
	BothWays bool     `json:"both_ways,omitempty" yaml:"both_ways,omitempty"` // only leads-to
	// Group and Need give redundancy: of the suppliers of To in one group, Need
	// must hold (k of n). An empty group is a group of one.
	Group string `json:"group,omitempty" yaml:"group,omitempty"`
	Need  int    `json:"need,omitempty" yaml:"need,omitempty"`
	// Autonomy is how long To holds out after the loss of From: UPS minutes,
	// an oxygen stock, a paper fallback.
	Autonomy time.Duration `json:"autonomy_ns,omitempty" yaml:"autonomy,omitempty"`
	// Likelihood scales the rule's; 0 reads as 1.
	Likelihood float64 `json:"likelihood,omitempty" yaml:"likelihood,omitempty"`
	Note       string  `json:"note,omitempty" yaml:"note,omitempty"`
}

// Plan is a drawing of a floor whose shapes carry asset ids (attribute data-asset).
type Plan struct {
	ID    string `json:"id" yaml:"id"`
	Name  string `json:"name" yaml:"name"`
	Place string `json:"place" yaml:"place"` // the floor, building or site that it shows
	File  string `json:"-" yaml:"file"`
	SVG   []byte `json:"-" yaml:"-"`
}

// Model is a whole hospital as it was imported.
type Model struct {
	Name         string       `json:"name"`
	TimeZone     string       `json:"time_zone"` // IANA name of the sites' zone
	Demo         bool         `json:"demo,omitempty"`
	Assets       []Asset      `json:"assets"`
	Dependencies []Dependency `json:"dependencies"`
	Plans        []Plan       `json:"plans"`

	origins *origins // where it was written, when it was loaded from files
}
