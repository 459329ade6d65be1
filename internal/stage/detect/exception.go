package detect

import (
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Bounds of exceptions.
const (
	mostConditions = 10
	mostInForce    = 100 // exceptions in force of one rule
	mostListed     = 200 // exceptions of one rule that are kept, whatever their state
	mostFieldName  = 200 // runes
	mostValue      = 1000
	mostWhy        = 1000
	// longestException: nobody remembers after a year why something is not shown.
	longestException = 366 * 24 * time.Hour
)

// Op is how a condition compares a field with its value.
type Op string

// The comparisons; all ignore case.
const (
	OpIs         Op = "is"
	OpContains   Op = "contains"
	OpStartsWith Op = "startswith"
	OpEndsWith   Op = "endswith"
	OpCIDR       Op = "cidr" // the field is an address of the network
)

// ExceptionPart is one demand on a field of an event.
type ExceptionPart struct {
	Field string `json:"field" doc:"as rules name it: the vocabulary's or the sender's own" minLength:"1" maxLength:"200" example:"source.ip"`
	Op    Op     `json:"op" enum:"is,contains,startswith,endswith,cidr"`
	Value string `json:"value" minLength:"1" maxLength:"1000"`
}

// State is where an exception stands.
type State string

// The states.
const (
	InForce State = "in-force"
	Expired State = "expired"
	Removed State = "removed"
)

// Exception says which matches of a rule nobody wants to see, for how long and
// why. A match is swallowed when its event meets every condition.
type Exception struct {
	ID    string          `json:"id"`
	Rule  string          `json:"rule"`
	When  []ExceptionPart `json:"when" doc:"all must hold"`
	Why   string          `json:"why"`
	Until time.Time       `json:"until"`
	Who   string          `json:"who" doc:"who made it, by name"`
	At    time.Time       `json:"at"`
	Hits  int64           `json:"hits" doc:"matches that it swallowed"`
	State State           `json:"state" enum:"in-force,expired,removed"`
}

// state tells where an exception stands at a time.
func (e *Exception) state(removed bool, now time.Time) State {
	switch {
	case removed:
		return Removed
	case !now.Before(e.Until):
		return Expired
	}
	return InForce
}

// excepting is an exception at work. It is never changed but for its counter.
type excepting struct {
	Exception
	removed bool
	fields  []Field                   // one for each condition
	tests   []func(value string) bool // likewise
	hits    *atomic.Int64             // survives the exception's snapshot
	kept    *atomic.Int64             // what of hits is in the database
}

func newExcepting(e Exception, names Names, removed bool, counted int64) (*excepting, error) {
	x := &excepting{Exception: e, removed: removed, hits: &atomic.Int64{}, kept: &atomic.Int64{}}
	x.hits.Store(counted)
	x.kept.Store(counted)
	for _, c := range e.When {
		test, err := c.compile()
		if err != nil {
			return nil, err
		}
		x.fields, x.tests = append(x.fields, names.Field(c.Field)), append(x.tests, test)
	}
	return x, nil
}

// covers tells whether the event meets every condition. The exception holds for
// events that were accepted before its end, so a replay decides the same.
func (x *excepting) covers(ev *flow.Event, scopes []map[string]any) bool {
	if x.removed || len(x.tests) == 0 || !ev.Received.Before(x.Until) {
		return false
	}
	for i, test := range x.tests {
		if v, _, ok := x.fields[i].In(ev, scopes); !ok || !anyText(v, test) {
			return false
		}
	}
	return true
}

// anyText tells whether a scalar, or one element of a list, meets a test.
func anyText(v any, test func(string) bool) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return anyText(inner, test) })
	case map[string]any:
		return false
	}
	return test(Text(v))
}

// compile checks a condition and makes its test.
func (c ExceptionPart) compile() (func(value string) bool, error) {
	if c.Field == "" || c.Value == "" {
		return nil, fault.New(fault.Invalid, "an exception's condition needs a field and a value")
	}
	if len([]rune(c.Field)) > mostFieldName || len([]rune(c.Value)) > mostValue {
		return nil, fault.New(fault.Invalid, "an exception's field has at most %d characters and its value at most %d", mostFieldName, mostValue)
	}
	want := strings.ToLower(c.Value)
	switch c.Op {
	case OpIs:
		return func(v string) bool { return strings.EqualFold(v, c.Value) }, nil
	case OpContains:
		return func(v string) bool { return strings.Contains(strings.ToLower(v), want) }, nil
	case OpStartsWith:
		return func(v string) bool { return strings.HasPrefix(strings.ToLower(v), want) }, nil
	case OpEndsWith:
		return func(v string) bool { return strings.HasSuffix(strings.ToLower(v), want) }, nil
	case OpCIDR:
		return inNetwork(c.Value)
	}
	return nil, fault.New(fault.Invalid, "%q is none of is, contains, startswith, endswith, cidr", c.Op)
}

// inNetwork tests for addresses of a network; a single address is a network of one.
func inNetwork(network string) (func(value string) bool, error) {
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		addr, bad := netip.ParseAddr(network)
		if bad != nil || addr.Zone() != "" {
			return nil, fault.New(fault.Invalid, "%q is no network: 10.20.0.0/16 or 2001:db8::/32 would be", network)
		}
		prefix = netip.PrefixFrom(addr, addr.BitLen())
	}
	return func(v string) bool {
		addr, err := netip.ParseAddr(v)
		return err == nil && prefix.Contains(addr.WithZone("").Unmap())
	}, nil
}

// checkException says what is wrong with a new exception.
func checkException(e Exception, now time.Time) error {
	switch {
	case len(e.When) == 0:
		return fault.New(fault.Invalid, "an exception needs a condition: without one it would be the whole rule; switch that off instead")
	case len(e.When) > mostConditions:
		return fault.New(fault.Invalid, "an exception has at most %d conditions", mostConditions)
	case !e.Until.After(now):
		return fault.New(fault.Invalid, "until %s has passed already: name a time in the future", e.Until.Format(time.RFC3339))
	case e.Until.Sub(now) > longestException:
		return fault.New(fault.Invalid, "an exception lasts a year at most: name a time before %s", now.Add(longestException).Format(time.RFC3339))
	}
	return checkWhy(e.Why)
}

// checkWhy wants a reason that is more than blanks.
func checkWhy(why string) error {
	if n := len([]rune(why)); strings.TrimSpace(why) == "" || n > mostWhy {
		return fault.New(fault.Invalid, "say why, in 1 to %d characters", mostWhy)
	}
	return nil
}
