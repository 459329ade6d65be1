package sigma

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// predicate is a test of one value of a field. The engine compiles these kinds:
// *like, matches, inNetwork, compares, clock, sameAs, never, and either, which
// holds several of one value.
type predicate interface {
	// holds gets the reading too: fieldref compares with another field.
	holds(v *value, r *reading) bool
}

type like struct {
	pattern
	cased bool
}

func (p *like) holds(v *value, _ *reading) bool {
	if v.null {
		return false
	}
	if p.cased {
		return p.match(v.text)
	}
	return p.match(v.folded)
}

type matches struct{ re *regexp.Regexp }

func (p matches) holds(v *value, _ *reading) bool { return !v.null && p.re.MatchString(v.text) }

type inNetwork struct{ prefix netip.Prefix }

func (p inNetwork) holds(v *value, _ *reading) bool {
	return !v.null && p.meets(v.text)
}

func (p inNetwork) meets(text string) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && p.prefix.Contains(addr.Unmap().WithZone(""))
}

type compares struct {
	op string // lt, lte, gt, gte
	to float64
}

func (p compares) holds(v *value, _ *reading) bool {
	n, ok := numberOf(v.text)
	return ok && p.meets(n)
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

func (never) holds(*value, *reading) bool { return false }

// sameAs compares with another field of the event.
type sameAs struct {
	field int
	shape shape
	cased bool
}

func (p sameAs) holds(v *value, r *reading) bool {
	if v.null {
		return false
	}
	for i := range r.field(p.field).values {
		other := &r.field(p.field).values[i]
		if other.null {
			continue
		}
		if p.cased && p.compare(v.text, other.text) || !p.cased && p.compare(v.folded, other.folded) {
			return true
		}
	}
	return false
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

func (e either) holds(v *value, r *reading) bool {
	return slices.ContainsFunc(e, func(p predicate) bool { return p.holds(v, r) })
}

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

func isNull(s *slot) bool {
	for i := range s.values {
		if s.values[i].null {
			return true
		}
	}
	return !s.present
}

// selection is lists of items: one list must hold whole.
type selection struct{ any [][]item }
