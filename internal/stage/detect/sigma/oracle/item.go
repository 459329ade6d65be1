package oracle

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// item is a field with its values (Rules: Maps), or keywords when it names no
// field.
type item struct {
	field   string
	keyword bool
	all     bool   // every value, not one of them
	negated bool   // neq
	cased   bool   // case counts
	kind    string // "" for text; otherwise the type modifier
	unset   bool   // a placeholder stands for nothing
	part    string // of a date: minute, hour ...; "" for the value itself
	tests   []test
}

// test says whether what an event holds is as one value of the rule says.
type test func(ev *Event, c content) bool

// newItem reads "field|modifier|modifier" with its values.
func newItem(key string, values []value, placeholders func(string) ([]string, bool)) (item, error) {
	parts := strings.Split(key, "|")
	d := draft{values: values, placeholders: placeholders}
	d.item.field, d.item.keyword = parts[0], parts[0] == ""
	if err := checkChain(parts[1:], d.item.keyword); err != nil {
		return item{}, fmt.Errorf("%s: %w", key, err)
	}
	null := slices.ContainsFunc(values, func(v value) bool { return v.null })
	if null && (d.item.keyword || !nullable(parts[1:])) {
		return item{}, fmt.Errorf("%s: null has no place here", key)
	}
	if err := d.expand(parts[1:]); err != nil {
		return item{}, fmt.Errorf("%s: %w", key, err)
	}
	for _, modifier := range parts[1:] {
		if err := d.apply(modifier); err != nil {
			return item{}, fmt.Errorf("%s: %w", key, err)
		}
	}
	if d.item.keyword && d.place == "" {
		d.widen("contains") // Rules: Keywords search, "across an entire event"
	}
	for _, v := range d.values {
		t, err := d.anyTest(v)
		if err != nil {
			return item{}, fmt.Errorf("%s: %w", key, err)
		}
		d.item.tests = append(d.item.tests, t)
	}
	return d.item, nil
}

// anyTest makes the test of one value, or of what its placeholders stand for, of
// which one has to be met.
func (d *draft) anyTest(v value) (test, error) {
	if !v.expanded {
		return d.test(v)
	}
	var tests []test
	for _, source := range v.sources {
		one := v
		one.source = source
		t, err := d.test(one)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return func(ev *Event, c content) bool {
		return slices.ContainsFunc(tests, func(t test) bool { return t(ev, c) })
	}, nil
}

// meets says whether the event is as the item says: one of the values, or all
// of them (Modifiers: Generic Modifiers, all), or the contrary (neq).
func (i item) meets(ev *Event) bool {
	if i.unset && i.negated {
		return false
	}
	var c content
	if i.keyword {
		c = content{present: true, texts: ev.leaves}
	} else {
		c = ev.field(i.field)
	}
	holds := func(t test) bool { return t(ev, c) }
	met := slices.ContainsFunc(i.tests, holds)
	if i.all {
		met = !slices.ContainsFunc(i.tests, func(t test) bool { return !holds(t) })
	}
	return met != i.negated
}

// test makes the test of one value. A field that the event lacks has no texts,
// and so meets nothing but null and exists: false (House).
func (d *draft) test(v value) (test, error) {
	if v.null {
		return func(_ *Event, c content) bool { return !c.present || c.null }, nil
	}
	switch d.item.kind {
	case "exists":
		return d.existsTest(v)
	case "re":
		return d.regexpTest(v)
	case "cidr":
		return cidrTest(v)
	case "fieldref":
		return d.fieldTest(v)
	case "lt", "lte", "gt", "gte":
		return d.numberTest(v, d.item.kind)
	}
	if d.item.part != "" {
		return d.numberTest(v, "eq")
	}
	var patterns []pattern
	for _, f := range v.forms {
		patterns = append(patterns, newPattern(f.signs, d.item.cased))
	}
	return someText(func(t text) bool {
		return slices.ContainsFunc(patterns, func(p pattern) bool { return p.meets(t) })
	}), nil
}

// someText is House: a list in the event is met when one element is.
func someText(meets func(t text) bool) test {
	return func(_ *Event, c content) bool { return slices.ContainsFunc(c.texts, meets) }
}

// existsTest is Rules: Field Existence; "only verifies the presence of a field,
// not its value, be it empty or null".
func (d *draft) existsTest(v value) (test, error) {
	if v.boolean == nil || len(d.values) > 1 { // Modifiers: exists, "by providing a boolean value"
		return nil, fmt.Errorf("exists takes true or false")
	}
	return func(_ *Event, c content) bool { return c.present == *v.boolean }, nil
}

// regexpTest is Modifiers: Regular Expression.
func (d *draft) regexpTest(v value) (test, error) {
	source := v.written
	if v.expanded {
		source = v.source
	}
	if d.flags != "" {
		source = "(?" + d.flags + ")" + source
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, err
	}
	return someText(func(t text) bool { return re.MatchString(string(t.plain)) }), nil
}

// cidrTest is Modifiers: IP (Internet Protocol) Modifiers. House: an IPv4 address
// written as IPv6 is the IPv4 address, a zone is no part of an address, and an
// address alone is a network of one.
func cidrTest(v value) (test, error) {
	network, err := readNetwork(v.source)
	return someText(func(t text) bool {
		ip, err := netip.ParseAddr(string(t.plain))
		return err == nil && network.Contains(ip.WithZone("").Unmap())
	}), err
}

func readNetwork(source string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(source); err == nil {
		return netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()), nil
	}
	network, err := netip.ParsePrefix(source)
	if err == nil && network.Addr().Is4In6() && network.Bits() >= 96 {
		return netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-96), nil
	}
	return network, err
}

