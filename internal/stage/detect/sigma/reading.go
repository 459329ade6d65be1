package sigma

import (
	"strings"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// value is one value of a field: its text as it came and folded.
type value struct {
	text   string
	folded string
	null   bool
}

// slot holds a field of the event that is being read.
type slot struct {
	read    bool
	present bool
	name    string // the event's own
	values  []value
}

// reading is one event while it is explained: without any of the engine's short
// cuts, so that one can be held against the other.
type reading struct {
	fields [][]string // names, by field
	words  map[string]bool
	ev     *flow.Event
	scopes []map[string]any
	slots  []slot
}

func newReading(fields [][]string, ev *flow.Event) *reading {
	return &reading{fields: fields, words: listAttributes(), ev: ev, scopes: ev.Scopes(), slots: make([]slot, len(fields))}
}

func (r *reading) look(field int) ([]value, bool) {
	s := r.field(field)
	return s.values, s.present
}

func (r *reading) field(i int) *slot {
	s := &r.slots[i]
	if s.read {
		return s
	}
	s.read = true
	if i == keywordField {
		s.present = true
		r.keywords(s)
		return s
	}
	for _, name := range r.fields[i] {
		if v, ok := detect.Lookup(r.ev, r.scopes, name); ok {
			s.present, s.name = true, name
			s.add(v, r.words[name])
			break
		}
	}
	return s
}

// add takes the values of what a field holds; a list gives each element.
func (s *slot) add(v any, words bool) {
	switch v := v.(type) {
	case nil:
		s.values = append(s.values, value{null: true})
	case []any:
		for _, item := range v {
			s.add(item, false)
		}
	case map[string]any:
		// An object has no text of its own; its fields have their dotted names.
	default:
		text := detect.Text(v)
		if words && strings.Contains(text, " ") {
			for w := range strings.FieldsSeq(text) {
				s.values = append(s.values, value{text: w, folded: fold(w)})
			}
			return
		}
		s.values = append(s.values, value{text: text, folded: fold(text)})
	}
}

// keywords gathers everything that keywords are searched in.
func (r *reading) keywords(s *slot) {
	if r.ev.Format == flow.FormatSyslog {
		s.add(strings.ToValidUTF8(string(r.ev.Raw), "\uFFFD"), false)
	}
	if len(r.ev.Raw) == 0 || r.ev.Original == nil {
		for _, v := range r.ev.Attributes {
			s.add(v, false)
		}
	}
	s.leaves(r.ev.Original)
}

func (s *slot) leaves(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			s.leaves(inner)
		}
	case []any:
		for _, inner := range v {
			s.leaves(inner)
		}
	case nil:
	default:
		s.add(v, false)
	}
}
