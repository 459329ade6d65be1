package normalise

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"warder/internal/flow"
)

// maxAttribute bounds one attribute in bytes; the raw record has the rest.
const maxAttribute = 16 << 10

// draft is an event while a parser fills it in.
type draft struct {
	ev     flow.Event
	raw    *flow.Raw
	zone   *time.Location // for times that name none
	claims []claim
	// relayed says that only the sender's address was known: it may have
	// passed on what another system saw.
	relayed bool
	// wrong is the first thing that is wrong with a record that can be read
	// otherwise: its event keeps what it is about, and says so.
	wrong error
}

// claim says that the record names an asset. The identifiers are alternatives,
// most telling first; the first that an asset carries wins.
type claim struct {
	role flow.Role
	by   []flow.Identifier
	// quiet claims never become unknown assets: nothing shows that there is
	// anything at an address that was only tried.
	quiet bool
}

// set gives an attribute a value; empty values and the dash that several
// senders write for nothing are left out.
func (d *draft) set(name, value string) {
	if value == "" || value == "-" {
		return
	}
	if d.ev.Attributes == nil {
		d.ev.Attributes = make(map[string]string, 12)
	}
	d.ev.Attributes[name] = clean(value)
}

func (d *draft) get(name string) string { return d.ev.Attributes[name] }

// claim notes that the record names an asset by one identifier.
func (d *draft) claim(role flow.Role, kind flow.IdentifierKind, value string) {
	if value == "" || value == "-" {
		return
	}
	d.claimAny(role, flow.Identifier{Kind: kind, Value: clean(value)})
}

// claimAny notes that the record names an asset in one of several ways.
func (d *draft) claimAny(role flow.Role, ids ...flow.Identifier) {
	d.claims = append(d.claims, claim{role: role, by: ids})
}

// at sets the event's time from what the sender wrote. A time that is there and
// cannot be read is wrong; one of a clock that was never set only says nothing.
func (d *draft) at(v any) {
	if t, ok := readTime(v, d.zone); ok {
		d.said(t)
	} else if stated(v) {
		d.fault(fmt.Errorf("read the time: %s is no time", quoted(v)))
	}
}

// said sets the event's time from what the sender's clock says. One far ahead is
// wrong, and told: nothing else would show it, since the event takes the time of
// its acceptance.
func (d *draft) said(t time.Time) {
	if !d.took(t) && t.After(d.raw.Received) {
		d.fault(fmt.Errorf("read the time: the sender's clock says %s, which is far ahead", t.UTC().Format(time.RFC3339)))
	}
}

// took sets the event's time if it can be; false when it says nothing.
func (d *draft) took(t time.Time) bool {
	if !plausible(t, d.raw.Received) {
		return false
	}
	d.ev.Time = t
	return true
}

// fault notes what is wrong with a record that is read on.
func (d *draft) fault(err error) {
	if d.wrong == nil {
		d.wrong = err
	}
}

// clean makes a value fit for an attribute: valid UTF-8 of bounded length.
func clean(s string) string {
	if len(s) > maxAttribute {
		s = s[:maxAttribute]
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}
