package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// modifiers is a field's chain of modifiers, sorted out.
type modifiers struct {
	kind   valueKind
	shape  shape    // exact, contains, startsWith, endsWith
	encode []string // base64, base64offset, utf16..., in their order
	flags  string   // of re
	number string   // lt, lte, gt, gte
	part   timePart
	after  int // how many of the encodings come after contains and its like

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
		if m.shape != exact && !encodesUnits(name) {
			return fmt.Errorf("modifier %q must stand before contains, startswith and endswith: the wildcards of those cannot be encoded", name)
		}
		if m.encode = append(m.encode, name); m.shape != exact {
			m.after++
		}
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

// chainOf takes a key apart: "field|modifier|modifier".
func chainOf(key string) (field string, chain []string) {
	field, rest, ok := strings.Cut(key, "|")
	if ok {
		chain = strings.Split(rest, "|")
	}
	return field, chain
}
