package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Tx is one transaction of a module. It ends with the function it was handed to.
type Tx struct {
	tx     *sql.Tx
	store  *Store
	module string
	out    []emitted
	failed error // the first message that could not be encoded
	// audited tells that a line of the audit was written.
	audited bool
}

type emitted struct {
	topic, key string
	body       []byte
}

// ExecContext runs a statement.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return tx.tx.ExecContext(ctx, query, args...)
}

// QueryContext runs a query that sees what the transaction wrote. Close its rows
// before the next statement: the connection is one.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.tx.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query that sees what the transaction wrote.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.tx.QueryRowContext(ctx, query, args...)
}

// Emit hands a record, as JSON, to a topic when the transaction commits, and
// only then. Messages reach a topic in the order of the commits, and within a
// transaction in the order of Emit, at least once. The value is encoded now; one
// that cannot be encoded fails the transaction.
func (tx *Tx) Emit(topic, key string, v any) {
	body, err := json.Marshal(v)
	if err != nil && tx.failed == nil {
		tx.failed = fmt.Errorf("emit on topic %s: %w", topic, err)
	}
	tx.out = append(tx.out, emitted{topic, key, body})
}

// flush writes the outbox rows as the transaction's last act, so that the lock
// that keeps them in order is held for as short as can be.
func (tx *Tx) flush(ctx context.Context) error {
	if tx.failed != nil || len(tx.out) == 0 {
		return tx.failed
	}
	if order := tx.store.engine.orderly; order != "" {
		if _, err := tx.tx.ExecContext(ctx, order); err != nil {
			return fmt.Errorf("wait for the outbox: %w", err)
		}
	}
	insert := `INSERT INTO store_outbox (seq, topic, message_key, body) VALUES (` + tx.store.engine.nextSeq + `, $1, $2, $3)`
	for _, m := range tx.out {
		if _, err := tx.tx.ExecContext(ctx, insert, m.topic, m.key, m.body); err != nil {
			return fmt.Errorf("write to the outbox: %w", err)
		}
	}
	return nil
}

// Cursor returns how far this module came on a topic, as the transaction sees it.
func (tx *Tx) Cursor(ctx context.Context, topic string) (uint64, error) {
	return cursor(ctx, tx, tx.module, topic)
}

// SetCursor moves this module's cursor on a topic forward, in the transaction of
// the effect that it stands for. A lower offset leaves it where it is.
func (tx *Tx) SetCursor(ctx context.Context, topic string, offset uint64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO store_cursor (space, topic, position) VALUES ($1, $2, $3)
		ON CONFLICT (space, topic) DO UPDATE SET position = excluded.position
		WHERE excluded.position > store_cursor.position`, tx.module, topic, int64(offset))
	if err != nil {
		return fmt.Errorf("move the cursor on topic %s: %w", topic, err)
	}
	return nil
}

func cursor(ctx context.Context, r Reader, module, topic string) (uint64, error) {
	var at int64
	err := r.QueryRowContext(ctx, `SELECT position FROM store_cursor WHERE space = $1 AND topic = $2`, module, topic).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the cursor on topic %s: %w", topic, err)
	}
	return uint64(at), nil
}
