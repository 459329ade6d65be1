package events

import (
	"bytes"
	"math/bits"
	"strconv"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"warder/internal/flow"
)

// What stands in an event twice is kept once. A sender's record that came as JSON
// is its own original: then the column original_in says raw, and original is
// empty. After a blank it lists the numbers that searches write another way than
// the record does: the flags of Windows events are integers beyond the precision
// of JSON's numbers. A text for people that is one of the original's own fields is not kept
// in the column message either: message_in says which field that is.
const (
	colOriginalIn = "original_in"
	colMessageIn  = "message_in"
	inRaw         = "raw"
)

// twins finds what of an event is there twice. It is used by one goroutine.
type twins struct {
	parser fastjson.Parser
	odd    []byte // numbers that are written another way, each after a blank
}

// mostOdd bounds the bytes of odd numbers: they are to be few and always the same.
const mostOdd = 64

// originalIn returns inRaw when the raw bytes are the original as JSON would have
// it written, so that a search may look at either.
func (t *twins) originalIn(e *flow.Event) string {
	if len(e.Original) == 0 || len(e.Raw) == 0 || e.Raw[0] != '{' || !plainJSON(e.Raw) {
		return ""
	}
	t.odd = t.odd[:0]
	v, err := t.parser.ParseBytes(e.Raw)
	if err != nil || v.Type() != fastjson.TypeObject || !t.sameObject(v.GetObject(), e.Original) || len(t.odd) > mostOdd {
		return ""
	}
	return inRaw + string(t.odd)
}

// plainJSON tells that no character is written in a way that encoding/json would
// not choose, or would not read: it refuses the control characters that some
// senders leave in their texts. What is indented with them is kept twice.
func plainJSON(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] < ' ':
			return false
		case raw[i] != '\\':
			continue
		}
		if i++; i == len(raw) {
			return false
		}
		switch raw[i] {
		case '"', '\\', 'n', 'r', 't':
		default:
			return false
		}
	}
	return utf8.Valid(raw) && !bytes.Contains(raw, []byte("\u2028")) && !bytes.Contains(raw, []byte("\u2029"))
}

func (t *twins) sameObject(o *fastjson.Object, want map[string]any) bool {
	if o.Len() != len(want) {
		return false // also when a name stands in it twice
	}
	same := true
	o.Visit(func(name []byte, v *fastjson.Value) {
		w, ok := want[string(name)]
		same = same && ok && t.sameValue(v, w)
	})
	return same
}

func (t *twins) sameValue(v *fastjson.Value, want any) bool {
	switch want := want.(type) {
	case nil:
		return v.Type() == fastjson.TypeNull
	case bool:
		return want && v.Type() == fastjson.TypeTrue || !want && v.Type() == fastjson.TypeFalse
	case string:
		return v.Type() == fastjson.TypeString && string(v.GetStringBytes()) == want
	case float64:
		return v.Type() == fastjson.TypeNumber && t.sameNumber(v, want)
	case map[string]any:
		return v.Type() == fastjson.TypeObject && t.sameObject(v.GetObject(), want)
	case []any:
		items := v.GetArray()
		if v.Type() != fastjson.TypeArray || len(items) != len(want) {
			return false
		}
		for i, item := range items {
			if !t.sameValue(item, want[i]) {
				return false
			}
		}
		return true
	}
	return false
}

// sameNumber asks that the number is written as searches write it, too, unless it
// is a large integer of few bits.
func (t *twins) sameNumber(v *fastjson.Value, want float64) bool {
	text := strconv.AppendFloat(nil, want, 'f', -1, 64)
	if plainNumber(v, text) {
		return true
	}
	n, err := v.Int64()
	if err != nil || float64(n) != want || bits.TrailingZeros64(uint64(n)) < 32 || !plainNumber(v, strconv.AppendInt(nil, n, 10)) {
		return false
	}
	if !bytes.Contains(t.odd, text) {
		t.odd = append(append(t.odd, ' '), text...)
	}
	return true
}

func plainNumber(v *fastjson.Value, text []byte) bool {
	var space [32]byte
	return bytes.Equal(v.MarshalTo(space[:0]), text)
}

// messageIn returns the name of the original's field that is the message.
func messageIn(e *flow.Event) string {
	message := e.Attributes[flow.AttrMessage]
	if message == "" {
		return ""
	}
	for _, name := range [...]string{"Message", "message"} {
		if text, ok := e.Original[name].(string); ok && text == message {
			return name
		}
	}
	return ""
}

// marks say what of an event stands elsewhere in it.
type marks struct{ original, message string }

// restore puts it where it belongs.
func (m marks) restore(e *flow.Event) error {
	if m.original != "" {
		if err := readDocument(e.Raw, &e.Original); err != nil {
			return err
		}
	}
	if m.message == "" {
		return nil
	}
	text, _ := e.Original[m.message].(string)
	e.Attributes = withMessage(e.Attributes, text)
	return nil
}

func withMessage(attributes map[string]string, text string) map[string]string {
	if attributes == nil {
		attributes = map[string]string{}
	}
	attributes[flow.AttrMessage] = text
	return attributes
}
