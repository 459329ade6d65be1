package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// document is one YAML document of a rule file.
type document struct {
	ID          string    `yaml:"id"`
	Name        string    `yaml:"name"`
	Title       string    `yaml:"title"`
	Level       string    `yaml:"level"`
	Tags        []string  `yaml:"tags"`
	Logsource   logsource `yaml:"logsource"`
	Detection   yaml.Node `yaml:"detection"`
	Correlation *counting `yaml:"correlation"`
	Warder      ours      `yaml:"warder"`
}

type logsource struct {
	Product  string `yaml:"product"`
	Category string `yaml:"category"`
	Service  string `yaml:"service"`
}

// ours is the custom section of our own rules.
type ours struct {
	Threat  string `yaml:"threat"`
	Asset   string `yaml:"asset"` // target, observer, origin or place
	TitleFR string `yaml:"title_fr"`
	// Once makes an alert of the first event of a group only, until Within has
	// passed: for what is reported again and again while it lasts.
	Once *once `yaml:"once"`
	// EachRule is detect.Correlation.EachRule.
	EachRule bool `yaml:"each_rule"`
	// Off sets a rule aside; only its id and title are needed.
	Off bool `yaml:"off"`
}

type once struct {
	By     []string `yaml:"by"`
	Within string   `yaml:"within"`
}

// decodeAll reads every document of a file, however many there are.
func decodeAll(data []byte) ([]document, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var docs []document
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, fmt.Errorf("read YAML: %w", err)
		}
		var d document
		if err := node.Decode(&d); err != nil {
			return docs, fmt.Errorf("read YAML: %w", err)
		}
		if d.Title == "" && d.Detection.Kind == 0 && d.Correlation == nil {
			continue // an empty document between two separators
		}
		docs = append(docs, d)
	}
}

// rule is what the document says of itself.
func (d *document) rule(file string, threats Threats) (detect.Rule, error) {
	r := detect.Rule{
		ID: d.ID, Name: d.Name, Title: d.Title, TitleFR: d.Warder.TitleFR, Kind: detect.KindEvent,
		Detector: "sigma", File: file, Techniques: techniques(d.Tags),
	}
	var err error
	if r.ID == "" {
		if r.ID = d.Name; r.ID == "" {
			return r, errors.New("want an id")
		}
	}
	if r.Title == "" {
		return r, errors.New("want a title")
	}
	if r.Severity, err = severityOf(d.Level); err != nil {
		return r, err
	}
	if r.Asset, err = roleOf(d.Warder.Asset); err != nil {
		return r, err
	}
	r.Threat, err = threats.of(d.Warder.Threat, d.Tags)
	return r, err
}

func severityOf(level string) (flow.Severity, error) {
	switch level {
	case "informational", "info":
		return flow.SeverityInfo, nil
	case "low", "medium", "high", "critical":
		return flow.Severity(level), nil
	case "":
		return flow.SeverityMedium, nil
	}
	return "", fmt.Errorf("level %q is none of informational, low, medium, high, critical", level)
}

func roleOf(asset string) (flow.Role, error) {
	switch role := flow.Role(asset); role {
	case "":
		return flow.RoleTarget, nil
	case flow.RoleTarget, flow.RoleObserver, flow.RolePlace, flow.RoleOrigin:
		return role, nil
	}
	return "", fmt.Errorf("warder.asset %q is none of target, observer, origin, place", asset)
}

// techniques picks the ATT&CK techniques out of the tags: "attack.t1110.003".
func techniques(tags []string) []string {
	var list []string
	for _, tag := range tags {
		name, ok := strings.CutPrefix(strings.ToLower(tag), "attack.")
		if ok && len(name) >= 5 && name[0] == 't' && name[1] >= '0' && name[1] <= '9' {
			list = append(list, strings.ToUpper(name))
		}
	}
	return list
}
