package oracle

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// value is one value of a rule while modifiers work on it.
type value struct {
	null    bool   // Rules: Special Field Values
	boolean *bool  // as YAML says
	source  string // its text, wildcards not read
	written string // as the file has it, which is what an expression is
	forms   []form // what it may look like; any of them will do

	expanded bool
	sources  []string // what it stands for, once it was expanded
}

func textValue(source string) value {
	return value{source: source, forms: []form{{signs: parseSigns(source)}}}
}

// readValue reads a scalar. Rules: General, "all values are treated as
// case-insensitive strings": a number is its text.
func readValue(node *yaml.Node) (value, error) {
	if node.Kind == yaml.AliasNode {
		return readValue(node.Alias)
	}
	v, err := readScalar(node)
	v.written = node.Value
	return v, err
}

func readScalar(node *yaml.Node) (value, error) {
	if node.Kind != yaml.ScalarNode {
		return value{}, fmt.Errorf("line %d: a value is text, a number, a boolean or null", node.Line)
	}
	switch node.ShortTag() {
	case "!!null":
		return value{null: true}, nil
	case "!!bool":
		var b bool
		err := node.Decode(&b)
		v := textValue(strconv.FormatBool(b))
		v.boolean = &b
		return v, err
	case "!!int", "!!float":
		return readNumber(node)
	default:
		return textValue(node.Value), nil
	}
}

// readNumber reads a number. A whole one that is too large for an event to hold
// exactly is met both as it is written and as events hold it (House: numbers).
func readNumber(node *yaml.Node) (value, error) {
	var n float64
	if err := node.Decode(&n); err != nil {
		return value{}, err
	}
	held := textValue(numberText(n))
	var whole int64
	switch {
	case math.IsInf(n, 0) || math.IsNaN(n): // JSON has no such number (House: numbers)
		return textValue(node.Value), nil
	case node.ShortTag() == "!!float":
		return held, nil
	case node.Decode(&whole) == nil:
		v := textValue(strconv.FormatInt(whole, 10))
		v.forms = append(v.forms, held.forms...)
		return v, nil
	}
	v := textValue(node.Value)
	v.forms = append(v.forms, held.forms...)
	return v, nil
}

// number reads a decimal number, of a rule or of an event; blanks around it are
// no part of it (House: numbers).
func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	for _, c := range s {
		if c == '_' || c == 'x' || c == 'X' || c == 'p' || c == 'P' {
			return 0, false // Go's own ways of writing numbers
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}
