package ruletest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
)

// Read reads the tests of a file. What is wrong is said with its line.
func Read(data []byte) ([]Case, error) {
	var file struct {
		Hits     []yaml.Node `yaml:"hits"`
		Silences []yaml.Node `yaml:"silences"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the tests: %w", err)
	}
	if len(file.Hits) == 0 || len(file.Silences) == 0 {
		return nil, errors.New("want at least one hit and one silence")
	}
	cases := make([]Case, 0, len(file.Hits)+len(file.Silences))
	for kind, nodes := range map[Kind][]yaml.Node{Hit: file.Hits, Silence: file.Silences} {
		for i := range nodes {
			c, err := readCase(kind, &nodes[i])
			if err != nil {
				return nil, err
			}
			cases = append(cases, c)
		}
	}
	return inOrder(cases), nil
}

// inOrder puts hits before silences.
func inOrder(cases []Case) []Case {
	out := make([]Case, 0, len(cases))
	for _, kind := range [...]Kind{Hit, Silence} {
		for _, c := range cases {
			if c.Kind == kind {
				out = append(out, c)
			}
		}
	}
	return out
}

func readCase(kind Kind, node *yaml.Node) (Case, error) {
	var raw struct {
		Case   string      `yaml:"case"`
		Events []yaml.Node `yaml:"events"`
	}
	if err := knownOnly(node, "case", "events"); err != nil {
		return Case{}, err
	}
	if err := node.Decode(&raw); err != nil {
		return Case{}, fmt.Errorf("line %d: %w", node.Line, err)
	}
	if len(raw.Events) == 0 {
		return Case{}, fmt.Errorf("line %d: a case without events", node.Line)
	}
	text, err := yaml.Marshal(node)
	if err != nil {
		return Case{}, fmt.Errorf("line %d: %w", node.Line, err)
	}
	c := Case{Kind: kind, Name: raw.Case, Line: node.Line, Text: string(text)}
	for i := range raw.Events {
		ev, err := readEvent(i, &raw.Events[i])
		if err != nil {
			return Case{}, fmt.Errorf("line %d: %w", raw.Events[i].Line, err)
		}
		c.Events = append(c.Events, ev)
	}
	return c, nil
}

func knownOnly(node *yaml.Node, names ...string) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want a case with its events", node.Line)
	}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		known := false
		for _, name := range names {
			known = known || key.Value == name
		}
		if !known {
			return fmt.Errorf("line %d: a case has no %q", key.Line, key.Value)
		}
	}
	return nil
}

// morning is when every case begins.
func morning() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

func readEvent(i int, node *yaml.Node) (flow.Event, error) {
	ev := flow.Event{
		ID: fmt.Sprintf("t.1.%d", i), Format: flow.FormatJSON, Time: morning(), Source: "test",
		Category: flow.CategoryOther, Attributes: map[string]string{},
	}
	var fields map[string]any
	if err := node.Decode(&fields); err != nil {
		return ev, err
	}
	for name, v := range fields {
		if err := set(&ev, name, v); err != nil {
			return ev, err
		}
	}
	ev.Received = ev.Time.Add(24 * time.Hour) // so that late events keep their own time
	return ev, nil
}

func set(ev *flow.Event, name string, v any) error {
	text := fmt.Sprint(v)
	switch name {
	case "at":
		after, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("at: %q is no duration; 90s or 5m would be", text)
		}
		ev.Time = morning().Add(after)
	case "category":
		ev.Category = flow.Category(text)
	case "action":
		ev.Action = text
	case "event.site":
		ev.Site = text
	case "original":
		nested, ok := asJSON(v).(map[string]any)
		if !ok {
			return errors.New("original: want the sender's fields")
		}
		ev.Original = nested
	default:
		ev.Attributes[name] = text
	}
	return nil
}

// asJSON makes of YAML's values what JSON gives.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = asJSON(x)
		}
	case []any:
		for i, x := range v {
			v[i] = asJSON(x)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return v
}
