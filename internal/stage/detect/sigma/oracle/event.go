package oracle

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Record is an event as the oracle sees it.
type Record struct {
	Original   map[string]any    // as encoding/json gives it
	Attributes map[string]string // the vocabulary's names; looked up before Original
	Own        map[string]string // what every event says of itself, likewise; keywords do not search it
	Words      map[string]bool   // names of attributes that are lists of words
	Line       string            // the whole line of a syslog record; empty for others
	Aliases    map[string][]string
}

// Event is a record with its answers remembered: what a field holds does not
// change while rules ask for it.
type Event struct {
	record Record
	scopes []map[string]any
	fields map[string]content
	leaves []text
}

// content is what an event says under one field name.
type content struct {
	present bool
	null    bool // JSON null, itself or an element of the list
	texts   []text
}

// text is one value as characters, plain and with case taken away.
type text struct {
	plain, folded         []rune
	plainText, foldedText string
}

func newText(s string) text {
	plain := []rune(s)
	folded := make([]rune, len(plain))
	for i, r := range plain {
		folded[i] = fold(r)
	}
	return text{plain, folded, string(plain), string(folded)}
}

// NewEvent makes a record ready to be asked. The event is for one goroutine.
func NewEvent(r Record) *Event {
	ev := &Event{record: r, scopes: scopes(r.Original), fields: map[string]content{}}
	if r.Original == nil { // else they only say again what is in Original
		for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
			ev.leaves = append(ev.leaves, newText(r.Attributes[name]))
		}
	}
	ev.leaves = append(ev.leaves, contentOf(leavesOf(r.Original)).texts...)
	if r.Line != "" {
		ev.leaves = append(ev.leaves, newText(r.Line))
	}
	return ev
}

// scopes lists the objects in which a field's name is looked up: the record,
// then the wrappers of EVTX converters and log shippers.
func scopes(root map[string]any) []map[string]any {
	if root == nil {
		return nil
	}
	found := []map[string]any{root}
	for _, path := range [][]string{
		{"Event", "EventData"}, {"Event", "System"}, {"Event", "UserData"},
		{"winlog", "event_data"}, {"winlog"}, {"log"},
	} {
		if at := objectAt(root, path); at != nil {
			found = append(found, at)
		}
	}
	return append(found, provided(objectAt(root, []string{"Event", "UserData"}))...)
}

// provided gives the one object inside UserData, whose name the provider chooses;
// none if there are several or more than one other thing with it.
func provided(data map[string]any) []map[string]any {
	var inner []map[string]any
	for name, v := range data {
		if object, ok := v.(map[string]any); ok && !strings.HasPrefix(name, "#") {
			inner = append(inner, object)
		}
	}
	if len(data) > 2 || len(inner) != 1 {
		return nil
	}
	return inner
}

func objectAt(root map[string]any, path []string) map[string]any {
	at := root
	for _, key := range path {
		next, ok := at[key].(map[string]any)
		if !ok {
			return nil
		}
		at = next
	}
	return at
}

// field looks a name up: the event's own field, else its other names in order
// (Rules: Field Usage, 1). A name is an attribute, else a whole key of one of the
// scopes, else a path in one of them.
func (ev *Event) field(name string) content {
	if c, ok := ev.fields[name]; ok {
		return c
	}
	c := content{}
	for _, candidate := range append([]string{name}, ev.record.Aliases[name]...) {
		if v, ok := ev.lookup(candidate); ok {
			c = contentOf(v)
			break
		}
	}
	ev.fields[name] = c
	return c
}

func (ev *Event) lookup(name string) (any, bool) {
	attribute, ok := ev.attribute(name)
	if ok && name != "message" { // of which a record's own comes first
		return attribute, true
	}
	for _, scope := range ev.scopes {
		if v, ok := scope[name]; ok {
			return v, true
		}
	}
	for _, scope := range ev.scopes {
		if v, ok := path(scope, name); ok {
			return v, true
		}
	}
	return attribute, ok
}

func (ev *Event) attribute(name string) (any, bool) {
	v, ok := ev.record.Attributes[name]
	if !ok {
		v, ok = ev.record.Own[name]
	}
	if !ok || !ev.record.Words[name] || !strings.Contains(v, " ") {
		return v, ok
	}
	var words []any
	for _, word := range strings.Fields(v) {
		words = append(words, word)
	}
	return words, true
}

// path finds a name in an object as a path of keys, of which every one may
// itself hold dots.
func path(object map[string]any, name string) (any, bool) {
	for i := range len(name) {
		if name[i] != '.' {
			continue
		}
		inner, ok := object[name[:i]].(map[string]any)
		if !ok {
			continue
		}
		if v, ok := inner[name[i+1:]]; ok {
			return v, true
		}
		if v, ok := path(inner, name[i+1:]); ok {
			return v, true
		}
	}
	return nil, false
}

// contentOf reads a value (House: null, a list in the event, numbers). Objects
// have no text.
func contentOf(v any) content {
	c := content{present: true}
	switch v := v.(type) {
	case nil:
		c.null = true
	case []any:
		for _, element := range v {
			e := contentOf(element)
			c.null = c.null || e.null
			c.texts = append(c.texts, e.texts...)
		}
	default:
		if s, ok := scalarText(v); ok {
			c.texts = []text{newText(s)}
		}
	}
	return c
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return numberText(v), true
	case json.Number:
		n, err := v.Float64()
		return numberText(n), err == nil
	}
	return "", false
}

// numberText is the shortest decimal form without an exponent.
func numberText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// leavesOf lists every value of an object however deep, for keywords (Rules:
// Keywords search).
func leavesOf(v any) []any {
	var leaves []any
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			leaves = append(leaves, leavesOf(v[key])...)
		}
	case []any:
		for _, element := range v {
			leaves = append(leaves, leavesOf(element)...)
		}
	default:
		leaves = append(leaves, v)
	}
	return leaves
}
