package events

import (
	"encoding/json"
	"slices"
	"strings"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// looking is one term's way through a row group: left are the rows that are
// still to be looked at, out those that meet the term.
type looking struct {
	group *group
	term  *query.Term
	left  mask
	out   mask
}

// fixedColumn maps the fields of the query language that are no attributes.
func fixedColumn(field string) (name string, ok bool) {
	switch field {
	case query.FieldID:
		return colID, true
	case query.FieldSource, query.FieldFormat, query.FieldSite, query.FieldCategory, query.FieldAction,
		query.FieldParseError, query.FieldExercise:
		return field, true
	case query.FieldAsset:
		return colAssetIDs, true
	}
	return "", false
}

func (l *looking) field() error {
	field := l.term.Field
	if name, ok := fixedColumn(field); ok {
		return l.column(name)
	}
	switch field {
	case query.FieldUnknown:
		return l.unknown()
	case query.FieldTarget, query.FieldObserver, query.FieldOrigin, query.FieldPlace:
		return l.role()
	}
	if name, ok := l.group.layout.attrs[field]; ok {
		if _, ok := l.group.in.columns[name]; ok {
			if err := l.column(name); err != nil || field != flow.AttrMessage {
				return err
			}
			return l.message()
		}
	}
	if err := l.attribute(field); err != nil || l.term.Original() == "" {
		return err
	}
	return l.original(l.term.Original())
}

// everywhere looks where query.Match does: every text of the event.
func (l *looking) everywhere() error {
	for _, c := range l.group.layout.columns {
		if c.inner {
			continue
		}
		if c.shape == word || c.shape == prose || c.shape == list || c.shape == blob {
			if err := l.column(c.name); err != nil {
				return err
			}
		}
	}
	if err := l.unknown(); err != nil {
		return err
	}
	if err := l.attribute(""); err != nil {
		return err
	}
	return l.original("")
}

// column looks at a column of texts. Each different value is judged once.
func (l *looking) column(name string) error {
	if !l.left.any() {
		return nil
	}
	t, err := l.group.textsOf(name, l.left)
	if err != nil || t == nil || len(t.values) == 0 {
		return err
	}
	const unknown, no, yes = 0, 1, 2
	verdicts := make([]byte, len(t.values))
	holds := func(place int32) bool {
		if verdicts[place] == unknown {
			verdicts[place] = no
			if l.term.Value(t.values[place]) {
				verdicts[place] = yes
			}
		}
		return verdicts[place] == yes
	}
	for i, look := range l.left {
		if look && t.row(i, holds) {
			l.found(i)
		}
	}
	return nil
}

func (l *looking) found(i int) { l.left[i], l.out[i] = false, true }

// documents looks at a column of JSON: rows whose text can hold a match are read.
func (l *looking) documents(name string, can func(text string) bool, holds func(text []byte) (bool, error)) error {
	if !l.left.any() {
		return nil
	}
	t, err := l.group.textsOf(name, l.left)
	if err != nil || t == nil || len(t.values) == 0 {
		return err
	}
	for i, look := range l.left {
		text, ok := t.one(i)
		if !look || !ok || !can(text) {
			continue
		}
		meets, err := holds([]byte(text))
		if err != nil {
			return err
		}
		if meets {
			l.found(i)
		}
	}
	return nil
}

func (l *looking) unknown() error {
	return l.documents(colUnknown, l.literals(), func(text []byte) (bool, error) {
		var all []flow.Identifier
		if err := json.Unmarshal(text, &all); err != nil {
			return false, err
		}
		for _, u := range all {
			if l.term.Value(u.Value) {
				return true, nil
			}
		}
		return false, nil
	})
}

// role looks at the ids of the assets in one role.
func (l *looking) role() error {
	return l.documents(colAssets, l.literals(), func(text []byte) (bool, error) {
		var e flow.Event
		if err := json.Unmarshal(text, &e.Assets); err != nil {
			return false, err
		}
		ids, _ := query.FixedValues(&e, l.term.Field)
		return slices.ContainsFunc(ids, l.term.Value), nil
	})
}

// attribute looks at the attributes that have no column: one, or with an empty
// name all of them.
func (l *looking) attribute(name string) error {
	return l.documents(colAttributes, l.key(name), func(text []byte) (bool, error) {
		var all map[string]string
		if err := json.Unmarshal(text, &all); err != nil {
			return false, err
		}
		if name != "" {
			value, ok := all[name]
			return ok && l.term.Value(value), nil
		}
		for _, value := range all {
			if l.term.Value(value) {
				return true, nil
			}
		}
		return false, nil
	})
}

// original looks at the sender's own fields: one by its dotted name, or with an
// empty name all of them.
func (l *looking) original(name string) error {
	last := name[strings.LastIndexByte(name, '.')+1:]
	can := l.key(last)
	if name == "" {
		can = l.literals()
	} else if last == "" { // a key may end with a dot, or be empty
		can = func(string) bool { return true }
	}
	return l.originals(can, func(all map[string]any) bool {
		if name == "" {
			return query.Leaves(all, l.term.Value)
		}
		return query.Original(&flow.Event{Original: all}, name, l.term.Value)
	})
}

// originals looks at the senders' records, wherever they stand.
func (l *looking) originals(can func(string) bool, holds func(map[string]any) bool) error {
	read := func(text []byte) (bool, error) {
		var all map[string]any
		if err := readDocument(text, &all); err != nil {
			return false, err
		}
		return holds(all), nil
	}
	if err := l.documents(colOriginal, can, read); err != nil {
		return err
	}
	return l.marked(colOriginalIn, func(mark string) error {
		odd := strings.TrimPrefix(mark, inRaw)
		switch {
		case slices.ContainsFunc(l.term.Literals(), func(s string) bool { return strings.Contains(odd, s) }):
			return l.documents(colRaw, func(string) bool { return true }, read)
		case l.term.Everywhere() && l.verbatim():
			return nil // the raw bytes were looked at: what is in a value is in them
		}
		return l.documents(colRaw, can, read)
	})
}

// verbatim tells that JSON writes a value that meets the term so that the JSON
// meets it too.
func (l *looking) verbatim() bool {
	literals := l.term.Literals()
	return len(literals) > 0 && !slices.ContainsFunc(literals, func(s string) bool { return escaped(s) != s })
}

// message looks at the messages that stand in the senders' records.
func (l *looking) message() error {
	return l.marked(colMessageIn, func(name string) error {
		return l.originals(l.key(name), func(all map[string]any) bool {
			text, ok := all[name].(string)
			return ok && l.term.Value(text)
		})
	})
}

// marked narrows what is left to the rows of each mark while look looks at them.
func (l *looking) marked(column string, look func(mark string) error) error {
	t, err := l.group.texts(column)
	if err != nil || t == nil {
		return err
	}
	all := l.left
	for place, mark := range t.values {
		l.left = make(mask, len(all))
		for row, left := range all {
			l.left[row] = left && t.places[row] == int32(place)
		}
		if err := look(mark); err != nil {
			return err
		}
		for row := range all {
			all[row] = all[row] && !l.out[row]
		}
	}
	l.left = all
	return nil
}

// key returns a test whether a JSON text can hold a key that ends so, and what
// the term asks of its value.
func (l *looking) key(end string) func(string) bool {
	can := l.literals()
	if end == "" {
		return can
	}
	quoted := escaped(end) + `"`
	return func(text string) bool { return strings.Contains(text, quoted) && can(text) }
}

// literals returns a test whether a JSON text can hold a value that meets the
// term: every literal of its pattern must be in it, escaped as JSON does. Very
// large and small numbers are written another way in JSON, so a text with an
// exponent always can hold what may be part of a number.
func (l *looking) literals() func(string) bool {
	var needles []string
	number := true
	for _, literal := range l.term.Literals() {
		needles = append(needles, escaped(literal))
		number = number && strings.Trim(literal, "0123456789.-") == ""
	}
	return func(text string) bool {
		if number && (strings.Contains(text, "e+") || strings.Contains(text, "e-")) {
			return true
		}
		for _, needle := range needles {
			if !query.ContainsFold(text, needle) {
				return false
			}
		}
		return true
	}
}

// escaped writes a text as it stands within the quotes of JSON.
func escaped(s string) string {
	text, err := encodeJSON(s)
	if err != nil { // a string always can be written
		return s
	}
	return string(text[1 : len(text)-1])
}
