package sigma

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Bounds of one document, with its aliases written out.
const (
	mostNodes   = 200_000
	deepestNode = 100
)

var (
	errTooManyNodes = fmt.Errorf("holds more than %d values, its aliases written out", mostNodes)
	errNestedDeep   = fmt.Errorf("is nested more than %d deep", deepestNode)
	errCircular     = errors.New("an alias stands inside what it names")
)

// plain returns a document without aliases and merges ("<<"): each is written
// out, within bounds, so that nothing that reads the tree can run in circles. A
// document that has none is returned as it is.
func plain(root *yaml.Node) (*yaml.Node, error) {
	e := &expansion{}
	aliased, err := e.survey(root, 0)
	if err != nil || !aliased {
		return root, err
	}
	e.nodes = 0
	return e.copy(root, 0)
}

type expansion struct {
	nodes int
	open  []*yaml.Node // anchors being written out
}

func (e *expansion) count(n *yaml.Node, depth int) error {
	if e.nodes++; e.nodes > mostNodes {
		return at(n, errTooManyNodes)
	}
	if depth > deepestNode {
		return at(n, errNestedDeep)
	}
	return nil
}

// survey tells whether there are aliases, and whether the tree keeps the bounds.
func (e *expansion) survey(n *yaml.Node, depth int) (aliased bool, err error) {
	if err := e.count(n, depth); err != nil {
		return false, err
	}
	aliased = n.Kind == yaml.AliasNode || n.Kind == yaml.ScalarNode && n.Tag == "!!merge"
	for _, inner := range n.Content {
		more, err := e.survey(inner, depth+1)
		if err != nil {
			return false, err
		}
		aliased = aliased || more
	}
	return aliased, nil
}

func (e *expansion) copy(n *yaml.Node, depth int) (*yaml.Node, error) {
	if err := e.count(n, depth); err != nil {
		return nil, err
	}
	if n.Kind == yaml.AliasNode {
		for _, open := range e.open {
			if open == n.Alias {
				return nil, at(n, errCircular)
			}
		}
		e.open = append(e.open, n.Alias)
		defer func() { e.open = e.open[:len(e.open)-1] }()
		return e.copy(n.Alias, depth+1)
	}
	out := *n
	out.Content, out.Anchor = nil, ""
	for i, inner := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && inner.Tag == "!!merge" {
			continue
		}
		made, err := e.copy(inner, depth+1)
		if err != nil {
			return nil, err
		}
		if n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Tag == "!!merge" {
			if err := merge(&out, made, n); err != nil {
				return nil, err
			}
			continue
		}
		out.Content = append(out.Content, made)
	}
	return &out, nil
}

// merge adds the pairs of "<<" that the map does not have itself (YAML 1.1 merge
// keys): from one map, or from a list of maps of which the first wins.
func merge(into, from, itself *yaml.Node) error {
	sources := []*yaml.Node{from}
	if from.Kind == yaml.SequenceNode {
		sources = from.Content
	}
	for _, source := range sources {
		if source.Kind != yaml.MappingNode {
			return at(source, errors.New(`"<<" wants a map, or a list of maps`))
		}
		for i := 0; i+1 < len(source.Content); i += 2 {
			if key := source.Content[i]; !hasKey(itself, key.Value) && !hasKey(into, key.Value) {
				into.Content = append(into.Content, key, source.Content[i+1])
			}
		}
	}
	return nil
}

func hasKey(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}
