package sigma

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// located is a cause with the line that it is on.
type located struct {
	line int // in its file, from 1
	err  error
}

func (e *located) Error() string { return e.err.Error() }
func (e *located) Unwrap() error { return e.err }

// at says where a cause is, unless it is said already.
func at(n *yaml.Node, err error) error {
	var known *located
	if err == nil || n == nil || errors.As(err, &known) {
		return err
	}
	return &located{n.Line, err}
}

// lineOf is the line of a cause, or the one given if it has none.
func lineOf(err error, otherwise int) int {
	var known *located
	if errors.As(err, &known) && known.line > 0 {
		return known.line
	}
	return otherwise
}

var errNoMap = errors.New("want a map")

// pairs reads a map in its order. A key that comes twice is refused: whichever
// was taken, somebody would have meant the other.
func pairs(n *yaml.Node, each func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return at(n, errNoMap)
	}
	seen := make(map[string]struct{}, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return at(key, errors.New("a key is no text"))
		}
		if _, twice := seen[key.Value]; twice {
			return at(key, fmt.Errorf("the key %q comes twice in one map", key.Value))
		}
		seen[key.Value] = struct{}{}
		if err := each(key, n.Content[i+1]); err != nil {
			return at(key, err)
		}
	}
	return nil
}

func isNothing(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// readText reads a scalar; null is empty text.
func readText(n *yaml.Node, into *string) error {
	if n.Kind != yaml.ScalarNode {
		return at(n, errors.New("want a text"))
	}
	if !isNothing(n) {
		*into = n.Value
	}
	return nil
}

// readTexts reads a list of texts, or one text.
func readTexts(n *yaml.Node, into *[]string) error {
	if n.Kind == yaml.ScalarNode {
		if !isNothing(n) {
			*into = []string{n.Value}
		}
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return at(n, errors.New("want a list of texts"))
	}
	list := make([]string, 0, len(n.Content))
	for _, inner := range n.Content {
		var s string
		if err := readText(inner, &s); err != nil {
			return err
		}
		list = append(list, s)
	}
	*into = list
	return nil
}

// texts is a list that may be written as one text.
type texts []string

// UnmarshalYAML reads what readTexts reads.
func (t *texts) UnmarshalYAML(n *yaml.Node) error {
	return readTexts(n, (*[]string)(t))
}
