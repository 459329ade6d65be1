package oracle

import (
	"fmt"
	"slices"
)

// numbers names the modifiers of Modifiers: Numeric Modifiers, dates those of
// Modifiers: Time Modifiers, places those that put wildcards around a value.
func numbers() []string { return []string{"lt", "lte", "gt", "gte"} }
func dates() []string   { return []string{"minute", "hour", "day", "week", "month", "year"} }
func places() []string  { return []string{"contains", "startswith", "endswith"} }

// checkChain is House: a chain of modifiers that has no meaning is refused. What
// has one follows from the headings of the modifiers: those for strings are for
// no value that another modifier made a number, a date, a network or an
// expression of.
func checkChain(chain []string, keyword bool) error {
	has := func(list ...string) bool {
		return slices.ContainsFunc(chain, func(m string) bool { return slices.Contains(list, m) })
	}
	kinds := 0 // of value; a part of a date is compared as a number
	for _, kind := range [][]string{append(numbers(), dates()...), {"exists"}, {"re"}, {"cidr"}, {"fieldref"}} {
		if has(kind...) {
			kinds++
		}
	}
	typed := kinds > 0
	switch {
	case kinds > 1, several(chain, numbers()), several(chain, dates()), several(chain, places()):
		return fmt.Errorf("modifiers %v: one excludes another", chain)
	case has("exists") && len(chain) > 1:
		return fmt.Errorf("modifiers %v: exists says all", chain)
	case has("exists", "fieldref") && keyword:
		return fmt.Errorf("modifiers %v: there is no field", chain)
	case typed && (has("windash") || slices.ContainsFunc(chain, encodes)):
		return fmt.Errorf("modifiers %v: only a string has dashes and encodings", chain)
	case typed && !has("fieldref") && has(append(places(), "cased")...):
		return fmt.Errorf("modifiers %v: only a string has parts and case", chain)
	case has(numbers()...) && has("neq"):
		return fmt.Errorf("modifiers %v: the contrary of a comparison is another one", chain)
	}
	return checkOrder(chain)
}

// checkOrder is Rules: Value Modifiers, "applied in the given order", where the
// order takes the meaning away: what is encoded has no dashes any more.
func checkOrder(chain []string) error {
	for i, modifier := range chain {
		before := chain[:i]
		if slices.Contains(before, modifier) && !encodes(modifier) {
			return fmt.Errorf("modifier %s: is there already", modifier)
		}
		if modifier == "windash" && slices.ContainsFunc(before, encodes) {
			return fmt.Errorf("modifier %s: after an encoding", modifier)
		}
	}
	return nil
}

func several(chain, of []string) bool {
	n := 0
	for _, modifier := range of {
		if slices.Contains(chain, modifier) {
			n++
		}
	}
	return n > 1
}

// nullable is Rules: Special Field Values: null "is its own type", and no string
// that could have parts, dashes or encodings; nor is it one of all values.
func nullable(chain []string) bool {
	return !slices.ContainsFunc(chain, func(m string) bool { return !slices.Contains([]string{"cased", "neq", "expand"}, m) })
}
