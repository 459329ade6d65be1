package detect

import (
	"strconv"

	"warder/internal/flow"
)

// Names maps a field's name as rules use it to the other names under which
// events may have it, in the order in which they are tried
// (content/mappings/fields.yaml). Everything that a rule says of an event goes by
// it: what it detects, groups by, counts, and what is excepted.
type Names map[string][]string

// Field is a field as it is looked up: the name that rules use, then its others.
type Field []string

// Field gives the field of a name.
func (n Names) Field(name string) Field {
	return append(Field{name}, n[name]...)
}

func (n Names) fields(names []string) []Field {
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = n.Field(name)
	}
	return fields
}

// In gives what an event has under the first of the field's names that it has,
// and that name.
func (f Field) In(ev *flow.Event, scopes []map[string]any) (v any, name string, ok bool) {
	for _, name := range f {
		if v, ok := Lookup(ev, scopes, name); ok {
			return v, name, true
		}
	}
	return nil, "", false
}

// text is In as text, without putting texts into interfaces: that would
// allocate. Of a list it gives the first element.
func (f Field) text(ev *flow.Event, scopes []map[string]any) (text string, ok bool) {
	for _, name := range f {
		text, ok, final := Told(ev, name)
		if !final {
			if v, sent := Sent(scopes, name); sent {
				return firstText(v), true
			}
			text, ok = ev.Attributes[name]
		}
		if ok {
			return text, true
		}
	}
	return "", false
}

// FieldText gives as text what an event has under one name; of a list its first
// element.
func FieldText(ev *flow.Event, name string) string {
	v, _ := Field{name}.text(ev, ev.Scopes())
	return v
}

func firstText(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	return Text(v)
}

// Text gives a scalar as rules compare it; other values give "".
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
