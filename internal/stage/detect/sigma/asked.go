package sigma

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"

	"go.yaml.in/yaml/v3"
)

var (
	errObjectValue = errors.New("a value is a map or a list, where text, a number or null is wanted")
	errNoField     = errors.New("fieldref wants the name of the other field")
	errNullValue   = errors.New("null is no text: give it a line of its own, without modifiers but neq")
)

// asked is one value that a rule asks for, and the tests of which one must hold.
type asked struct {
	node  *yaml.Node
	tests []predicate
}

// values turns the values of a field into predicates; null is told apart.
func (m modifiers) values(c *compiler, nodes []*yaml.Node) (list []asked, null bool, err error) {
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			return nil, false, at(n, errObjectValue)
		}
		if isNothing(n) {
			if m.kind != textValue || m.shape != exact || len(m.encode) > 0 || m.windash || m.each {
				return nil, false, at(n, errNullValue)
			}
			null = true
			continue
		}
		tests, err := m.tests(c, n)
		if c.made += len(tests); err == nil && c.made > mostTests {
			err = errTests
		}
		if err != nil {
			return nil, false, at(n, err)
		}
		list = append(list, asked{n, tests})
	}
	return list, null, nil
}

// tests makes the predicates of one value, which placeholders may turn into many.
func (m modifiers) tests(c *compiler, n *yaml.Node) ([]predicate, error) {
	text, quote := scalar(n), func(s string) string { return s }
	switch {
	case m.kind == regexpValue:
		text, quote = n.Value, regexp.QuoteMeta
	case m.kind == textValue && text != n.Value && (n.ShortTag() == "!!int" || n.ShortTag() == "!!float"):
		c.warn("%s is read as the number %s; put it in quotes if it is meant as it is written", n.Value, text)
	}
	if !m.expand {
		tests, err := m.test(c, text)
		if kept, large := rounded(n); err == nil && large && m.kind == textValue {
			more, err := m.test(c, kept)
			return m.grouped(append(tests, more...)), err
		}
		return tests, err
	}
	texts, err := c.expand(text, quote)
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return []predicate{never{}}, nil
	}
	var list []predicate
	for _, text := range texts {
		tests, err := m.test(c, text)
		if err != nil {
			return nil, err
		}
		list = append(list, tests...)
	}
	return m.grouped(list), nil
}

// grouped makes several writings of one value one test, where each value is to
// be met.
func (m modifiers) grouped(tests []predicate) []predicate {
	if m.each && len(tests) > 1 {
		return []predicate{either(tests)}
	}
	return tests
}

func (m modifiers) test(c *compiler, text string) ([]predicate, error) {
	switch m.kind {
	case regexpValue:
		re, err := compileRegexp(text, m.flags)
		return []predicate{matches{re}}, err
	case networkValue:
		prefix, err := network(text)
		return []predicate{inNetwork{prefix}}, err
	case numberValue, dateValue:
		return m.numbers(text)
	case fieldValue:
		if text == "" {
			return nil, errNoField
		}
		return []predicate{sameAs{field: c.field(text), shape: m.shape, cased: m.cased}}, nil
	}
	return m.texts(c, text)
}

func (m modifiers) numbers(text string) ([]predicate, error) {
	to, ok := numberOf(text)
	if !ok {
		return nil, fmt.Errorf("%q is no number", text)
	}
	if m.kind == dateValue {
		return []predicate{clock{m.part, m.number, to}}, nil
	}
	return []predicate{compares{m.number, to}}, nil
}

// network reads a network, or a single address, which is a network of one.
func network(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		addr, single := netip.ParseAddr(text)
		if single != nil || addr.Zone() != "" {
			return prefix, fmt.Errorf("cidr: %q is no network such as 10.0.0.0/8 or fe80::/10", text)
		}
		prefix = netip.PrefixFrom(addr, addr.BitLen())
	}
	if prefix.Addr().Is4In6() && prefix.Bits() >= 96 { // events' addresses are compared as IPv4
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}

// texts makes the predicates of a text; encodings and windash make several.
func (m modifiers) texts(c *compiler, text string) ([]predicate, error) {
	writings := []string{text}
	if m.windash {
		var err error
		if writings, err = c.dashes(text); err != nil {
			return nil, err
		}
	}
	variants := make([][]piece, len(writings))
	for i, s := range writings {
		variants[i] = parsePattern(s)
	}
	if len(m.encode) > 0 {
		var err error
		if variants, err = m.encoded(variants); err != nil {
			return nil, err
		}
	}
	tests := make([]predicate, len(variants))
	for i, pieces := range variants {
		tests[i] = m.like(pieces)
	}
	return m.grouped(tests), nil
}

func (m modifiers) like(pieces []piece) *like {
	p := &like{cased: m.cased}
	if !m.cased {
		folded := make([]piece, len(pieces))
		for i, x := range pieces {
			folded[i] = piece{fold(x.literal), x.one, x.many}
		}
		pieces = folded
	}
	if m.after == 0 {
		pieces = m.open(pieces)
	}
	p.pattern = newPattern(pieces)
	return p
}

// open adds what contains, startswith and endswith add to a value.
func (m modifiers) open(pieces []piece) []piece {
	return openAt(pieces, m.shape == contains || m.shape == endsWith, m.shape == contains || m.shape == startsWith)
}
