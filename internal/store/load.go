package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"warder/internal/kit/fault"
)

// Chunks hands over the chunks of one table, in the order of the dump.
type Chunks func(ctx context.Context, table string, take func(Chunk) error) error

// Load fills a new database from a dump, whichever engine it was made on, and
// then upgrades it to this program's version. Finish is the last act; everything
// is one transaction. A database that holds something is refused.
func Load(ctx context.Context, o Options, shape Shape, chunks Chunks, finish func(ctx context.Context, tx *Tx) error) (err error) {
	known, err := readMigrations(migrations())
	if err != nil {
		return err
	}
	s, err := connect(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = s.within(ctx, func(tx *sql.Tx) error {
		if err := s.refuseFilled(ctx, tx); err != nil {
			return err
		}
		if err := s.fill(ctx, tx, known, shape, chunks); err != nil {
			return err
		}
		own := &Tx{tx: tx, store: s, module: "store"}
		if err := finish(ctx, own); err != nil {
			return err
		}
		return own.flush(ctx)
	})
	return s.engine.fault("fill the database", err)
}

// Vacant returns nil when the database can be reached and holds no table.
func Vacant(ctx context.Context, o Options) (err error) {
	s, err := connect(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.engine.fault("look whether the database is empty", s.within(ctx, func(tx *sql.Tx) error { return s.refuseFilled(ctx, tx) }))
}

func (s *Store) refuseFilled(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, s.engine.columns)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var table, column, named string
		if err := rows.Scan(&table, &column, &named); err != nil {
			return err
		}
		return fault.New(fault.Conflict, "the database is not empty (it has a table %s): name an empty one", table)
	}
	return rows.Err()
}

// fill makes the tables of the dump, puts its rows in, and upgrades them.
func (s *Store) fill(ctx context.Context, tx *sql.Tx, known []migration, shape Shape, chunks Chunks) error {
	if err := refuseNewer(shape.Migrations, known); err != nil {
		return err
	}
	if err := s.apply(ctx, tx, only(known, shape.Migrations)); err != nil {
		return err
	}
	made, err := s.engine.shapeOf(ctx, tx)
	if err != nil {
		return err
	}
	if !made.same(shape) {
		return fault.New(fault.Invalid, "the tables of the dump are not those of its version: it is damaged, or of another program")
	}
	ordered, err := s.engine.inOrder(ctx, tx, shape.Tables)
	if err != nil {
		return err
	}
	for _, t := range ordered {
		if err := fillTable(ctx, tx, t, chunks); err != nil {
			return fmt.Errorf("fill table %s: %w", t.Name, err)
		}
	}
	if err := s.upgrade(ctx, tx, known); err != nil {
		return err
	}
	for _, statement := range s.engine.loaded {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("set the database up: %w", err)
		}
	}
	return nil
}

func fillTable(ctx context.Context, tx *sql.Tx, t Table, chunks Chunks) error {
	places := make([]string, len(t.Columns))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO `+quoted(t.Name)+` (`+t.columns()+`) VALUES (`+strings.Join(places, ", ")+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	return chunks(ctx, t.Name, func(c Chunk) error {
		return eachRow(t, c, func(row []any) error {
			_, err := insert.ExecContext(ctx, row...)
			return err
		})
	})
}

// eachRow reads the rows of a chunk.
func eachRow(t Table, c Chunk, take func(row []any) error) error {
	rows := 0
	for d := cbor.NewDecoder(bytes.NewReader(c.Data)); ; rows++ {
		var row []any
		switch err := d.Decode(&row); {
		case errors.Is(err, io.EOF) && rows == c.Rows:
			return nil
		case errors.Is(err, io.EOF):
			return fault.New(fault.Invalid, "there are %d rows where %d were promised", rows, c.Rows)
		case err != nil:
			return fault.New(fault.Invalid, "row %d cannot be read: %w", rows+1, err)
		case len(row) != len(t.Columns):
			return fault.New(fault.Invalid, "row %d has %d values for %d columns", rows+1, len(row), len(t.Columns))
		}
		for i, v := range row {
			value, ok := columnValue(t.Columns[i].Kind, v)
			if !ok {
				return fault.New(fault.Invalid, "row %d has a %T in column %s, which is no %s", rows+1, v, t.Columns[i].Name, t.Columns[i].Kind)
			}
			row[i] = value
		}
		if err := take(row); err != nil {
			return err
		}
	}
}

// columnValue turns a value of a dump into what both drivers take.
func columnValue(kind Kind, v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch kind {
	case Text, JSON:
		b, ok := v.([]byte)
		return string(b), ok
	case Bytes:
		b, ok := v.([]byte)
		return b, ok
	case Integer:
		switch v := v.(type) {
		case uint64:
			return int64(v), v <= 1<<63-1
		case int64:
			return v, true
		}
	case Boolean:
		b, ok := v.(bool)
		return b, ok
	case Double:
		f, ok := v.(float64)
		return f, ok
	}
	return nil, false
}

// Check reads the rows of a chunk and says what is wrong with them.
func (s Shape) Check(c Chunk) error {
	for _, t := range s.Tables {
		if t.Name == c.Table {
			return eachRow(t, c, func([]any) error { return nil })
		}
	}
	return fault.New(fault.Invalid, "there are rows of a table %s, which is not described", c.Table)
}
