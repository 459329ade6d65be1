package sigma

import (
	"fmt"
	"strings"

	"warder/internal/stage/detect/sigma/index"
)

// atom is a question about one field of an event that rules share: it is
// answered at most once for each event.
type atom struct {
	kind  atomKind
	field int
	looks needed    // of the kinds that an index decides: for what
	test  predicate // of atomTest
	// guards are atoms of which one holds whenever this one does; they are
	// decided by an index.
	guards []int32
}

type atomKind uint8

const (
	atomPresent atomKind = iota // the event has the field
	atomNull                    // it has not, or a value is null
	atomValue                   // a value is not null
	atomEnds                    // decided by index.Ends
	atomParts                   // decided by index.Parts
	atomTest                    // decided by looking at each value
)

// atomTable numbers the atoms of all rules, each once.
type atomTable struct {
	atoms   []atom
	numbers map[atomKey]int32
	fields  map[int]*index.Builder
}

type atomKey struct {
	kind  atomKind
	field int
	text  string // what tells atoms of one kind and field apart
}

func newAtomTable() *atomTable {
	return &atomTable{numbers: map[atomKey]int32{}, fields: map[int]*index.Builder{}}
}

// indexes builds the index of each field that has patterns.
func (t *atomTable) indexes(fields int) []*index.Index {
	list := make([]*index.Index, fields)
	for field, b := range t.fields {
		list[field] = b.Build()
	}
	return list
}

func (t *atomTable) intern(key atomKey, make func() atom) int32 {
	if n, ok := t.numbers[key]; ok {
		return n
	}
	a := make() // may number others
	n := int32(len(t.atoms))
	t.numbers[key] = n
	t.atoms = append(t.atoms, a)
	return n
}

// simple numbers an atom that needs nothing but its field.
func (t *atomTable) simple(kind atomKind, field int) term {
	return term{op: termAtom, atom: t.intern(atomKey{kind: kind, field: field}, func() atom {
		return atom{kind: kind, field: field}
	})}
}

// item makes the term of one line of a selection.
func (t *atomTable) item(it *item) term {
	if it.exists != 0 {
		if it.field == keywordField {
			return constant(it.exists > 0)
		}
		present := t.simple(atomPresent, it.field)
		if it.exists < 0 {
			return negation(present)
		}
		return present
	}
	tests := make([]term, len(it.tests))
	for i, p := range it.tests {
		tests[i] = t.predicate(it.field, p)
	}
	met := atLeast(1, tests)
	if it.each {
		met = conjunction(tests)
		if len(tests) == 0 {
			met = constant(false)
		}
	}
	if it.null {
		met = atLeast(1, []term{t.simple(atomNull, it.field), met})
	}
	if it.negate {
		return negation(met)
	}
	return met
}

// predicate makes the term "some value of the field meets p".
func (t *atomTable) predicate(field int, p predicate) term {
	switch p := p.(type) {
	case never:
		return constant(false)
	case either:
		list := make([]term, len(p))
		for i, inner := range p {
			list[i] = t.predicate(field, inner)
		}
		return atLeast(1, list)
	case *like:
		if p.kind == anything {
			return t.simple(atomValue, field)
		}
		if !p.cased && p.kind != glob {
			return t.indexed(field, kindOf(p.kind), p.text)
		}
	}
	return term{op: termAtom, atom: t.intern(atomKey{atomTest, field, describe(p)}, func() atom {
		return atom{kind: atomTest, field: field, test: p, guards: t.guards(field, p)}
	})}
}

func kindOf(s shape) index.Kind {
	switch s {
	case contains:
		return index.Contains
	case startsWith:
		return index.Prefix
	case endsWith:
		return index.Suffix
	}
	return index.Equals
}

// indexed numbers an atom that the field's index decides.
func (t *atomTable) indexed(field int, kind index.Kind, text string) term {
	as := atomEnds
	if kind == index.Contains && text != "" {
		as = atomParts
	}
	text = index.Fold(text)
	return term{op: termAtom, atom: t.intern(atomKey{as, field, string('0'+rune(kind)) + text}, func() atom {
		if t.fields[field] == nil {
			t.fields[field] = &index.Builder{}
		}
		t.fields[field].Add(kind, text, int32(len(t.atoms)))
		return atom{kind: as, field: field, looks: needed{kind, text}}
	})}
}

// guards gives atoms of which one must hold for p to hold: parts of text that it
// needs or, for want of any, a value at all.
func (t *atomTable) guards(field int, p predicate) (guards []int32) {
	var needs []needed
	switch p := p.(type) {
	case *like:
		needs = []needed{p.pattern.longest()}
	case matches:
		needs = requiredParts(p.re.String())
	}
	for _, n := range needs {
		if n.text == "" {
			needs = nil
			break
		}
	}
	if len(needs) == 0 {
		return []int32{t.simple(atomValue, field).atom}
	}
	for _, n := range needs {
		guards = append(guards, t.indexed(field, n.kind, n.text).atom)
	}
	return guards
}

// needed is a text that a value must hold, and where.
type needed struct {
	kind index.Kind
	text string
}

// longest is the longest literal of a pattern.
func (p *pattern) longest() (n needed) {
	if p.kind != glob {
		return needed{kindOf(p.kind), p.text}
	}
	for i, piece := range p.glob {
		if len(piece.literal) <= len(n.text) {
			continue
		}
		n = needed{index.Contains, piece.literal}
		switch i {
		case 0:
			n.kind = index.Prefix
		case len(p.glob) - 1:
			n.kind = index.Suffix
		}
	}
	return n
}

// describe gives two predicates the same text when they mean the same.
func describe(p predicate) string {
	switch p := p.(type) {
	case *like:
		var b strings.Builder
		fmt.Fprintf(&b, "like %v %v %q", p.cased, p.kind, p.text)
		for _, x := range p.glob {
			fmt.Fprintf(&b, " %q %v %v", x.literal, x.one, x.many)
		}
		return b.String()
	case matches:
		return "re " + p.re.String()
	case inNetwork:
		return "cidr " + p.prefix.String()
	}
	return fmt.Sprintf("%T %v", p, p)
}
