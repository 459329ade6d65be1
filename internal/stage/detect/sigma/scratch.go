package sigma

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma/index"
)

// scratch is one event while it is matched: each field is looked up at most once,
// and each atom answered at most once, whatever number of rules ask. It belongs
// to one goroutine and is used again for the next event.
type scratch struct {
	engine *Engine
	number uint32      // of the event
	ev     *flow.Event // or, if it is nil, the record in view
	scopes []map[string]any
	view   *view

	slots  []cell
	values []val
	text   []byte       // of values that had to be made; only appended to
	found  *index.Found // atoms that hold
	denied []uint32     // atoms that do not: the number of the event

	tried []uint32 // rules: the number of the event
	met   []int32  // rules, by index
	key   []byte   // of the event's log sources
	last  *group   // of the event before, and its key
	was   []byte
}

func newScratch(e *Engine) *scratch {
	return &scratch{
		// Each begins elsewhere, so that events are timed also where scratches do
		// not last.
		number: e.scratches.Add(1) * 7 % sampled,
		engine: e, slots: make([]cell, len(e.fields)), found: index.NewFound(len(e.atoms)),
		denied: make([]uint32, len(e.atoms)), tried: make([]uint32, len(e.rules)),
	}
}

// mostKept bounds the memory that is kept from one event for the next, in bytes.
const mostKept = 1 << 20

// begin takes an event.
func (s *scratch) begin(ev *flow.Event) {
	if s.ev = ev; ev != nil {
		s.scopes = ev.Scopes()
	}
	s.number++
	if s.number == 0 { // every 2^32 events
		clear(s.slots)
		clear(s.denied)
		clear(s.tried)
		if s.view != nil {
			clear(s.view.names)
		}
		s.number = 1
	}
	s.values, s.text, s.met = s.values[:0], s.text[:0], s.met[:0]
	s.found.Clear()
}

// end lets go of the event.
func (s *scratch) end() {
	s.ev, s.scopes = nil, nil
	clear(s.values)
	if cap(s.text) > mostKept {
		s.text = nil
	}
	if cap(s.values)*int(unsafe.Sizeof(val{})) > mostKept {
		s.values = nil
	}
}

// field reads a field.
func (s *scratch) field(n int) *cell {
	at := &s.slots[n]
	if at.event == s.number {
		return at
	}
	from := len(s.values)
	present := s.read(n)
	*at = cell{event: s.number, from: int32(from), to: int32(len(s.values))}
	if present {
		at.state = cellPresent
	}
	for i := from; i < len(s.values); i++ {
		if s.values[i].null {
			at.state |= cellNull
		} else {
			at.state |= cellValue
		}
	}
	return at
}

func (s *scratch) of(at *cell) []val { return s.values[at.from:at.to] }

// read adds the values of a field and tells whether the event has it.
func (s *scratch) read(n int) bool {
	switch {
	case n == keywordField && s.ev == nil:
		s.takeLeaves()
		return true
	case n == keywordField:
		s.keywords()
		return true
	case s.ev == nil:
		return s.seek(n)
	}
	for i := range s.engine.refs[n] {
		if s.lookUp(&s.engine.refs[n][i]) {
			return true
		}
	}
	return false
}

// lookUp adds what detect.Lookup finds, without putting texts into interfaces:
// that would allocate.
func (s *scratch) lookUp(ref *nameRef) bool {
	text, ok, final := detect.Told(s.ev, ref.name)
	if !final {
		v, sent := detect.Sent(s.scopes, ref.name)
		if sent {
			s.add(v, ref.words)
			return true
		}
		text, ok = s.ev.Attributes[ref.name]
	}
	if ok {
		s.addText(text, ref.words)
	}
	return ok
}

// keywords adds everything that keywords are searched in.
func (s *scratch) keywords() {
	if s.ev.Format == flow.FormatSyslog {
		line := textOf(s.ev.Raw)
		if !utf8.ValidString(line) {
			line = strings.ToValidUTF8(line, "\uFFFD")
		}
		s.addText(line, false)
	}
	if len(s.ev.Raw) == 0 || s.ev.Original == nil {
		for _, v := range s.ev.Attributes {
			s.addText(v, false)
		}
	}
	s.leaves(s.ev.Original)
}

func (s *scratch) leaves(v any) {
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

// scan lets the field's index look at the values, as far as was not done.
func (s *scratch) scan(field int, at *cell, parts bool) {
	want := uint8(cellEnds)
	if parts {
		want |= cellParts
	}
	todo := want &^ at.state
	ix := s.engine.indexes[field]
	if todo == 0 || ix == nil || at.state&cellValue == 0 {
		return
	}
	at.state |= want
	for i := at.from; i < at.to; i++ {
		v := &s.values[i]
		if v.null {
			continue
		}
		text := s.ready(v)
		if todo&cellEnds != 0 {
			ix.Ends(text, s.found)
		}
		if todo&cellParts != 0 {
			ix.Parts(text, s.found)
		}
	}
}
