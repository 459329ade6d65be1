package sigma

import (
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"warder/internal/stage/detect/sigma/index"
)

// val is one value of a field of the event at hand.
type val struct {
	text   string // as it came
	ready  string // as an index reads it: ASCII, or folded
	folded string // in full
	known  uint8  // which of the two were made
	null   bool
}

const (
	madeReady = 1 << iota
	madeFolded
)

// cell is what is known of a field of the event at hand: its values are
// from:to of the scratch's.
type cell struct {
	event    uint32 // the event that this is of
	from, to int32
	state    uint8
}

const (
	cellPresent = 1 << iota
	cellNull    // a value is null
	cellValue   // a value is not
	cellEnds    // the index has looked at the ends
	cellParts   // and at the parts
)

// add takes the values of what a field holds; a list gives each element.
func (s *scratch) add(v any, words bool) {
	switch v := v.(type) {
	case nil:
		s.values = append(s.values, val{null: true})
	case string:
		s.addText(v, words)
	case float64:
		s.float(v)
	case bool:
		s.values = append(s.values, val{text: strconv.FormatBool(v)})
	case []any:
		for _, item := range v {
			s.add(item, false)
		}
	case map[string]any:
		// An object has no text of its own; its fields have their dotted names.
	default:
		s.values = append(s.values, val{})
	}
}

// addText adds a text or, when it holds several values, each word of it.
func (s *scratch) addText(text string, words bool) {
	if !words || !strings.Contains(text, " ") {
		s.values = append(s.values, val{text: text})
		return
	}
	for w := range strings.FieldsSeq(text) {
		s.values = append(s.values, val{text: w})
	}
}

// float adds a number as detect.Text writes it.
func (s *scratch) float(v float64) {
	at := len(s.text)
	s.text = strconv.AppendFloat(s.text, v, 'f', -1, 64)
	s.values = append(s.values, val{text: textOf(s.text[at:])})
}

// ready is the value as an index reads it.
func (s *scratch) ready(v *val) string {
	if v.known&madeReady == 0 {
		v.ready, s.text = index.Ready(v.text, s.text)
		v.known |= madeReady
	}
	return v.ready
}

// folded is the value as fold makes it.
func (s *scratch) folded(v *val) string {
	if v.known&madeFolded == 0 {
		at := len(s.text)
		s.text = index.AppendFold(s.text, v.text)
		v.folded = textOf(s.text[at:])
		v.known |= madeFolded
	}
	return v.folded
}

// textOf looks at bytes as text. The scratch's bytes stay as they are until the
// next event: it only ever appends to them.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// repaired is text with U+FFFD for each byte that is no UTF-8, as encoding/json
// has it.
func (s *scratch) repaired(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	at := len(s.text)
	for _, r := range text {
		s.text = utf8.AppendRune(s.text, r)
	}
	return textOf(s.text[at:])
}
