package flow

import "time"

// Alert is a detection: somebody or something says that events matter.
type Alert struct {
	ID         string     `json:"id"`       // derived from the rule and the events
	Rule       string     `json:"rule"`     // the rule's id, or the foreign system's
	Detector   string     `json:"detector"` // "sigma", "correlation", "suricata", "frigate", "health"
	Text       Text       `json:"text"`
	Threat     Threat     `json:"threat"`
	Severity   Severity   `json:"severity"`
	Time       time.Time  `json:"time"`     // of the last event that it rests on
	Received   time.Time  `json:"received"` // when that event was accepted
	Source     string     `json:"source"`
	Site       string     `json:"site,omitempty"`
	Events     []string   `json:"events"`
	Assets     []AssetRef `json:"assets,omitempty"`
	Actors     []string   `json:"actors,omitempty"` // "user:m.rossi", "badge:B1042", "ip:198.51.100.7", "object:..."
	Techniques []string   `json:"techniques,omitempty"`
	Exercise   string     `json:"exercise,omitempty"`
}

// Hit says that an event met a rule that counts over time. Hits travel on topic
// hit, keyed by rule and group, to the stage that counts.
type Hit struct {
	Rule  string `json:"rule"`  // the rule that the event met
	Event Event  `json:"event"` // without Raw and Original
	// Correlation is the id of the one that counts the hit, and Meaning how it was
	// understood when the hit was made. Both are empty while nobody has asked who
	// counts it.
	Correlation string `json:"correlation,omitempty"`
	Meaning     string `json:"meaning,omitempty"`
	// Group is a hash of the correlation and of what it groups by.
	Group []byte `json:"group,omitempty"`
	Value string `json:"value,omitempty"` // of the field whose values are counted
	// Through lists the events that Event stands for, where it is not one itself
	// but a correlation's finding.
	Through []string `json:"through,omitempty"`
}
