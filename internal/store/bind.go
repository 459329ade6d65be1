package store

import (
	"context"
	"database/sql"
	"errors"

	"warder/internal/kit/fault"
)

// Bind ties the database to the exchange whose messages its cursors count, by
// the id of the exchange's writer. A new database takes the first that comes. A
// database that belongs to another is refused: its cursors would skip what is
// new, and what it emits would be answered by nobody.
func (s *Store) Bind(ctx context.Context, writer string) error {
	return s.Space("store").Write(ctx, func(ctx context.Context, tx *Tx) error {
		var bound string
		err := tx.QueryRowContext(ctx, `SELECT writer FROM store_binding WHERE part = 'exchange'`).Scan(&bound)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			_, err = tx.ExecContext(ctx, `INSERT INTO store_binding (part, writer) VALUES ('exchange', $1)`, writer)
			return err
		case err != nil:
			return err
		case bound != writer:
			return fault.New(fault.Conflict, "this database belongs to another data directory (its exchange is %s, the one here is %s): "+
				"use the data directory that belongs to the database, or start with an empty database", bound, writer)
		}
		return nil
	})
}
