package exercise

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one mistake in a scenario file, and what would be right.
type Problem struct {
	File string
	Line int // 0 means the whole file
	Text string
}

// String gives the problem as compilers do.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ": " + p.Text
}

// Problems are all mistakes that were found, as one error.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// err is nil when there are none; otherwise they are sorted by place.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return p
}

// section is one part of a scenario file, which knows where it stands.
type section struct {
	file     string
	first    int // line of the file on which its first line stands
	data     []byte
	problems *Problems
}

// fault notes a mistake on a line of the section, counted from 1.
func (s section) fault(line int, format string, args ...any) {
	*s.problems = append(*s.problems, Problem{File: s.file, Line: s.first + line - 1, Text: fmt.Sprintf(format, args...)})
}

// yaml reads the section into v, strictly, and returns its root for the lines of
// later findings; nil when it could not be read.
func (s section) yaml(v any) *yaml.Node {
	var root yaml.Node
	if err := yaml.Unmarshal(s.data, &root); err != nil {
		s.yamlFault(err)
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(string(s.data)))
	dec.KnownFields(true)
	if err := dec.Decode(v); err != nil && len(root.Content) > 0 {
		s.yamlFault(err)
		return nil
	}
	return &root
}

func (s section) yamlFault(err error) {
	texts := []string{err.Error()}
	if several := new(yaml.TypeError); errors.As(err, &several) {
		texts = several.Errors
	}
	for _, text := range texts {
		line, text := yamlLine(text)
		s.fault(line, "%s", text)
	}
}

// yamlLine takes the line out of a message of the YAML library, and the names of
// Go types, which mean nothing to whoever wrote the file.
func yamlLine(text string) (line int, rest string) {
	text = strings.TrimPrefix(text, "yaml: ")
	found := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text)
	if found == nil {
		return 1, text
	}
	line, err := strconv.Atoi(found[1])
	if err != nil {
		line = 1
	}
	text = strings.TrimPrefix(text, found[0])
	if field, _, ok := strings.Cut(text, " not found in type "); ok {
		return line, field + " is not known here"
	}
	return line, text
}

// lineOf finds the line of what a path of keys and indexes names, or of the
// deepest part of it that there is.
func lineOf(node *yaml.Node, path ...any) int {
	if node == nil {
		return 1
	}
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		return lineOf(node.Content[0], path...)
	}
	if len(path) > 0 {
		if child := childOf(node, path[0]); child != nil {
			return lineOf(child, path[1:]...)
		}
	}
	return max(node.Line, 1)
}

func childOf(node *yaml.Node, step any) *yaml.Node {
	switch step := step.(type) {
	case string:
		for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case int:
		if node.Kind == yaml.SequenceNode && step < len(node.Content) {
			return node.Content[step]
		}
	}
	return nil
}
