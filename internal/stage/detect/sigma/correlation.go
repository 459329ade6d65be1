package sigma

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
)

// counting is the correlation section of a document (Sigma correlation rules
// specification, version 2).
type counting struct {
	Type      string                       `yaml:"type"`
	Rules     texts                        `yaml:"rules"`
	GroupBy   texts                        `yaml:"group-by"`
	Timespan  string                       `yaml:"timespan"`
	Generate  bool                         `yaml:"generate"`
	Condition yaml.Node                    `yaml:"condition"`
	Aliases   map[string]map[string]string `yaml:"aliases"`
}

// texts is a list that may be written as one text.
type texts []string

func (t *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*t = texts{n.Value}
		return nil
	}
	var list []string
	if err := n.Decode(&list); err != nil {
		return err
	}
	*t = list
	return nil
}

// correlation reads the section; refer turns a rule's id or name into its id.
func (d *document) correlation(r detect.Rule, refer func(string) (string, error)) (detect.Correlation, error) {
	c := d.Correlation
	r.Kind, r.Detector = detect.KindCorrelation, "correlation"
	out := detect.Correlation{Rule: r, Type: detect.CorrelationType(c.Type), GroupBy: c.GroupBy, EachRule: d.Warder.EachRule}
	switch out.Type {
	case detect.EventCount, detect.ValueCount, detect.Temporal, detect.TemporalOrdered:
	default:
		return out, fmt.Errorf("correlation.type %q is not supported", c.Type)
	}
	var err error
	if out.Window, err = timespan(c.Timespan); err != nil {
		return out, fmt.Errorf("correlation.timespan: %w", err)
	}
	if len(c.Rules) == 0 {
		return out, errors.New("correlation.rules: want at least one rule")
	}
	for _, name := range c.Rules {
		id, err := refer(name)
		if err != nil {
			return out, fmt.Errorf("correlation.rules: %w", err)
		}
		out.Of = append(out.Of, id)
	}
	if out.Aliases, err = c.aliases(refer); err != nil {
		return out, err
	}
	return out, c.bounds(&out)
}

// aliases rewrites rule names to ids.
func (c *counting) aliases(refer func(string) (string, error)) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for alias, fields := range c.Aliases {
		out[alias] = map[string]string{}
		for name, field := range fields {
			id, err := refer(name)
			if err != nil {
				return nil, fmt.Errorf("correlation.aliases.%s: %w", alias, err)
			}
			out[alias][id] = field
		}
	}
	return out, nil
}

// bounds reads the condition: {gte: 10}, with the field whose values are counted.
func (c *counting) bounds(out *detect.Correlation) error {
	counts := out.Type == detect.EventCount || out.Type == detect.ValueCount
	if c.Condition.Kind != 0 && c.Condition.Kind != yaml.MappingNode {
		return errors.New("correlation.condition: want a map; extended conditions are not supported")
	}
	for i := 0; i+1 < len(c.Condition.Content); i += 2 {
		key, node := c.Condition.Content[i].Value, c.Condition.Content[i+1]
		if key == "field" {
			out.Field = node.Value
			continue
		}
		n, err := strconv.Atoi(node.Value)
		if err != nil {
			return fmt.Errorf("correlation.condition.%s: %q is no whole number", key, node.Value)
		}
		switch key {
		case "gt", "gte", "lt", "lte", "eq", "neq":
			out.Bounds = append(out.Bounds, detect.Bound{Op: key, Value: float64(n)})
		default:
			return fmt.Errorf("correlation.condition: %q is not known", key)
		}
	}
	switch {
	case counts && len(out.Bounds) == 0:
		return errors.New("correlation.condition: want a bound such as gte")
	case out.Type == detect.ValueCount && out.Field == "":
		return errors.New("correlation.condition: want the field whose values are counted")
	}
	return nil
}

// longestWindow bounds what a correlation must remember.
const longestWindow = 31 * 24 * time.Hour

// timespan reads a number and a unit: 15s, 30m, 1h, 2d, 1w.
func timespan(s string) (time.Duration, error) {
	if len(s) < 2 {
		return 0, fmt.Errorf("want a number and a unit such as 5m, have %q", s)
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 31)
	unit := map[byte]time.Duration{
		's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	}[s[len(s)-1]]
	if err != nil || unit == 0 || n == 0 {
		return 0, fmt.Errorf("want a number and one of s, m, h, d, w, have %q", s)
	}
	if n > uint64(longestWindow/unit) {
		return 0, fmt.Errorf("%s is longer than the 31 days that are remembered", s)
	}
	return time.Duration(n) * unit, nil
}
