package sigma

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"
)

var (
	errObjectValue = errors.New("a value is a map, where text, a number or null is wanted")
	errWildcard    = errors.New("wildcards cannot be encoded")
)

// modifiers is a field's chain of modifiers, sorted out.
type modifiers struct {
	shape    shape    // exact, contains, startsWith, endsWith
	encode   []string // base64, base64offset, utf16..., in their order
	each     bool
	cased    bool
	windash  bool
	negate   bool
	fieldref bool
	exists   bool
	cidr     bool
	re       bool
	flags    string // of re
	number   string // lt, lte, gt, gte
}

func parseModifiers(chain []string) (modifiers, error) {
	var m modifiers
	for _, name := range chain {
		switch name {
		case "contains":
			m.shape = contains
		case "startswith":
			m.shape = startsWith
		case "endswith":
			m.shape = endsWith
		case "all":
			m.each = true
		case "cased":
			m.cased = true
		case "windash":
			m.windash = true
		case "neq":
			m.negate = true
		case "fieldref":
			m.fieldref = true
		case "exists":
			m.exists = true
		case "cidr":
			m.cidr = true
		case "re":
			m.re = true
		case "i", "m", "s":
			m.flags += name
		case "lt", "lte", "gt", "gte":
			m.number = name
		case "base64", "base64offset", "wide", "utf16le", "utf16be", "utf16":
			m.encode = append(m.encode, name)
		case "expand":
			return m, errors.New("modifier expand: no placeholders are configured")
		default:
			return m, fmt.Errorf("modifier %q is not known", name)
		}
	}
	if m.flags != "" && !m.re {
		return m, fmt.Errorf("modifier %q only follows re", m.flags)
	}
	return m, nil
}

// tests turns the values of a field into predicates; null is told apart.
func (m modifiers) tests(c *compiler, values []*yaml.Node) (tests []predicate, null bool, err error) {
	for _, v := range values {
		if v.Kind != yaml.ScalarNode {
			return nil, false, errObjectValue
		}
		if v.Tag == "!!null" {
			null = true
			continue
		}
		more, err := m.test(c, v)
		if err != nil {
			return nil, false, err
		}
		tests = append(tests, more...)
	}
	return tests, null, nil
}

func (m modifiers) test(c *compiler, v *yaml.Node) ([]predicate, error) {
	switch {
	case m.re:
		return m.regexp(v.Value)
	case m.cidr:
		prefix, err := netip.ParsePrefix(v.Value)
		if err != nil {
			return nil, fmt.Errorf("cidr: %w", err)
		}
		return []predicate{inNetwork{prefix.Masked()}}, nil
	case m.number != "":
		n, err := strconv.ParseFloat(v.Value, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no number", m.number, v.Value)
		}
		return []predicate{compares{m.number, n}}, nil
	case m.fieldref:
		return []predicate{sameAs{field: c.field(v.Value), shape: m.shape, cased: m.cased}}, nil
	}
	return m.texts(v)
}

func (m modifiers) regexp(expr string) ([]predicate, error) {
	if m.flags != "" {
		expr = "(?" + m.flags + ")" + expr
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, fmt.Errorf("re: %w", err)
	}
	return []predicate{matches{re}}, nil
}

// texts makes the predicates of a text value; encodings and windash make several.
func (m modifiers) texts(v *yaml.Node) ([]predicate, error) {
	variants := [][]piece{parsePattern(scalar(v))}
	if m.windash {
		variants = dashes(scalar(v))
	}
	var err error
	if len(m.encode) > 0 {
		if variants, err = m.encoded(variants); err != nil {
			return nil, err
		}
	}
	tests := make([]predicate, len(variants))
	for i, pieces := range variants {
		tests[i] = m.like(pieces)
	}
	if m.each && len(tests) > 1 {
		return []predicate{either(tests)}, nil
	}
	return tests, nil
}

// either is met by one of several writings of the same value.
type either []predicate

func (e either) holds(v *value, r *reading) bool {
	return slices.ContainsFunc(e, func(p predicate) bool { return p.holds(v, r) })
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

// scalar is a YAML value as text. Numbers and truth values are taken as events
// write them, not as the file does.
func scalar(v *yaml.Node) string {
	switch v.Tag {
	case "!!bool":
		return strings.ToLower(v.Value)
	case "!!int":
		if n, err := strconv.ParseInt(v.Value, 0, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	case "!!float":
		if n, err := strconv.ParseFloat(v.Value, 64); err == nil {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	return v.Value
}

// encoded applies the encodings in their order.
func (m modifiers) encoded(variants [][]piece) ([][]piece, error) {
	var texts []string
	for _, pieces := range variants {
		text, ok := literalOf(pieces)
		if !ok {
			return nil, errWildcard
		}
		texts = append(texts, text)
	}
	for _, name := range m.encode {
		var next []string
		for _, text := range texts {
			next = append(next, encode(name, text)...)
		}
		texts = next
	}
	out := make([][]piece, len(texts))
	for i, text := range texts {
		out[i] = []piece{{literal: text}}
	}
	return out, nil
}

func encode(name, s string) []string {
	switch name {
	case "base64":
		return []string{base64.StdEncoding.EncodeToString([]byte(s))}
	case "base64offset":
		return offsets(s)
	case "utf16be":
		return []string{wide(s, true)}
	case "utf16": // with its byte order mark, little endian
		return []string{"\xff\xfe" + wide(s, false)}
	}
	return []string{wide(s, false)} // wide, utf16le
}

func wide(s string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		if bigEndian {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

// offsets gives the three forms that a text takes inside longer base64 text,
// without the letters at the ends that depend on its neighbours.
func offsets(s string) []string {
	start, end := [...]int{0, 2, 3}, [...]int{0, 3, 2}
	var out []string
	for shift := range 3 {
		full := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + s))
		to := len(full) - end[(len(s)+shift)%3]
		if from := start[shift]; from < to {
			out = append(out, full[from:to])
		}
	}
	return out
}

// mostDashes bounds the variants of one value: five writings of each dash.
const mostDashes = 3

// dashes gives a value with each option dash written in the ways that Windows
// programs accept. An option dash begins a word: -x or /x, not a-b or a/b.
func dashes(s string) [][]piece {
	at := regexp.MustCompile(`\B[-/]\b`).FindAllStringIndex(s, -1)
	if len(at) > mostDashes {
		at = at[:mostDashes]
	}
	texts := []string{s}
	for _, where := range slices.Backward(at) {
		var next []string
		for _, text := range texts {
			for _, dash := range [...]string{"-", "/", "–", "—", "―"} {
				next = append(next, text[:where[0]]+dash+text[where[1]:])
			}
		}
		texts = next
	}
	out := make([][]piece, len(texts))
	for i, text := range texts {
		out[i] = parsePattern(text)
	}
	return out
}
