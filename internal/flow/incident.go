package flow

import "time"

// Incident is alerts joined because they are one story.
type Incident struct {
	ID        string     `json:"id"`
	Number    int64      `json:"number"` // counts up, for people to say on the telephone
	Version   int64      `json:"version"`
	Type      Threat     `json:"type"` // the gravest threat among its alerts
	Title     Text       `json:"title"`
	Severity  Severity   `json:"severity"`
	Status    Status     `json:"status"`
	Opened    time.Time  `json:"opened"`
	Updated   time.Time  `json:"updated"`
	LastAlert time.Time  `json:"last_alert"`
	Closed    *time.Time `json:"closed,omitempty"`
	Owner     string     `json:"owner,omitempty"`
	Site      string     `json:"site,omitempty"`
	Place     string     `json:"place,omitempty"` // asset id of the room, floor or building where it is gravest: where people must go
	Assets    []Affected `json:"assets"`          // with the threat that alerts put on them
	Alerts    int        `json:"alerts"`          // how many
	Domains   []string   `json:"domains"`         // "cyber", "physical", "health"
	Ack       *Ack       `json:"ack,omitempty"`
	Shelved   *Shelving  `json:"shelved,omitempty"`
	MergedIn  string     `json:"merged_into,omitempty"`
	Exercise  string     `json:"exercise,omitempty"`
	Outlook   *Outlook   `json:"outlook,omitempty"` // from the newest assessment, if there is one
}

// Affected is an asset that alerts of an incident name.
type Affected struct {
	Asset   string    `json:"asset"`
	Threat  Threat    `json:"threat"`
	Since   time.Time `json:"since"`
	Alert   string    `json:"alert"`             // the first alert that said so
	Verdict Verdict   `json:"verdict,omitempty"` // what a person said of it
}

// Status is where an incident stands.
type Status string

// The statuses, in the order of their life.
const (
	StatusNew          Status = "new"
	StatusAcknowledged Status = "acknowledged"
	StatusInProgress   Status = "in-progress"
	StatusResolved     Status = "resolved"
	StatusClosed       Status = "closed"
)

// Open tells whether somebody still has to do something.
func (s Status) Open() bool {
	return s == StatusNew || s == StatusAcknowledged || s == StatusInProgress
}

// Ack is who took notice, and when.
type Ack struct {
	By   string    `json:"by"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Shelving sets an incident aside for a time, with who and why.
type Shelving struct {
	By    string    `json:"by"`
	Name  string    `json:"name"`
	Why   string    `json:"why"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
}

// Join is why an alert is part of an incident.
type Join struct {
	Incident string    `json:"incident"`
	Alert    Alert     `json:"alert"`
	Reason   Text      `json:"reason"` // "join.first", "join.asset", "join.actor", "join.near", "join.hand"
	With     string    `json:"with,omitempty"`
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty"` // the person, when joined by hand
}

// IncidentChange travels on topic incident whenever an incident opens or changes.
type IncidentChange struct {
	Incident Incident `json:"incident"`
	Cause    string   `json:"cause"` // "opened", "joined", "split", "merged", "status", "verdict", ...
	By       string   `json:"by,omitempty"`
	// Relevant says that what the impact rests on changed: assets, threats or verdicts.
	Relevant bool `json:"relevant"`
}

// TimelineEntry is one line of an incident's story: what machines saw, what
// people did and what they reported, in one order of time.
type TimelineEntry struct {
	ID       string    `json:"id"`
	Incident string    `json:"incident"`
	Time     time.Time `json:"time"`
	Kind     string    `json:"kind"` // "alert", "act", "impact", "plan", "notice", "comment"
	Text     Text      `json:"text"`
	By       string    `json:"by,omitempty"` // person's name; empty for machines
	Severity Severity  `json:"severity,omitempty"`
	Alert    string    `json:"alert,omitempty"`
	Asset    string    `json:"asset,omitempty"`
}
