package sigma

import (
	"net/netip"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// predicate is a test of one value of a field: a *like, matches, inNetwork,
// compares, clock, sameAs, never, or either, which holds several of one value.
// They are evaluated by the engine and, apart from it, for explanations.
type predicate interface{ isPredicate() }

func (*like) isPredicate()     {}
func (matches) isPredicate()   {}
func (inNetwork) isPredicate() {}
func (compares) isPredicate()  {}
func (clock) isPredicate()     {}
func (sameAs) isPredicate()    {}
func (never) isPredicate()     {}
func (either) isPredicate()    {}

type like struct {
	pattern
	cased bool
}

type matches struct{ re *regexp.Regexp }

type inNetwork struct{ prefix netip.Prefix }

func (p inNetwork) meets(text string) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && p.prefix.Contains(addr.Unmap().WithZone(""))
}

type compares struct {
	op string // lt, lte, gt, gte
	to float64
}

func (p compares) meets(n float64) bool {
	switch p.op {
	case "lt":
		return n < p.to
	case "lte":
		return n <= p.to
	case "gt":
		return n > p.to
	}
	return n >= p.to
}

// never is met by nothing: a placeholder that is not configured. An item that
// holds one and is negated is made of it alone, without the negation.
type never struct{}

// sameAs compares with another field of the event.
type sameAs struct {
	field int
	shape shape
	cased bool
}

// compare holds two texts against each other, both folded unless the case counts.
func (p sameAs) compare(a, b string) bool {
	switch p.shape {
	case contains:
		return strings.Contains(a, b)
	case startsWith:
		return strings.HasPrefix(a, b)
	case endsWith:
		return strings.HasSuffix(a, b)
	}
	return a == b
}

// either is met by one of several writings of the same value.
type either []predicate

// item is one line of a selection: a field and what it must meet.
type item struct {
	field  int
	tests  []predicate
	each   bool // every test must be met (modifier all)
	negate bool // neq
	null   bool // null is among the values
	exists int8 // 1: must exist, -1: must not, 0: modifier not used
	// written is how the rule says it; only for explanations.
	written *written
}

// written is an item as its rule writes it.
type written struct {
	chain  []string // modifiers
	asked  []asked
	values []*yaml.Node
	never  bool // a placeholder is not configured and the item is negated
}

// selection is lists of items: one list must hold whole.
type selection struct{ any [][]item }
