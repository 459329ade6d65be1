package sigma

import (
	"fmt"
	"slices"
	"strings"

	"warder/internal/flow"
)

// Threats gives public rules their threat by their ATT&CK tags
// (content/mappings/attack.yaml).
type Threats struct {
	Techniques map[string]flow.Threat `yaml:"techniques"` // "t1566" -> phishing
	Tactics    map[string]flow.Threat `yaml:"tactics"`    // "exfiltration" -> exfiltration
	Default    flow.Threat            `yaml:"default"`
}

// of is the threat that a rule states, or that its tags give: the first
// technique that the table knows, then the first tactic.
func (t Threats) of(stated string, tags []string) (flow.Threat, error) {
	if stated != "" {
		if !slices.Contains(flow.Threats(), flow.Threat(stated)) {
			return "", fmt.Errorf("warder.threat %q is no threat (docs/reference/rules.md lists them)", stated)
		}
		return flow.Threat(stated), nil
	}
	for _, table := range [...]map[string]flow.Threat{t.Techniques, t.Tactics} {
		for _, tag := range tags {
			if threat, ok := lookUp(table, tag); ok {
				return threat, nil
			}
		}
	}
	if t.Default == "" {
		return flow.ThreatCompromise, nil
	}
	return t.Default, nil
}

// lookUp finds a tag, or the technique that a sub-technique belongs to.
func lookUp(table map[string]flow.Threat, tag string) (flow.Threat, bool) {
	name, ok := strings.CutPrefix(strings.ToLower(tag), "attack.")
	if !ok {
		return "", false
	}
	if threat, ok := table[name]; ok {
		return threat, true
	}
	technique, _, _ := strings.Cut(name, ".")
	threat, ok := table[technique]
	return threat, ok
}
