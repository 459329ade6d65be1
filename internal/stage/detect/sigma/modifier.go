package sigma

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	errObjectValue = errors.New("a value is a map or a list, where text, a number or null is wanted")
	errNullValue   = errors.New("null is no text: give it a line of its own, without modifiers but neq")
)

// modifiers is a field's chain of modifiers, sorted out.
type modifiers struct {
	kind   valueKind
	shape  shape    // exact, contains, startsWith, endsWith
	encode []string // base64, base64offset, utf16..., in their order
	flags  string   // of re
	number string   // lt, lte, gt, gte
	part   timePart

	each, cased, windash, negate, expand bool
}

// valueKind is what a chain makes of the values.
type valueKind uint8

const (
	textValue valueKind = iota
	existsValue
	regexpValue
	networkValue
	numberValue
	dateValue
	fieldValue
)

// parseModifiers sorts a chain out, and refuses what has no meaning.
func parseModifiers(chain []string) (modifiers, error) {
	var m modifiers
	for i, name := range chain {
		if slices.Contains(chain[:i], name) && !encodes(name) {
			return m, fmt.Errorf("modifier %q comes twice", name)
		}
		if err := m.add(name); err != nil {
			return m, err
		}
	}
	return m, m.check(chain)
}

func (m *modifiers) add(name string) error {
	switch name {
	case "all":
		m.each = true
	case "cased":
		m.cased = true
	case "neq":
		m.negate = true
	case "windash", "expand":
		return m.rewrite(name)
	case "contains", "startswith", "endswith":
		return m.place(name)
	case "i", "m", "s":
		if m.kind != regexpValue {
			return fmt.Errorf("modifier %q only follows re", name)
		}
		m.flags += name
	case "exists":
		return m.become(existsValue, name)
	case "re":
		return m.become(regexpValue, name)
	case "cidr":
		return m.become(networkValue, name)
	case "fieldref":
		return m.become(fieldValue, name)
	case "lt", "lte", "gt", "gte":
		return m.compare(name)
	case "minute", "hour", "day", "week", "month", "year":
		return m.date(name)
	default:
		if !encodes(name) {
			return fmt.Errorf("modifier %q is not known", name)
		}
		if m.shape != exact {
			return fmt.Errorf("modifier %q must stand before contains, startswith and endswith: the wildcards of those cannot be encoded", name)
		}
		m.encode = append(m.encode, name)
	}
	return nil
}

func encodes(name string) bool {
	switch name {
	case "base64", "base64offset", "wide", "utf16le", "utf16be", "utf16":
		return true
	}
	return false
}

// rewrite notes what changes the text of a value, which must still be text.
func (m *modifiers) rewrite(name string) error {
	if len(m.encode) > 0 {
		return fmt.Errorf("modifier %q must stand before %q", name, m.encode[0])
	}
	if name == "windash" {
		m.windash = true
	} else {
		m.expand = true
	}
	return nil
}

func (m *modifiers) place(name string) error {
	if m.shape != exact {
		return errors.New("only one of contains, startswith and endswith makes sense")
	}
	m.shape = map[string]shape{"contains": contains, "startswith": startsWith, "endswith": endsWith}[name]
	return nil
}

func (m *modifiers) become(kind valueKind, name string) error {
	if m.kind != textValue {
		return fmt.Errorf("modifier %q cannot be combined with %s", name, m.kind)
	}
	m.kind = kind
	return nil
}

func (m *modifiers) compare(name string) error {
	if m.number != "" {
		return fmt.Errorf("modifier %q cannot be combined with %q; write a line for each", name, m.number)
	}
	m.number = name
	if m.kind == dateValue {
		return nil
	}
	return m.become(numberValue, name)
}

func (m *modifiers) date(name string) error {
	m.part = map[string]timePart{
		"minute": minutePart, "hour": hourPart, "day": dayPart, "week": weekPart, "month": monthPart, "year": yearPart,
	}[name]
	if m.kind == numberValue {
		m.kind = dateValue
		return nil
	}
	return m.become(dateValue, name)
}

func (k valueKind) String() string {
	return [...]string{"text", "exists", "re", "cidr", "lt, lte, gt or gte", "a part of a date", "fieldref"}[k]
}

// check refuses combinations that have no meaning, whatever their order.
func (m *modifiers) check(chain []string) error {
	onlyText := ""
	switch {
	case m.windash:
		onlyText = "windash"
	case len(m.encode) > 0:
		onlyText = m.encode[0]
	case m.cased && m.kind != fieldValue:
		onlyText = "cased"
	case m.shape != exact && m.kind != fieldValue:
		onlyText = "contains, startswith or endswith"
	}
	switch {
	case onlyText != "" && m.kind != textValue:
		return fmt.Errorf("%s is for text and cannot be combined with %s", onlyText, m.kind)
	case m.kind == existsValue && len(chain) > 1:
		return errors.New("exists stands alone")
	case m.number != "" && m.negate:
		return fmt.Errorf("neq cannot be combined with %s", m.number)
	case m.expand && m.kind == fieldValue:
		return errors.New("expand cannot be combined with fieldref")
	}
	return nil
}

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
	if m.kind == regexpValue {
		text, quote = n.Value, regexp.QuoteMeta
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
	front := m.shape == contains || m.shape == endsWith
	back := m.shape == contains || m.shape == startsWith
	p := &like{cased: m.cased}
	if !m.cased {
		folded := make([]piece, len(pieces))
		for i, x := range pieces {
			folded[i] = piece{fold(x.literal), x.one, x.many}
		}
		pieces = folded
	}
	p.pattern = newPattern(openAt(pieces, front, back))
	return p
}

// chainOf takes a key apart: "field|modifier|modifier".
func chainOf(key string) (field string, chain []string) {
	field, rest, ok := strings.Cut(key, "|")
	if ok {
		chain = strings.Split(rest, "|")
	}
	return field, chain
}
