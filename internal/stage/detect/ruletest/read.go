package ruletest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
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
		Rule   string      `yaml:"rule"`
		Events []yaml.Node `yaml:"events"`
	}
	if err := knownOnly(node, "case", "rule", "events"); err != nil {
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
	c := Case{Kind: kind, Name: raw.Case, Rule: raw.Rule, Line: node.Line, Text: string(text)}
	for i := range raw.Events {
		if err := c.take(&raw.Events[i]); err != nil {
			return Case{}, fmt.Errorf("line %d: %w", raw.Events[i].Line, err)
		}
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
