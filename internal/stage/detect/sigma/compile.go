package sigma

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
)

// compiled is a rule ready to be evaluated.
type compiled struct {
	rule       detect.Rule
	source     logsource
	selections []selection
	condition  expr
	alert      bool // matches are alerts by themselves
	count      bool // correlations count it
	index      int
}

// compiler gathers what the rules of one engine share.
type compiler struct {
	aliases map[string][]string // field name -> other names under which events have it
	fields  [][]string          // names to look up, in order; by field number
	numbers map[string]int
}

// keywordField is the number of the field that stands for the whole event.
const keywordField = 0

func newCompiler(aliases map[string][]string) *compiler {
	return &compiler{aliases: aliases, fields: [][]string{nil}, numbers: map[string]int{"": keywordField}}
}

// field numbers a field by its name.
func (c *compiler) field(name string) int {
	if n, ok := c.numbers[name]; ok {
		return n
	}
	n := len(c.fields)
	c.numbers[name] = n
	c.fields = append(c.fields, append([]string{name}, c.aliases[name]...))
	return n
}

var (
	errNoDetection = errors.New("detection: want a map of selections and a condition")
	errNoCondition = errors.New("detection: want a condition")
)

// compile reads a rule's detection section.
func (c *compiler) compile(d *document, r detect.Rule) (*compiled, error) {
	if d.Detection.Kind != yaml.MappingNode {
		return nil, errNoDetection
	}
	out := &compiled{rule: r, source: d.Logsource, alert: true}
	var names []string
	var condition *yaml.Node
	for i := 0; i+1 < len(d.Detection.Content); i += 2 {
		name, node := d.Detection.Content[i].Value, d.Detection.Content[i+1]
		switch name {
		case "condition":
			condition = node
		case "timeframe": // belonged to the aggregations that were taken out
		default:
			sel, err := c.selection(node)
			if err != nil {
				return nil, fmt.Errorf("detection.%s: %w", name, err)
			}
			names = append(names, name)
			out.selections = append(out.selections, sel)
		}
	}
	var err error
	out.condition, err = readCondition(condition, names)
	return out, err
}

// readCondition reads one condition, or a list of which one must hold.
func readCondition(node *yaml.Node, names []string) (expr, error) {
	if node == nil {
		return nil, errNoCondition
	}
	if node.Kind == yaml.ScalarNode {
		return parseCondition(node.Value, names)
	}
	var list []expr
	for _, inner := range node.Content {
		if node.Kind != yaml.SequenceNode || inner.Kind != yaml.ScalarNode {
			return nil, errNoCondition
		}
		e, err := parseCondition(inner.Value, names)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	if len(list) == 0 {
		return nil, errNoCondition
	}
	return some{list, 1}, nil
}

// selection reads a map (all of its lines), a list of maps (one of them), a list
// of keywords (one of them), or one keyword.
func (c *compiler) selection(node *yaml.Node) (selection, error) {
	switch node.Kind {
	case yaml.AliasNode:
		return c.selection(node.Alias)
	case yaml.ScalarNode:
		items, err := c.keywords([]*yaml.Node{node})
		return selection{[][]item{items}}, err
	case yaml.MappingNode:
		items, err := c.items(node)
		return selection{[][]item{items}}, err
	case yaml.SequenceNode:
		return c.alternatives(node)
	}
	return selection{}, errors.New("want a map or a list")
}

func (c *compiler) alternatives(node *yaml.Node) (selection, error) {
	var sel selection
	var words []*yaml.Node
	for _, inner := range node.Content {
		switch inner.Kind {
		case yaml.ScalarNode:
			words = append(words, inner)
		case yaml.MappingNode:
			items, err := c.items(inner)
			if err != nil {
				return sel, err
			}
			sel.any = append(sel.any, items)
		default:
			return sel, errors.New("want maps or keywords in the list")
		}
	}
	if len(words) > 0 {
		items, err := c.keywords(words)
		if err != nil {
			return sel, err
		}
		sel.any = append(sel.any, items)
	}
	if len(sel.any) == 0 {
		return sel, errors.New("is empty")
	}
	return sel, nil
}

// keywords are searched in the whole event.
func (c *compiler) keywords(words []*yaml.Node) ([]item, error) {
	tests, _, err := modifiers{shape: contains}.tests(c, words)
	return []item{{field: keywordField, tests: tests}}, err
}

func (c *compiler) items(node *yaml.Node) ([]item, error) {
	var items []item
	for i := 0; i+1 < len(node.Content); i += 2 {
		it, err := c.item(node.Content[i].Value, node.Content[i+1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", node.Content[i].Value, err)
		}
		items = append(items, it)
	}
	if len(items) == 0 {
		return nil, errors.New("is empty")
	}
	return items, nil
}

// item reads "field|modifier|modifier" and its values.
func (c *compiler) item(key string, node *yaml.Node) (item, error) {
	name, chain, _ := strings.Cut(key, "|")
	var names []string
	if chain != "" {
		names = strings.Split(chain, "|")
	}
	m, err := parseModifiers(names)
	if err != nil {
		return item{}, err
	}
	if name == "" && !m.re && m.shape == exact {
		m.shape = contains
	}
	it := item{field: c.field(name), each: m.each, negate: m.negate}
	if m.exists {
		it.exists, err = existence(node)
		return it, err
	}
	values := []*yaml.Node{node}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.SequenceNode {
		values = node.Content
	}
	it.tests, it.null, err = m.tests(c, values)
	if err == nil && len(it.tests) == 0 && !it.null {
		err = errors.New("has no value")
	}
	return it, err
}

func existence(node *yaml.Node) (int8, error) {
	switch strings.ToLower(node.Value) {
	case "true", "yes":
		return 1, nil
	case "false", "no":
		return -1, nil
	}
	return 0, fmt.Errorf("exists: want true or false, have %q", node.Value)
}
