package hospital

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// text reads any scalar as it is written: id: 0012 is "0012".
func (f *yamlFile) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode {
		f.wrong(n, what, "a text")
		return ""
	}
	return n.Value
}

func (f *yamlFile) truth(n *yaml.Node, what string) bool {
	v, ok := parseTruth(f.text(n, what))
	if !ok && n.Kind == yaml.ScalarNode {
		f.wrong(n, what, "true or false")
	}
	return v
}

func (f *yamlFile) number(n *yaml.Node, what string) int {
	v, err := strconv.Atoi(f.text(n, what))
	if err != nil && n.Kind == yaml.ScalarNode {
		f.wrong(n, what, "a whole number")
	}
	return v
}

// counted is number for a field where 0 is out of range, not left out.
func (f *yamlFile) counted(n *yaml.Node, what string) int {
	v := f.number(n, what)
	if v == 0 && n.Value != "" && parsesAsZero(n.Value) {
		return outOfRange
	}
	return v
}

func parsesAsZero(s string) bool {
	v, ok := parseReal(s)
	return ok && v == 0
}

func (f *yamlFile) real(n *yaml.Node, what string) float64 {
	v, ok := parseReal(f.text(n, what))
	if !ok && n.Kind == yaml.ScalarNode {
		f.wrong(n, what, "a number")
	}
	return v
}

func (f *yamlFile) duration(n *yaml.Node, what string) time.Duration {
	v, err := time.ParseDuration(f.text(n, what))
	if err != nil && n.Kind == yaml.ScalarNode {
		f.wrong(n, what, "a duration such as 30m, 1h30m or 90s")
	}
	return v
}

// texts reads a list of texts, or one text as a list of one.
func (f *yamlFile) texts(n *yaml.Node, what string) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var out []string
	f.each(n, what, func(e *yaml.Node) {
		if isNull(e) {
			f.wrong(e, what, "a text")
			return
		}
		out = append(out, f.text(e, what))
	})
	return out
}

// pairs calls for each key of a mapping whose keys are free.
func (f *yamlFile) pairs(n *yaml.Node, what string, pair func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		f.wrong(n, what, "a table of key: value")
		return
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if f.refused(k) || f.refused(v) {
			continue
		}
		if seen[k.Value] {
			f.bad(k, RuleOneKey, "%s: key %q stands twice", what, k.Value)
			continue
		}
		seen[k.Value] = true
		pair(k, v)
	}
}

func parseTruth(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return true, true
	case "false", "no", "0", "":
		return false, true
	}
	return false, false
}

// parseReal reads a finite number; NaN and infinities would slip past every bound.
func parseReal(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != v || v > 1e300 || v < -1e300 {
		return 0, false
	}
	return v, true
}
