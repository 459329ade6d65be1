package sigma

import (
	"hash/maphash"
	"math/bits"
	"strings"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// nameTable numbers the names that fields have in events.
type nameTable struct {
	seed  maphash.Seed
	slots []int32 // number plus one
	names []string
	// odd tells that a name holds U+FFFD, which a key may be only after repair.
	odd bool
}

func newNameTable(names []string) *nameTable {
	t := &nameTable{seed: maphash.MakeSeed(), slots: make([]int32, 1<<bits.Len(uint(3*len(names))))}
	for _, name := range names {
		at, number := t.seek(name)
		if number >= 0 {
			continue
		}
		t.names = append(t.names, name)
		t.slots[at] = int32(len(t.names))
		t.odd = t.odd || strings.ContainsRune(name, '\uFFFD')
	}
	return t
}

// seek gives the place of a name, and its number or -1.
func (t *nameTable) seek(name string) (at int, number int32) {
	mask := len(t.slots) - 1
	at = int(maphash.String(t.seed, name)) & mask
	for t.slots[at] != 0 {
		if number := t.slots[at] - 1; t.names[number] == name {
			return at, number
		}
		at = (at + 1) & mask
	}
	return at, -1
}

// nameRef is one of the names of a field as a record is asked for it.
type nameRef struct {
	name   string
	number int32 // in the name table
	words  bool  // its text holds several values
	dotted bool
	// own is a field that events have by themselves: of a record it is always
	// constant, or absent when that is empty, whatever the record holds.
	own      bool
	constant string
}

// refer makes the references of the fields. What a bare event gives by itself is
// found by asking one.
func (e *Engine) refer() {
	names := []string{"Event", "winlog", "log"}
	for _, list := range e.fields {
		names = append(names, list...)
	}
	e.names = newNameTable(names)
	e.refs = make([][]nameRef, len(e.fields))
	for field, list := range e.fields {
		for _, name := range list {
			_, number := e.names.seek(name)
			ref := nameRef{name: name, number: number, words: e.words[name], dotted: strings.Contains(name, ".")}
			const mark = "the record's own"
			v, _ := detect.Lookup(bareEvent(), []map[string]any{{name: mark}}, name)
			if v != mark {
				ref.own, ref.constant = true, detect.Text(v)
			}
			e.refs[field] = append(e.refs[field], ref)
		}
	}
}

// bareEvent is what a Scanner takes a record to be, but for the record itself.
func bareEvent() *flow.Event {
	return &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther}
}
