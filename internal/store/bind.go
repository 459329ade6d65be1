package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"

	"warder/internal/kit/fault"
	"warder/internal/kit/id"
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

// Rebind ties a database that came from a backup to the exchange that was made of
// the same backup.
func (tx *Tx) Rebind(ctx context.Context, writer string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO store_binding (part, writer) VALUES ('exchange', $1)
		ON CONFLICT (part) DO UPDATE SET writer = excluded.writer`, writer)
	return err
}

// Instance names this installation for ever: a restored one has the name of the
// one that the backup was made of.
func (s *Store) Instance(ctx context.Context) (name string, err error) {
	err = s.Space("store").Write(ctx, func(ctx context.Context, tx *Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT id FROM store_instance`).Scan(&name)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		name = id.New()
		_, err = tx.ExecContext(ctx, `INSERT INTO store_instance (id, made) VALUES ($1, $2)`, name, Micros(s.now()))
		return err
	})
	return name, err
}

// InstanceIn reads the installation's name out of an SQLite file that nobody has
// open, and does not touch it; empty when it has none.
func InstanceIn(ctx context.Context, path string) (name string, err error) {
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, `SELECT id FROM store_instance`).Scan(&name)
	return name, err
}
