package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

// encoder turns events into rows and notes which columns hold folded text only.
type encoder struct {
	layout *layout
	twins  twins
	marks  marks
	cased  []bool // column index -> some value has upper case
}

func newEncoder(l *layout) *encoder {
	return &encoder{layout: l, cased: make([]bool, len(l.columns))}
}

// folded lists the columns in which every value is its own folded form: there a
// Bloom filter answers for searches, which ignore case.
func (enc *encoder) folded() []string {
	var out []string
	for i, c := range enc.layout.columns {
		if c.bloom && !enc.cased[i] {
			out = append(out, c.name)
		}
	}
	return out
}

func (enc *encoder) row(e *flow.Event, row parquet.Row) (parquet.Row, error) {
	row = row[:0]
	enc.marks = marks{original: enc.twins.originalIn(e), message: messageIn(e)}
	for i, c := range enc.layout.columns {
		var err error
		if row, err = enc.values(e, i, c, row); err != nil {
			return nil, fmt.Errorf("write event %s: column %s: %w", e.ID, c.name, err)
		}
	}
	return row, nil
}

func (enc *encoder) values(e *flow.Event, i int, c column, row parquet.Row) (parquet.Row, error) {
	switch c.shape {
	case moment:
		at := e.Time
		if c.name == colReceived {
			at = e.Received
		}
		return append(row, parquet.Int64Value(at.UnixMicro()).Level(0, 0, i)), nil
	case number:
		if e.Truncated == 0 {
			return append(row, absent(i)), nil
		}
		return append(row, parquet.Int64Value(int64(e.Truncated)).Level(0, 1, i)), nil
	case list:
		return enc.assets(e, i, row), nil
	case document:
		text, err := enc.document(e, c)
		return append(row, optional(text, i)), err
	case blob:
		return append(row, optional(e.Raw, i)), nil
	}
	text, ok := enc.text(e, c)
	if !ok && c.name != colID {
		return append(row, absent(i)), nil
	}
	enc.note(i, text)
	level := 1
	if c.name == colID {
		level = 0 // the one text that every event has
	}
	return append(row, parquet.ByteArrayValue([]byte(text)).Level(0, level, i)), nil
}

// text returns the value of a column of words or prose.
func (enc *encoder) text(e *flow.Event, c column) (text string, ok bool) {
	switch {
	case c.name == colOriginalIn:
		text = enc.marks.original
	case c.name == colMessageIn:
		text = enc.marks.message
	case c.attr == flow.AttrMessage && enc.marks.message != "":
		return "", false
	case c.attr != "":
		text, ok = e.Attributes[c.attr]
		return text, ok
	default:
		text = c.get(e)
	}
	return text, text != ""
}

func (enc *encoder) note(i int, text string) {
	if enc.layout.columns[i].bloom && !enc.cased[i] {
		enc.cased[i] = isCased(text)
	}
}

func (enc *encoder) assets(e *flow.Event, i int, row parquet.Row) parquet.Row {
	if len(e.Assets) == 0 {
		return append(row, absent(i))
	}
	for n, a := range e.Assets {
		enc.note(i, a.ID)
		row = append(row, parquet.ByteArrayValue([]byte(a.ID)).Level(min(n, 1), 1, i))
	}
	return row
}

func (enc *encoder) document(e *flow.Event, c column) ([]byte, error) {
	switch c.name {
	case colAssets:
		if len(e.Assets) > 0 {
			return encodeJSON(e.Assets)
		}
	case colUnknown:
		if len(e.Unknown) > 0 {
			return encodeJSON(e.Unknown)
		}
	case colOriginal:
		if len(e.Original) > 0 && enc.marks.original == "" {
			return encodeJSON(e.Original)
		}
	case colAttributes:
		var rest map[string]string
		for name, value := range e.Attributes {
			if _, ok := enc.layout.attrs[name]; !ok {
				if rest == nil {
					rest = map[string]string{}
				}
				rest[name] = value
			}
		}
		if rest != nil {
			return encodeJSON(rest)
		}
	}
	return nil, nil
}

func optional(b []byte, i int) parquet.Value {
	if len(b) == 0 {
		return absent(i)
	}
	return parquet.ByteArrayValue(b).Level(0, 1, i)
}

func absent(i int) parquet.Value { return parquet.Value{}.Level(0, 0, i) }

// encodeJSON writes JSON as a reader of the file would: no HTML escapes.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// byTime orders events as a segment keeps them.
func byTime(all []*flow.Event) []*flow.Event {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *flow.Event) int { return a.Time.Compare(b.Time) })
	return sorted
}
