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
	aliases detect.Names
	fields  []detect.Field // by field number
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
		aliases: t.Aliases, fields: []detect.Field{nil}, numbers: map[string]int{"": keywordField},
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
	c.fields = append(c.fields, c.aliases.Field(name))
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
