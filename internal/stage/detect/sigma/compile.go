package sigma

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	filters    []*filter // whose selections and conditions were added
}

// compiler gathers what the rules of one engine share.
type compiler struct {
	aliases map[string][]string // field name -> other names under which events have it
	fields  [][]string          // names to look up, in order; by field number
	numbers map[string]int

	placeholders    Placeholders
	placeholderName *regexp.Regexp
	optionDash      *regexp.Regexp
	warnings        []string // about the rule at hand
	made            int      // tests of the rule at hand
	// detailed makes items remember how they were written, for explanations.
	detailed bool
}

// keywordField is the number of the field that stands for the whole event.
const keywordField = 0

func newCompiler(t Tables) *compiler {
	return &compiler{
		aliases: t.Aliases, fields: [][]string{nil}, numbers: map[string]int{"": keywordField},
		placeholders: t.Placeholders, placeholderName: placeholderName(), optionDash: optionDash(),
	}
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

// mostWarnings bounds what is said of one rule.
const mostWarnings = 5

func (c *compiler) warn(format string, args ...any) {
	if len(c.warnings) < mostWarnings {
		c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
	}
}

// warned adds what was said of the rule at hand to what was known before.
func (c *compiler) warned(before string) string {
	if before != "" {
		c.warnings = slices.Insert(c.warnings, 0, before)
	}
	return strings.Join(c.warnings, "; ")
}

// Bounds of a rule: its selections, and what its values become once dashes,
// placeholders and encodings are written out.
const (
	mostSelections = 1000
	mostTests      = 200_000
)

var (
	errNoCondition = errors.New("want a condition")
	errTests       = fmt.Errorf("the rule's values become more than %d once they are written out", mostTests)
	errSelections  = fmt.Errorf("has more than %d selections", mostSelections)
)

// compile reads a rule's detection section.
func (c *compiler) compile(d *document, r detect.Rule) (*compiled, error) {
	s, err := c.section("detection", d.detection)
	if err != nil {
		return nil, err
	}
	r.Warning = c.warned(r.Warning)
	return &compiled{rule: r, source: d.source, selections: s.selections, condition: s.condition, alert: true}, nil
}

// section is a map of selections with a condition over them: a detection, or
// what a filter adds to one.
type section struct {
	names      []string
	selections []selection
	condition  expr
}

func (c *compiler) section(name string, n *yaml.Node) (section, error) {
	var s section
	c.warnings, c.made = nil, 0
	var condition *yaml.Node
	err := pairs(n, func(key, value *yaml.Node) error {
		switch key.Value {
		case "condition":
			condition = value
			return nil
		case "timeframe": // belonged to the aggregations that were taken out
			return nil
		case "rules":
			if name == "filter" {
				return nil
			}
		}
		if len(s.selections) == mostSelections {
			return errSelections
		}
		sel, err := c.selection(value)
		if err != nil {
			return at(value, fmt.Errorf("%s.%s: %w", name, key.Value, err))
		}
		s.names, s.selections = append(s.names, key.Value), append(s.selections, sel)
		return nil
	})
	switch {
	case errors.Is(err, errNoMap) && n.Kind != yaml.MappingNode:
		return s, at(n, fmt.Errorf("%s: want a map of selections and a condition", name))
	case err != nil:
		return s, err
	case condition == nil:
		return s, at(n, fmt.Errorf("%s: %w", name, errNoCondition))
	case len(s.selections) == 0:
		return s, at(n, fmt.Errorf("%s: want at least one selection", name))
	}
	s.condition, err = c.condition(condition, s.names)
	return s, at(condition, err)
}

// condition reads one condition, or a list of which one must hold.
func (c *compiler) condition(node *yaml.Node, names []string) (expr, error) {
	parse := parseCondition
	if c.detailed {
		parse = noteCondition
	}
	if node.Kind == yaml.ScalarNode {
		return parse(node.Value, names)
	}
	var list []expr
	for _, inner := range node.Content {
		if node.Kind != yaml.SequenceNode || inner.Kind != yaml.ScalarNode {
			return nil, errNoCondition
		}
		e, err := parse(inner.Value, names)
		if err != nil {
			return nil, at(inner, err)
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
			return sel, at(inner, errors.New("want maps or keywords in the list"))
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
		return sel, errEmpty
	}
	return sel, nil
}

var errEmpty = errors.New("is empty")

// keywords are searched in the whole event.
func (c *compiler) keywords(words []*yaml.Node) ([]item, error) {
	it, err := c.asks("", nil, modifiers{shape: contains}, words)
	return []item{it}, err
}

func (c *compiler) items(node *yaml.Node) ([]item, error) {
	items := make([]item, 0, len(node.Content)/2)
	err := pairs(node, func(key, value *yaml.Node) error {
		it, err := c.item(key.Value, value)
		if err != nil {
			return at(value, fmt.Errorf("%s: %w", key.Value, err))
		}
		items = append(items, it)
		return nil
	})
	if err == nil && len(items) == 0 {
		err = errEmpty
	}
	return items, err
}

// item reads "field|modifier|modifier" and its values.
func (c *compiler) item(key string, node *yaml.Node) (item, error) {
	name, chain := chainOf(key)
	m, err := parseModifiers(chain)
	switch {
	case err != nil:
		return item{}, err
	case name == "" && (m.kind == existsValue || m.kind == fieldValue):
		return item{}, fmt.Errorf("%s wants a field", m.kind)
	case name == "" && m.kind == textValue && m.shape == exact:
		m.shape = contains
	}
	values := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		values = node.Content
	} else if m.each && !m.windash && !m.expand {
		c.warn("%s: all is for a list of values, there is one", key)
	}
	return c.asks(name, chain, m, values)
}

// asks makes the item of a field and what it is asked for.
func (c *compiler) asks(name string, chain []string, m modifiers, values []*yaml.Node) (item, error) {
	it := item{field: c.field(name), each: m.each, negate: m.negate}
	var list []asked
	var err error
	if m.kind == existsValue {
		it.exists, err = existence(values)
	} else {
		list, it.null, err = m.values(c, values)
	}
	switch {
	case err != nil:
		return it, err
	case it.exists == 0 && !it.null && len(list) == 0:
		return it, errors.New("has no value")
	case it.null && len(list) > 0:
		c.warn("%s: null stands in a list of values, which Sigma does not allow; it is met as if it had a line of its own", name)
	}
	for _, a := range list {
		it.tests = append(it.tests, a.tests...)
	}
	if c.detailed {
		it.written = &written{chain, list, values, it.negate && unset(it.tests)}
	}
	if it.negate && unset(it.tests) {
		it.tests, it.negate, it.null = []predicate{never{}}, false, false
	}
	return it, nil
}

// unset tells whether a placeholder among the values is not configured.
func unset(tests []predicate) bool {
	for _, t := range tests {
		if _, ok := t.(never); ok {
			return true
		}
	}
	return false
}

func existence(values []*yaml.Node) (int8, error) {
	if len(values) == 1 && values[0].Kind == yaml.ScalarNode {
		switch strings.ToLower(values[0].Value) {
		case "true", "yes":
			return 1, nil
		case "false", "no":
			return -1, nil
		}
	}
	return 0, errors.New("exists wants true or false")
}
