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
	values  []value
}

// reading is one event while it is matched: each field is looked up and folded
// at most once, whatever number of rules name it.
type reading struct {
	engine *Engine
	ev     *flow.Event
	scopes []map[string]any
	slots  []slot
	used   []int // slots to clear for the next event
	seen   []int // rules evaluated, by index: the number of the event
	number int
	routes []int  // that the event meets, by number
	key    []byte // of its combination of log sources
	met    []int8 // selections of the rule at hand: 0 not evaluated, 1 met, -1 not
}

func newReading(e *Engine) *reading {
	return &reading{engine: e, slots: make([]slot, len(e.fields)), seen: make([]int, len(e.rules))}
}

func (r *reading) begin(ev *flow.Event) {
	for _, i := range r.used {
		r.slots[i].read, r.slots[i].present = false, false
		clear(r.slots[i].values)
		r.slots[i].values = r.slots[i].values[:0]
	}
	r.used = r.used[:0]
	r.ev, r.scopes = ev, ev.Scopes()
	r.number++
}

func (r *reading) field(i int) *slot {
	s := &r.slots[i]
	if s.read {
		return s
	}
	s.read = true
	r.used = append(r.used, i)
	if i == keywordField {
		s.present = true
		r.keywords(s)
		return s
	}
	for _, name := range r.engine.fields[i] {
		if v, ok := detect.Lookup(r.ev, r.scopes, name); ok {
			s.present = true
			s.add(v, r.engine.words[name])
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
