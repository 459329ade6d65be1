package events

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

// places are where a row has what a segment is written anew by.
type places struct{ id, time, received, category, source, exercise, raw, originalIn int }

func (l *layout) places() places {
	at := map[string]int{}
	for i, c := range l.columns {
		at[c.name] = i
	}
	return places{at[colID], at[colTime], at[colReceived], at[colCategory], at["source"], at["exercise"], at[colRaw], at[colOriginalIn]}
}

// copy is group for a segment with the columns that this program writes: rows go
// over as they are, which costs a fraction of making events of them.
func (f *rewriting) copy(ctx context.Context, from parquet.RowGroup, gone mask) (err error) {
	rows := from.Rows()
	defer func() { err = errors.Join(err, rows.Close()) }()
	p := f.layout.places()
	buffer := make([]parquet.Row, 256)
	for at := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := rows.ReadRows(buffer)
		for i, row := range buffer[:n] {
			if gone.has(at + i) {
				f.change.removed++
			} else if err := f.copyRow(p, row); err != nil {
				return err
			}
		}
		at += n
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
	}
}

func (f *rewriting) copyRow(p places, row parquet.Row) error {
	id, us, raw, needed := "", int64(0), -1, false
	k := Kind{Events: 1}
	for i, v := range row {
		if v.IsNull() {
			continue
		}
		switch v.Column() {
		case p.id:
			id = string(v.ByteArray())
		case p.time:
			us = v.Int64()
		case p.received:
			k.Oldest, k.Newest = v.Int64(), v.Int64()
		case p.category:
			k.Category = flow.Category(v.ByteArray())
		case p.source:
			k.Source = string(v.ByteArray())
		case p.exercise:
			k.Exercise = true
		case p.raw:
			raw, k.WithRaw, k.RawBytes = i, 1, int64(len(v.ByteArray()))
		case p.originalIn:
			needed = true
		}
	}
	switch f.weigh(id, k, func() *flow.Event { e, _ := f.layout.eventOf(row); return e }) { // a hold judges what can be read
	case drop:
		return nil
	case strip:
		k = k.withoutRaw()
		if needed {
			return f.withoutRaw(id, us, k, row)
		}
		row[raw] = absent(p.raw)
	}
	return f.write(id, us, k, row)
}

// withoutRaw writes an event of whose raw bytes other columns say that they stand
// in them.
func (f *rewriting) withoutRaw(id string, us int64, k Kind, row parquet.Row) error {
	e, err := f.layout.eventOf(row)
	if err != nil {
		return fmt.Errorf("%w: event %s: %w", errUnreadable, id, err)
	}
	e.Raw = nil
	if f.row, err = f.encoder.row(e, f.row); err != nil {
		return err
	}
	return f.write(id, us, k, f.row)
}

// eventOf makes the event of a row. When something of it cannot be read the event
// has the rest.
func (l *layout) eventOf(row parquet.Row) (*flow.Event, error) {
	e, m := &flow.Event{}, marks{}
	var errs []error
	for _, v := range row {
		if v.IsNull() {
			continue
		}
		switch name := l.columns[v.Column()].name; name {
		case colOriginalIn:
			m.original = string(v.ByteArray())
		case colMessageIn:
			m.message = string(v.ByteArray())
		default:
			if set := l.setter(name); set != nil {
				errs = append(errs, set(e, v))
			}
		}
	}
	return e, errors.Join(append(errs, m.restore(e))...)
}
