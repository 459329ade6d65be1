package count

import (
	"encoding/binary"
	"time"

	"warder/internal/flow"
)

// An entry's text holds what is only needed when an alert is made, in as few
// bytes as may be: a million groups have to fit.
//
//	place of the rule in Of (2, little-endian) | id | number of events that it
//	stands for | their ids | body
//
// Texts have their length (uvarint) before them. The body may be missing.

// mostNames bounds the table of names. What finds no room there is written out.
const mostNames = 4096

// names are words that come again and again, by number from 1.
type names struct {
	list   []string
	number map[string]uint64
}

func newNames() names { return names{number: map[string]uint64{}} }

// append writes a word as its number, or as 0 and its text.
func (n *names) append(buf []byte, word string) []byte {
	number, ok := n.number[word]
	if !ok && len(n.list) < mostNames {
		n.list = append(n.list, word)
		number, ok = uint64(len(n.list)), true
		n.number[word] = number
	}
	if !ok {
		return appendText(append(buf, 0), word)
	}
	return binary.AppendUvarint(buf, number)
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}

func appendTime(buf []byte, t time.Time) []byte {
	return binary.AppendUvarint(binary.AppendVarint(buf, t.Unix()), uint64(t.Nanosecond()))
}

// appendHead writes what an entry always has.
func appendHead(buf []byte, rule uint16, hit *flow.Hit) []byte {
	buf = binary.LittleEndian.AppendUint16(buf, rule)
	buf = appendText(buf, hit.Event.ID)
	buf = binary.AppendUvarint(buf, uint64(len(hit.Through)))
	for _, id := range hit.Through {
		buf = appendText(buf, id)
	}
	return buf
}

// appendBody writes the event, less its id.
func (n *names) appendBody(buf []byte, ev *flow.Event) []byte {
	buf = appendTime(buf, ev.Time)
	buf = appendTime(buf, ev.Received)
	buf = n.append(buf, ev.Source)
	buf = n.append(buf, string(ev.Format))
	buf = n.append(buf, string(ev.Category))
	buf = appendText(buf, ev.Site)
	buf = appendText(buf, ev.Action)
	buf = appendText(buf, ev.Exercise)
	buf = binary.AppendUvarint(buf, uint64(len(ev.Assets)))
	for _, a := range ev.Assets {
		buf = appendText(buf, a.ID)
		buf = n.append(buf, string(a.Role))
		buf = n.append(buf, string(a.By))
		buf = appendText(buf, a.Value)
	}
	buf = binary.AppendUvarint(buf, uint64(len(ev.Attributes)))
	for name, v := range ev.Attributes {
		buf = n.append(buf, name)
		buf = appendText(buf, v)
	}
	return buf
}

// unpacking reads an entry's text. What is cut short reads as nothing.
type unpacking struct {
	rest string
	bad  bool
}

func (u *unpacking) uvarint() uint64 {
	var n uint64
	for i := 0; i < len(u.rest) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(u.rest[i]&0x7f) << (7 * i)
		if u.rest[i] < 0x80 {
			u.rest = u.rest[i+1:]
			return n
		}
	}
	u.rest, u.bad = "", true
	return 0
}

func (u *unpacking) varint() int64 {
	n := u.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (u *unpacking) take(n uint64) string {
	if n > uint64(len(u.rest)) {
		u.rest, u.bad = "", true
		return ""
	}
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s
}

func (u *unpacking) text() string { return u.take(u.uvarint()) }

func (u *unpacking) time() time.Time {
	sec := u.varint()
	return time.Unix(sec, int64(u.uvarint()%1e9)).UTC()
}

func (u *unpacking) name(n *names) string {
	number := u.uvarint()
	switch {
	case number == 0:
		return u.text()
	case number > uint64(len(n.list)):
		u.bad = true
		return ""
	}
	return n.list[number-1]
}

// head reads the event's id and those of the events that it stands for.
func (u *unpacking) head() (id string, through []string) {
	u.take(2)
	id = u.text()
	for n := u.uvarint(); n > 0 && !u.bad; n-- {
		through = append(through, u.text())
	}
	return id, through
}

// body reads the event; what it lacks stays empty.
func (u *unpacking) body(n *names, ev *flow.Event) {
	ev.Time, ev.Received = u.time(), u.time()
	ev.Source = u.name(n)
	ev.Format, ev.Category = flow.Format(u.name(n)), flow.Category(u.name(n))
	ev.Site, ev.Action, ev.Exercise = u.text(), u.text(), u.text()
	for n2 := u.uvarint(); n2 > 0 && !u.bad; n2-- {
		ev.Assets = append(ev.Assets, flow.AssetRef{
			ID: u.text(), Role: flow.Role(u.name(n)), By: flow.IdentifierKind(u.name(n)), Value: u.text(),
		})
	}
	count := u.uvarint()
	ev.Attributes = map[string]string{}
	for ; count > 0 && !u.bad; count-- {
		name := u.name(n)
		ev.Attributes[name] = u.text()
	}
}
