package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

// decode makes the events of some of the rows that are looked at, which are in
// ascending order, reading only the pages that hold them.
func (g *group) decode(rows []int) ([]*flow.Event, error) {
	out := make([]*flow.Event, len(rows))
	for i := range out {
		out[i] = &flow.Event{}
	}
	kept := make([]marks, len(rows))
	rows = g.within(rows)
	for name := range g.in.columns {
		chunk, ok := g.chunk(name)
		if !ok || g.absent(name, chunk) {
			continue
		}
		var take func(i int, v parquet.Value) error
		switch set := g.layout.setter(name); {
		case name == colOriginalIn:
			take = func(i int, v parquet.Value) error { kept[i].original = string(v.ByteArray()); return nil }
		case name == colMessageIn:
			take = func(i int, v parquet.Value) error { kept[i].message = string(v.ByteArray()); return nil }
		case set != nil:
			take = func(i int, v parquet.Value) error { return set(out[i], v) }
		default:
			continue
		}
		if err := pick(chunk, rows, take); err != nil {
			return nil, fmt.Errorf("column %s: %w", name, err)
		}
	}
	for i, e := range out {
		if err := kept[i].restore(e); err != nil {
			return nil, fmt.Errorf("%w: %w", errUnreadable, err)
		}
	}
	return out, nil
}

// readDocument reads a column of JSON.
func readDocument[T any](text []byte, into *T) error { return json.Unmarshal(text, into) }

// pick calls fn for the value of each row that has one.
func pick(chunk *parquet.FileColumnChunk, rows []int, fn func(i int, v parquet.Value) error) (err error) {
	if err := indexed(chunk); err != nil {
		return err
	}
	pages := chunk.Pages()
	defer func() {
		if closed := pages.Close(); err == nil {
			err = closed
		}
	}()
	var page parquet.Page
	defer func() { parquet.Release(page) }()
	first, end := 0, 0 // rows of the page
	for i, row := range rows {
		if page == nil || row >= end {
			if err := pages.SeekToRow(int64(row)); err != nil {
				return fmt.Errorf("%w: %w", errUnreadable, err)
			}
			parquet.Release(page)
			if page, err = pages.ReadPage(); err != nil {
				return fmt.Errorf("%w: %w", errUnreadable, err)
			}
			first, end = row, row+int(page.NumRows()) // the page is cut to begin at the row
		}
		one := page.Slice(int64(row-first), int64(row-first+1))
		var v [1]parquet.Value
		n, err := one.Values().ReadValues(v[:])
		if err != nil && err != io.EOF || n != 1 {
			return fmt.Errorf("%w: row %d cannot be read: %v", errUnreadable, row, err)
		}
		if !v[0].IsNull() {
			if err := fn(i, v[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexed reads where the pages of a column begin: with that a row is found
// without reading those before it.
func indexed(chunk *parquet.FileColumnChunk) error {
	if _, err := chunk.OffsetIndex(); err != nil && !errors.Is(err, parquet.ErrMissingOffsetIndex) {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// setter returns what a column's value is to an event; nil for columns that
// repeat what another holds, and for those of a newer program.
func (l *layout) setter(name string) func(*flow.Event, parquet.Value) error {
	text := func(set func(*flow.Event, string)) func(*flow.Event, parquet.Value) error {
		return func(e *flow.Event, v parquet.Value) error {
			set(e, string(v.ByteArray()))
			return nil
		}
	}
	switch name {
	case colID:
		return text(func(e *flow.Event, s string) { e.ID = s })
	case "source":
		return text(func(e *flow.Event, s string) { e.Source = s })
	case "format":
		return text(func(e *flow.Event, s string) { e.Format = flow.Format(s) })
	case "site":
		return text(func(e *flow.Event, s string) { e.Site = s })
	case colCategory:
		return text(func(e *flow.Event, s string) { e.Category = flow.Category(s) })
	case "action":
		return text(func(e *flow.Event, s string) { e.Action = s })
	case "parse_error":
		return text(func(e *flow.Event, s string) { e.ParseError = s })
	case "exercise":
		return text(func(e *flow.Event, s string) { e.Exercise = s })
	case colRaw:
		return text(func(e *flow.Event, s string) { e.Raw = []byte(s) })
	case colTime:
		return func(e *flow.Event, v parquet.Value) error { e.Time = time.UnixMicro(v.Int64()).UTC(); return nil }
	case colReceived:
		return func(e *flow.Event, v parquet.Value) error { e.Received = time.UnixMicro(v.Int64()).UTC(); return nil }
	case colTruncated:
		return func(e *flow.Event, v parquet.Value) error { e.Truncated = int(v.Int64()); return nil }
	case colAssets:
		return func(e *flow.Event, v parquet.Value) error { return json.Unmarshal(v.ByteArray(), &e.Assets) }
	case colUnknown:
		return func(e *flow.Event, v parquet.Value) error { return json.Unmarshal(v.ByteArray(), &e.Unknown) }
	case colOriginal:
		return func(e *flow.Event, v parquet.Value) error { return json.Unmarshal(v.ByteArray(), &e.Original) }
	case colAttributes: // adds to what the columns gave
		return func(e *flow.Event, v parquet.Value) error { return json.Unmarshal(v.ByteArray(), &e.Attributes) }
	}
	for attr, column := range l.attrs {
		if column == name {
			return text(func(e *flow.Event, s string) {
				if e.Attributes == nil {
					e.Attributes = map[string]string{}
				}
				e.Attributes[attr] = s
			})
		}
	}
	return nil
}
