package events

import (
	"warder/internal/events/query"
	"warder/internal/flow"
)

// values returns a field's values in the rows that are meant, as query.Field has
// them; other rows may have values too.
func (g *group) values(f query.Field, m mask) (*texts, error) {
	name, ok := fixedColumn(f.Name())
	if !ok {
		name, ok = g.layout.attrs[f.Name()]
	}
	if ok && f.Name() != flow.AttrMessage { // a message may stand in the original
		if _, here := g.in.columns[name]; here {
			return g.textsOf(name, m)
		}
	}
	return g.documents(f, m)
}

func fixed(field string) bool {
	_, ok := query.FixedValues(&flow.Event{}, field)
	return ok
}

// documents reads a field out of the columns of JSON, for the rows that are meant.
func (g *group) documents(f query.Field, m mask) (*texts, error) {
	out := &texts{starts: make([]int32, 1, g.rows+1)}
	parts, err := g.parts(f, m)
	if err != nil {
		return nil, err
	}
	places := map[string]int32{}
	for row, meets := range m {
		if meets {
			var e flow.Event
			for _, p := range parts {
				if err := p.read(&e, row); err != nil {
					return nil, err
				}
			}
			for _, value := range f.Values(&e) {
				place, ok := places[value]
				if !ok {
					place = int32(len(out.values))
					places[value] = place
					out.values = append(out.values, value)
				}
				out.places = append(out.places, place)
			}
		}
		out.starts = append(out.starts, int32(len(out.places)))
	}
	return out, nil
}

// part is a column and what of an event it gives.
type part struct {
	column string
	texts  *texts
	set    func(e *flow.Event, text string) error
}

func (p part) read(e *flow.Event, row int) error {
	if p.texts == nil {
		return nil
	}
	text, ok := p.texts.one(row)
	if !ok {
		return nil
	}
	return p.set(e, text)
}

// parts are the columns in which a field can have values.
func (g *group) parts(f query.Field, m mask) ([]part, error) {
	var all []part
	switch f.Name() {
	case query.FieldUnknown:
		all = []part{{column: colUnknown, set: func(e *flow.Event, s string) error { return readDocument([]byte(s), &e.Unknown) }}}
	case query.FieldTarget, query.FieldObserver, query.FieldOrigin, query.FieldPlace:
		all = []part{{column: colAssets, set: func(e *flow.Event, s string) error { return readDocument([]byte(s), &e.Assets) }}}
	default:
		all = []part{{column: colAttributes, set: func(e *flow.Event, s string) error { return readDocument([]byte(s), &e.Attributes) }}}
		if f.Original() != "" || f.Name() == flow.AttrMessage {
			all = append(all, g.originalParts()...)
		}
	}
	for i := range all {
		var err error
		if all[i].texts, err = g.textsOf(all[i].column, m); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// originalParts give the sender's record and, where it stands in it, the message.
func (g *group) originalParts() []part {
	var raw []byte
	return []part{
		{column: colOriginal, set: func(e *flow.Event, s string) error { return readDocument([]byte(s), &e.Original) }},
		{column: colRaw, set: func(_ *flow.Event, s string) error { raw = []byte(s); return nil }},
		{column: colOriginalIn, set: func(e *flow.Event, s string) error {
			e.Raw = raw
			return marks{original: s}.restore(e)
		}},
		{column: columnName(flow.AttrMessage), set: func(e *flow.Event, s string) error {
			e.Attributes = withMessage(e.Attributes, s)
			return nil
		}},
		{column: colMessageIn, set: func(e *flow.Event, s string) error { return marks{message: s}.restore(e) }},
	}
}
