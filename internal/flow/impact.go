package flow

import "time"

// Assessment is what an incident is predicted to do, computed on one version of
// the hospital model.
type Assessment struct {
	Incident        string          `json:"incident"`
	IncidentVersion int64           `json:"incident_version"`
	Model           string          `json:"model"` // version of the hospital model
	Computed        time.Time       `json:"computed"`
	Took            float64         `json:"took_ms"` // milliseconds
	Impacts         []Impact        `json:"impacts"` // by time of arrival, soonest first
	Services        []ServiceImpact `json:"services"`
	Barriers        []Barrier       `json:"barriers"`         // where protection stopped it
	NotModelled     []Text          `json:"not_modelled"`     // what could not be computed, and why
	Starts          []Affected      `json:"starts,omitempty"` // what it was computed from
}

// Impact is one asset that harm is predicted to reach.
type Impact struct {
	Asset      string   `json:"asset"`
	Threat     Threat   `json:"threat"`
	Likelihood float64  `json:"likelihood"`           // of the best derivation, 0 to 1
	Delay      float64  `json:"delay_s"`              // seconds from the incident's start of harm; 0 for what is already hit
	Severity   Severity `json:"severity"`             //
	Path       []Step   `json:"path"`                 // from a start to this asset; empty for a start
	Verdict    Verdict  `json:"verdict,omitempty"`    // what a person said of it
	ArrivesAt  string   `json:"arrives_at,omitempty"` // RFC 3339
}

// Step is one link of the path that explains an impact.
type Step struct {
	From       string  `json:"from"`
	FromThreat Threat  `json:"from_threat"`
	To         string  `json:"to"`
	ToThreat   Threat  `json:"to_threat"`
	Rule       string  `json:"rule"`
	Relation   string  `json:"relation"`
	Likelihood float64 `json:"likelihood"`
	Delay      float64 `json:"delay_s"`
	Why        Text    `json:"why"`
}

// Barrier is a link along which harm would have gone, had a protection not
// stopped it.
type Barrier struct {
	From       string   `json:"from"`
	To         string   `json:"to"`
	Threat     Threat   `json:"threat"`
	Protection []string `json:"protection"` // asset ids or names of what protects
	Degree     float64  `json:"degree"`     // 0 to 1
}

// ServiceImpact is an incident's effect on one care service.
type ServiceImpact struct {
	Service    string   `json:"service"`
	State      Threat   `json:"state"` // degraded or lost
	Likelihood float64  `json:"likelihood"`
	TimeToHarm float64  `json:"time_to_harm_s"` // seconds from the start of harm
	HarmAt     string   `json:"harm_at"`        // RFC 3339
	Severity   Severity `json:"severity"`
	Path       []Step   `json:"path"`
}

// Verdict is what a person said of a predicted impact.
type Verdict string

// The verdicts.
const (
	VerdictNone      Verdict = ""
	VerdictConfirmed Verdict = "confirmed"
	VerdictRefuted   Verdict = "refuted"
)

// Outlook is an assessment in one line, for the queue.
type Outlook struct {
	Assets     int     `json:"assets"`         // predicted to be reached
	Services   int     `json:"services"`       // predicted to suffer
	Next       string  `json:"next,omitempty"` // the care service that suffers first
	NextState  Threat  `json:"next_state,omitempty"`
	TimeToHarm float64 `json:"time_to_harm_s,omitempty"`
	HarmAt     string  `json:"harm_at,omitempty"` // RFC 3339
	Likelihood float64 `json:"likelihood,omitempty"`
}

// CareState is one tile of the care strip: a care service over all live incidents.
type CareState struct {
	Service    string   `json:"service"`
	Name       string   `json:"name"`
	Site       string   `json:"site"`
	State      string   `json:"state"` // "normal", "threatened", "degraded", "lost", "unknown"
	Severity   Severity `json:"severity,omitempty"`
	TimeToHarm float64  `json:"time_to_harm_s,omitempty"`
	HarmAt     string   `json:"harm_at,omitempty"`
	Likelihood float64  `json:"likelihood,omitempty"`
	Incident   string   `json:"incident,omitempty"` // the one that harms it first
	Why        string   `json:"why,omitempty"`      // for unknown: "not-modelled" or "feed-silent"
}
