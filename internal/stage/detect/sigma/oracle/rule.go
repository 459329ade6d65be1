package oracle

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Rule is a detection rule.
type Rule struct {
	ID, Name, Title string
	Source          Source // what its logsource states

	detections map[string]detection
	conditions []condition // one of them is enough
	filters    []*Filter
}

// Source is a log source; an empty part is not stated.
type Source struct{ Category, Product, Service string }

// detection is a search identifier: one of its maps, all items of a map (Rules:
// Lists, Maps).
type detection [][]item

func (d detection) meets(ev *Event) bool {
	return slices.ContainsFunc(d, func(items []item) bool {
		return !slices.ContainsFunc(items, func(i item) bool { return !i.meets(ev) })
	})
}

// Holds says whether the detection of the rule is true of an event, the log
// source aside.
func (r *Rule) Holds(ev *Event) bool {
	if !anyHolds(r.conditions, r.detections, ev) {
		return false
	}
	return !slices.ContainsFunc(r.filters, func(f *Filter) bool { return f.suppresses(ev) })
}

// anyHolds is Rules: Condition: "the condition can be a list ... logically
// linked with OR".
func anyHolds(conditions []condition, detections map[string]detection, ev *Event) bool {
	return slices.ContainsFunc(conditions, func(c condition) bool {
		return c.holds(func(name string) bool { return detections[name].meets(ev) })
	})
}

// File is what the documents of one file say.
type File struct {
	Rules   []*Rule
	Filters []*Filter
}

// Read reads the documents of a rule file. Documents that are neither rules nor
// filters, such as correlations, are passed over. Placeholders says what a
// placeholder stands for; nil knows none.
func Read(file []byte, placeholders func(name string) ([]string, bool)) (File, error) {
	if placeholders == nil {
		placeholders = func(string) ([]string, bool) { return nil, false }
	}
	var out File
	for decoder := yaml.NewDecoder(strings.NewReader(string(file))); ; {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err == nil {
			err = out.read(&document, placeholders)
		}
		if err != nil {
			return out, err
		}
	}
}

func (f *File) read(document *yaml.Node, placeholders func(string) ([]string, bool)) error {
	var head struct {
		ID, Name, Title   string
		Logsource         struct{ Category, Product, Service string }
		Detection, Filter yaml.Node
	}
	if err := document.Decode(&head); err != nil {
		return err
	}
	source := Source{ // Rules: LogSource, "their values are in lower case"
		strings.ToLower(head.Logsource.Category), strings.ToLower(head.Logsource.Product), strings.ToLower(head.Logsource.Service),
	}
	if !head.Detection.IsZero() {
		body, err := readBody(&head.Detection, placeholders)
		if err != nil {
			return fmt.Errorf("%s: %w", head.Title, err)
		}
		f.Rules = append(f.Rules, &Rule{
			ID: head.ID, Name: head.Name, Title: head.Title, Source: source,
			detections: body.detections, conditions: body.conditions,
		})
	}
	if !head.Filter.IsZero() {
		filter, err := readFilter(&head.Filter, source, placeholders)
		if err != nil {
			return fmt.Errorf("%s: %w", head.Title, err)
		}
		f.Filters = append(f.Filters, filter)
	}
	return nil
}

// body is the search identifiers with what is said of them.
type body struct {
	detections map[string]detection
	conditions []condition
	rules      []string // whom a filter concerns
}

// readBody is Rules: Detection, and Filters: Global Filter.
func readBody(node *yaml.Node, placeholders func(string) ([]string, bool)) (body, error) {
	b := body{detections: map[string]detection{}}
	var conditions, names []string
	err := eachPair(node, func(name string, content *yaml.Node) error {
		var err error
		switch name {
		case "condition":
			conditions, err = readTexts(content)
		case "timeframe": // of a version before 2
		case "rules":
			b.rules, err = readTexts(content)
		default:
			names = append(names, name)
			b.detections[name], err = readDetection(content, placeholders)
		}
		return err
	})
	if err == nil && len(conditions) == 0 {
		err = errors.New("no condition")
	}
	for _, text := range conditions {
		if err != nil {
			break
		}
		var c condition
		c, err = parseCondition(text, names)
		b.conditions = append(b.conditions, c)
	}
	return b, err
}

// readDetection is Rules: Search-Identifier: a map, a list of maps, or keywords.
func readDetection(node *yaml.Node, placeholders func(string) ([]string, bool)) (detection, error) {
	switch node.Kind {
	case yaml.AliasNode:
		return readDetection(node.Alias, placeholders)
	case yaml.SequenceNode:
		var d detection
		for _, element := range node.Content {
			more, err := readDetection(element, placeholders)
			if err != nil {
				return nil, err
			}
			d = append(d, more...)
		}
		return d, nil
	case yaml.MappingNode:
		items, err := readMap(node, placeholders)
		return detection{items}, err
	}
	v, err := readValue(node)
	if err != nil {
		return nil, err
	}
	keyword, err := newItem("", []value{v}, placeholders)
	return detection{{keyword}}, err
}

func readMap(node *yaml.Node, placeholders func(string) ([]string, bool)) ([]item, error) {
	var items []item
	err := eachPair(node, func(key string, content *yaml.Node) error {
		values, err := readValues(content)
		if err != nil {
			return err
		}
		i, err := newItem(key, values, placeholders)
		items = append(items, i)
		return err
	})
	return items, err
}

func readValues(node *yaml.Node) ([]value, error) {
	if node.Kind == yaml.AliasNode {
		return readValues(node.Alias)
	}
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	var values []value
	for _, n := range nodes {
		v, err := readValue(n)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

func readTexts(node *yaml.Node) ([]string, error) {
	if node.Kind == yaml.SequenceNode {
		var texts []string
		err := node.Decode(&texts)
		return texts, err
	}
	var one string
	err := node.Decode(&one)
	return []string{one}, err
}

// eachPair goes through a map in its order; a key twice is an error.
func eachPair(node *yaml.Node, do func(key string, content *yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a map is wanted", node.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if seen[key] {
			return fmt.Errorf("line %d: %q for the second time", node.Content[i].Line, key)
		}
		seen[key] = true
		if err := do(key, node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}
