package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// chunkBytes is about how many bytes one chunk of a dump has.
const chunkBytes = 1 << 20

// Chunk is some rows of one table: a CBOR sequence (RFC 8742) of arrays, one for
// each row, with a value for each column.
type Chunk struct {
	Table string
	Rows  int
	Data  []byte
}

// Snapshot is the database as it was at one moment, whatever is written
// meanwhile. Close ends it.
type Snapshot struct {
	Shape Shape
	tx    *sql.Tx
	store *Store
}

// Snapshot takes the database as it is now. Until still has returned no message
// moves from the outbox to the exchange, so that still can note where the topics
// are: what lies beyond on a topic that only the outbox feeds comes from
// transactions that are not in the snapshot. The context must live until Close.
func (s *Store) Snapshot(ctx context.Context, still func(context.Context) error) (*Snapshot, error) {
	s.relaying.Lock()
	defer s.relaying.Unlock()
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{Isolation: s.engine.snapshot, ReadOnly: true})
	if err != nil {
		return nil, s.engine.fault("take a snapshot of the database", err)
	}
	sn := &Snapshot{tx: tx, store: s}
	if sn.Shape, err = s.engine.shapeOf(ctx, tx); err == nil { // the first read is the moment
		err = still(ctx)
	}
	if err != nil {
		sn.Close()
		return nil, s.engine.fault("take a snapshot of the database", err)
	}
	return sn, nil
}

// Close ends the snapshot.
func (sn *Snapshot) Close() { _ = sn.tx.Rollback() } // it only read

// Dump hands over every table, in chunks whose bytes are the taker's to keep.
func (sn *Snapshot) Dump(ctx context.Context, take func(Chunk) error) error {
	for _, t := range sn.Shape.Tables {
		if err := sn.table(ctx, t, take); err != nil {
			return sn.store.engine.fault("read table "+t.Name, err)
		}
	}
	return nil
}

func (sn *Snapshot) table(ctx context.Context, t Table, take func(Chunk) error) error {
	rows, err := sn.tx.QueryContext(ctx, `SELECT `+t.columns()+` FROM `+quoted(t.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	c := Chunk{Table: t.Name}
	row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := neutral(t, row); err != nil {
			return err
		}
		text, err := cbor.Marshal(row)
		if err != nil {
			return err
		}
		c.Data, c.Rows = append(c.Data, text...), c.Rows+1
		if len(c.Data) >= chunkBytes {
			if err := take(c); err != nil {
				return err
			}
			c = Chunk{Table: t.Name}
		}
	}
	if err := rows.Err(); err != nil || c.Rows == 0 {
		return err
	}
	return take(c)
}

// neutral turns the values of a row into what a dump has for their kinds.
func neutral(t Table, row []any) error {
	for i, v := range row {
		out, ok := neutralValue(t.Columns[i].Kind, v)
		if !ok {
			return fmt.Errorf("column %s holds a %T, which is no %s", t.Columns[i].Name, v, t.Columns[i].Kind)
		}
		row[i] = out
	}
	return nil
}

// neutralValue gives texts as bytes: SQLite keeps also what is not UTF-8, which
// texts of CBOR may not be.
func neutralValue(kind Kind, v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch kind {
	case Text, Bytes, JSON:
		switch v := v.(type) {
		case string:
			return []byte(v), true
		case []byte:
			return append([]byte{}, v...), true
		case int64, float64, bool: // a document that is one number, on SQLite
			return fmt.Append(nil, v), kind == JSON
		}
	case Integer:
		n, ok := v.(int64)
		return n, ok
	case Boolean:
		switch v := v.(type) {
		case bool:
			return v, true
		case int64:
			return v != 0, true
		}
	case Double:
		switch v := v.(type) {
		case float64:
			return v, true
		case int64:
			return float64(v), true
		}
	}
	return nil, false
}
