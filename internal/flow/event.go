package flow

import "time"

// Event is one normalised observation. Attributes carry Warder's vocabulary
// (Vocabulary lists it); Original carries the sender's own field names, so that
// rules written for them work unchanged.
type Event struct {
	ID         string            `json:"id"`
	Time       time.Time         `json:"time"`     // when it happened, by the sender's clock
	Received   time.Time         `json:"received"` // when it was accepted, by Warder's clock
	Source     string            `json:"source"`
	Format     Format            `json:"format"`
	Site       string            `json:"site,omitempty"`
	Category   Category          `json:"category"`
	Action     string            `json:"action,omitempty"` // "badge.granted", "person.stationary", "fire.alarm" ...
	Attributes map[string]string `json:"attributes,omitempty"`
	Original   map[string]any    `json:"original,omitempty"` // nested as it came; numbers as float64
	Assets     []AssetRef        `json:"assets,omitempty"`
	Unknown    []Identifier      `json:"unknown,omitempty"` // identifiers that no asset carries
	ParseError string            `json:"parse_error,omitempty"`
	Truncated  int               `json:"truncated,omitempty"` // bytes
	Exercise   string            `json:"exercise,omitempty"`
	Raw        []byte            `json:"raw,omitempty"` // base64 in JSON
}

// Unreadable tells whether nothing of the record could be made out. One with a
// ParseError and a category was read in part: its time was none, say, but it is
// a fire alarm all the same.
func (e *Event) Unreadable() bool { return e.ParseError != "" && e.Category == CategoryOther }

// Category is what kind of thing an event tells about.
type Category string

// The categories. A record of which nothing could be read is CategoryOther with
// ParseError set.
const (
	CategoryAccess         Category = "access"         // badges, doors, locks
	CategoryCamera         Category = "camera"         // what video analysis saw
	CategoryFire           Category = "fire"           // fire detection
	CategoryIntrusion      Category = "intrusion"      // intrusion panels, glass break
	CategorySensor         Category = "sensor"         // measured quantities
	CategoryBuilding       Category = "building"       // HVAC, lifts, power, medical gas
	CategoryNetwork        Category = "network"        // flows, DNS, HTTP, network detection
	CategoryAuthentication Category = "authentication" // logons
	CategoryProcess        Category = "process"        // what a computer runs
	CategoryFile           Category = "file"
	CategoryMail           Category = "mail"
	CategoryApplication    Category = "application"
	CategoryMedical        Category = "medical" // medical devices and their protocols
	CategoryHealth         Category = "health"  // Warder's own state and its sources'
	CategoryOther          Category = "other"
)

// Categories lists every category, in the order of the reference page.
func Categories() []Category {
	return []Category{
		CategoryAccess, CategoryCamera, CategoryFire, CategoryIntrusion, CategorySensor, CategoryBuilding,
		CategoryNetwork, CategoryAuthentication, CategoryProcess, CategoryFile, CategoryMail,
		CategoryApplication, CategoryMedical, CategoryHealth, CategoryOther,
	}
}

// Identifier is one way by which a system names an asset.
type Identifier struct {
	Kind  IdentifierKind `json:"kind"`
	Value string         `json:"value"`
}

// IdentifierKind is the name space of an identifier. Values are compared after
// folding case; MAC addresses after removing separators.
type IdentifierKind string

// The identifier kinds.
const (
	ByID       IdentifierKind = "id" // the asset's own id
	ByIP       IdentifierKind = "ip"
	ByMAC      IdentifierKind = "mac"
	ByHostname IdentifierKind = "hostname"
	ByAETitle  IdentifierKind = "ae-title"
	ByReader   IdentifierKind = "reader"
	ByDoor     IdentifierKind = "door"
	ByCamera   IdentifierKind = "camera"
	ByPanel    IdentifierKind = "panel"
	ByPoint    IdentifierKind = "point" // a panel's point, as "panel/point"
	BySensor   IdentifierKind = "sensor"
	ByBACnet   IdentifierKind = "bacnet" // device instance
	BySerial   IdentifierKind = "serial"
	ByService  IdentifierKind = "service" // application or service name
	ByTopic    IdentifierKind = "topic"   // MQTT topic
)

// AssetRef ties a record to an asset of the hospital model and says why.
type AssetRef struct {
	ID    string         `json:"id"`
	Role  Role           `json:"role"`
	By    IdentifierKind `json:"by"`    // which kind of identifier matched
	Value string         `json:"value"` // its value in the record
}

// Role is what an asset is to an event.
type Role string

// The roles.
const (
	RoleObserver Role = "observer" // the device that saw it: a camera, a reader, a sensor
	RoleTarget   Role = "target"   // what it happened to or in
	RoleOrigin   Role = "origin"   // where it came from
	RolePlace    Role = "place"    // the room, floor or building around the target
)
