package query

import "warder/internal/flow"

// Field is something that events have values of, under the names that terms use.
type Field struct{ term *Term }

// NewField returns a field by its name.
func NewField(name string) Field { return Field{newTerm(name)} }

// Name is how terms of the field are written: category for event.category.
func (f Field) Name() string { return f.term.Field }

// Original returns the name under which the sender's own record is asked too,
// empty for a field of Warder's own.
func (f Field) Original() string { return f.term.original }

// Values returns the values that an event has of the field, each once.
func (f Field) Values(e *flow.Event) []string {
	var out []string
	add := func(v string) bool {
		out = once(out, v)
		return false
	}
	if fixed, ok := FixedValues(e, f.term.Field); ok {
		for _, v := range fixed {
			add(v)
		}
		return out
	}
	if v, ok := e.Attributes[f.term.Field]; ok {
		add(v)
	}
	if f.term.original != "" {
		Original(e, f.term.original, add)
	}
	return out
}

func once(list []string, v string) []string {
	for _, known := range list {
		if Fold(known) == Fold(v) {
			return list
		}
	}
	return append(list, v)
}

// Is returns a query for the events that have a value of a field, as text that
// Parse reads.
func Is(field, value string) string {
	t := newTerm(field)
	t.Field, t.parts = field, literal(value)
	return t.String()
}
