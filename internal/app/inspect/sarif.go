package inspect

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// SARIF writes findings as a log of SARIF 2.1.0 (OASIS), which code hosts and
// editors show. Findings are written as they come; the rules that they name, and
// the end, by Close.
type SARIF struct {
	w       io.Writer
	version string
	any     bool
	err     error
}

// NewSARIF begins a log.
func NewSARIF(w io.Writer, version string) *SARIF {
	s := &SARIF{w: w, version: version}
	_, s.err = io.WriteString(w, `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"results":[`)
	return s
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID     string          `json:"ruleId"`
	Level      string          `json:"level"`
	Message    sarifText       `json:"message"`
	Locations  []sarifLocation `json:"locations"`
	Related    []sarifLocation `json:"relatedLocations,omitempty"`
	Properties map[string]any  `json:"properties"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	Line int `json:"startLine"`
}

func location(p Place) (l sarifLocation) {
	l.Physical.Artifact.URI = (&url.URL{Path: filepath.ToSlash(p.File)}).String()
	if p.At > 0 && filepath.Ext(p.File) != ".evtx" { // whose records are no lines
		l.Physical.Region = &sarifRegion{p.At}
	}
	return l
}

// level is SARIF's word for a severity.
func level(s flow.Severity) string {
	switch s {
	case flow.SeverityCritical, flow.SeverityHigh:
		return "error"
	case flow.SeverityMedium:
		return "warning"
	}
	return "note"
}

// Add writes a finding.
func (s *SARIF) Add(f *Finding) error {
	r := sarifResult{
		RuleID: f.Rule, Level: level(f.Level), Message: sarifText{f.Title}, Locations: []sarifLocation{location(f.Place)},
		Properties: map[string]any{"level": f.Level, "time": f.Time, "record": f.At},
	}
	for name, list := range map[string][]string{"techniques": f.Techniques, "actors": f.Actors} {
		if len(list) > 0 {
			r.Properties[name] = list
		}
	}
	for _, p := range f.Events {
		r.Related = append(r.Related, location(p))
	}
	if s.any {
		s.text(",\n")
	}
	s.any = true
	s.json(r)
	return s.err
}

type sarifRule struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Short      sarifText      `json:"shortDescription"`
	Full       *sarifText     `json:"fullDescription,omitempty"`
	Default    map[string]any `json:"defaultConfiguration"`
	Properties map[string]any `json:"properties"`
}

func ruleOf(r *detect.Rule) sarifRule {
	out := sarifRule{
		ID: r.ID, Name: r.Title, Short: sarifText{r.Title}, Default: map[string]any{"level": level(r.Severity)},
		Properties: map[string]any{"tags": append([]string{"security"}, r.Tags...), "severity": r.Severity},
	}
	if r.Description != "" {
		out.Full = &sarifText{r.Description}
	}
	return out
}

// Close writes what the log says of the rules and of the run.
func (s *SARIF) Close(sum *Summary) error {
	rules := []sarifRule{}
	for _, t := range sum.Tallies() {
		rules = append(rules, ruleOf(&t.Rule))
	}
	notes := []map[string]any{}
	for _, p := range sum.Problems {
		notes = append(notes, map[string]any{
			"level": "warning", "message": sarifText{"the record cannot be read: " + p.Reason}, "locations": []sarifLocation{location(p.Place)},
		})
	}
	for _, p := range sum.NoLogs {
		notes = append(notes, map[string]any{
			"level": "note", "message": sarifText{"the file was passed over: " + p.Reason}, "locations": []sarifLocation{location(p.Place)},
		})
	}
	s.text(`],"tool":`)
	s.json(map[string]any{"driver": map[string]any{"name": "Warder", "version": s.version, "rules": rules}})
	s.text(`,"invocations":`)
	s.json([]any{map[string]any{"executionSuccessful": len(sum.Unread) == 0, "toolExecutionNotifications": notes}})
	s.text(`,"properties":`)
	s.json(map[string]any{"records": sum.Records, "unreadable": sum.Unreadable, "findings": sum.Findings})
	s.text("}]}\n")
	return s.err
}

func (s *SARIF) text(t string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, t)
	}
}

func (s *SARIF) json(v any) {
	data, err := json.Marshal(v)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("write SARIF: %w", err)
	}
	s.text(string(data))
}