// fieldTest is Modifiers: Specific Modifiers, fieldref: the texts of two fields
// are compared, no wildcards in either.
func (d *draft) fieldTest(v value) (test, error) {
	if v.source == "" {
		return nil, fmt.Errorf("fieldref names no field")
	}
	place, cased := d.place, d.item.cased
	return func(ev *Event, c content) bool {
		for _, other := range ev.field(v.source).texts {
			if slices.ContainsFunc(c.texts, func(t text) bool { return compare(t, other, place, cased) }) {
				return true
			}
		}
		return false
	}, nil
}

func compare(t, other text, place string, cased bool) bool {
	a, b := string(t.folded), string(other.folded)
	if cased {
		a, b = string(t.plain), string(other.plain)
	}
	switch place {
	case "contains":
		return strings.Contains(a, b)
	case "startswith":
		return strings.HasPrefix(a, b)
	case "endswith":
		return strings.HasSuffix(a, b)
	}
	return a == b
}

// numberTest is Modifiers: Numeric Modifiers, of the value or of a part of a
// date (Time Modifiers).
func (d *draft) numberTest(v value, operator string) (test, error) {
	limit, ok := number(v.source)
	if !ok {
		return nil, fmt.Errorf("%s: %q is no number", operator, v.source)
	}
	part := d.item.part
	return someText(func(t text) bool {
		n, ok := number(string(t.plain))
		if part != "" {
			n, ok = datePart(string(t.plain), part)
		}
		return ok && compareNumbers(n, limit, operator)
	}), nil
}

func compareNumbers(n, limit float64, operator string) bool {
	switch operator {
	case "lt":
		return n < limit
	case "lte":
		return n <= limit
	case "gt":
		return n > limit
	case "gte":
		return n >= limit
	}
	return n == limit
}

// datePart is Modifiers: Time Modifiers; "not designed to handle timezone or
// format conversions": the date counts as it is written.
func datePart(date, part string) (float64, bool) {
	at, ok := readDate(strings.TrimSpace(date))
	_, week := at.ISOWeek()
	parts := map[string]int{
		"minute": at.Minute(), "hour": at.Hour(), "day": at.Day(),
		"week": week, "month": int(at.Month()), "year": at.Year(),
	}
	return float64(parts[part]), ok
}

// readDate is House: parts of dates. A date has at most 64 bytes.
func readDate(date string) (time.Time, bool) {
	if len(date) > 64 {
		return time.Time{}, false
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05Z0700",
		"2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04", time.DateOnly, "2006/01/02 15:04:05",
	} {
		if at, err := time.Parse(layout, date); err == nil {
			return at, true
		}
	}
	n, ok := number(date)
	switch {
	case ok && n >= 1e8 && n < 1e11:
		return time.Unix(int64(n), 0).UTC(), true
	case ok && n >= 1e11 && n <= 1e14:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Time{}, false
}
