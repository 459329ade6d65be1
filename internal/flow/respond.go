package flow

import "time"

// Plan is a checklist at work for one incident.
type Plan struct {
	ID       string     `json:"id"`
	Incident string     `json:"incident"`
	Playbook string     `json:"playbook"`
	Title    Text       `json:"title"`
	Started  time.Time  `json:"started"`
	Tasks    []Task     `json:"tasks"`
	Version  int64      `json:"version"`
	Done     *time.Time `json:"done,omitempty"`
}

// Task is one step of a plan, for a person to do.
type Task struct {
	ID    string     `json:"id"`
	Step  string     `json:"step"` // the playbook step's id
	Text  Text       `json:"text"`
	For   string     `json:"for"`   // the role that does it: "operator", "guard", "technician", "nurse", "lead"
	State TaskState  `json:"state"` //
	By    string     `json:"by,omitempty"`
	At    *time.Time `json:"at,omitempty"`
	Note  string     `json:"note,omitempty"`
}

// TaskState is where a task stands.
type TaskState string

// The task states.
const (
	TaskOpen    TaskState = "open"
	TaskDoing   TaskState = "doing"
	TaskDone    TaskState = "done"
	TaskSkipped TaskState = "skipped" // with a note that says why
)

// Notice is a message to a person or a system about an incident.
type Notice struct {
	ID       string    `json:"id"`
	Incident string    `json:"incident"`
	Channel  string    `json:"channel"` // "console" or "webhook:<name>"
	Text     Text      `json:"text"`
	Severity Severity  `json:"severity"`
	Made     time.Time `json:"made"`
	Delivery Delivery  `json:"delivery"`
	Ack      *Ack      `json:"ack,omitempty"`
	Exercise string    `json:"exercise,omitempty"`
}

// Channel is somewhere that notices go to, beside the console.
type Channel struct {
	Name  string   // "webhook:<name>"
	Least Severity // notices below this severity do not go there; empty for all
}

// Delivery is how far a notice got.
type Delivery struct {
	State    string     `json:"state"` // "waiting", "delivered", "failed"
	Attempts int        `json:"attempts"`
	Next     *time.Time `json:"next,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	Error    string     `json:"error,omitempty"`
}

// Change travels on topic change: it tells the live stream what to look at
// again. Body is the new record where it is small enough to send along.
type Change struct {
	Kind string `json:"kind"` // "incident", "assessment", "plan", "notice", "care", "source", "model", "unknown-asset", "rule", "timeline", "reset" (begin afresh)
	ID   string `json:"id"`
	Body any    `json:"body,omitempty"`
}
