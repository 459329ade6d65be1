package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

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
	if m.expand && !slices.ContainsFunc(values, c.hasPlaceholder) {
		c.warn("%s: expand has no placeholder such as %%name%% to expand; a backslash before one is written twice", key)
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
		c.warnUnreachable(name, chain, m.negate, a)
	}
	if c.detailed {
		it.written = &written{chain, list, values, it.negate && unset(it.tests)}
	}
	if it.negate && unset(it.tests) {
		it.tests, it.negate, it.null = []predicate{never{}}, false, false
	}
	return it, nil
}

// warnUnreachable says which value no date can have: 25 of an hour.
func (c *compiler) warnUnreachable(name string, chain []string, negate bool, a asked) {
	effect := "can never be met"
	if negate {
		effect = "leaves nothing out"
	}
	for _, t := range a.tests {
		if p, ok := t.(clock); ok && !p.reachable() {
			least, most := p.part.bounds()
			c.warn("%s|%s: %v %s: it is from %v to %v", name, strings.Join(chain, "|"), p.to, effect, least, most)
		}
	}
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
	if len(values) == 1 && values[0].Kind == yaml.ScalarNode && values[0].ShortTag() == "!!bool" {
		if strings.EqualFold(values[0].Value, "true") {
			return 1, nil
		}
		return -1, nil
	}
	return 0, errors.New("exists wants true or false, without quotes")
}
