package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"warder/internal/kit/fault"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const migrationTable = "store_migration"

func migrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return sub
}

// migrate brings the tables to what the files say. Numbers belong to modules, so
// a new number may be lower than one applied long ago: missing ones are applied
// wherever they stand. A database that holds something is upgraded only after the
// same was done to a copy of it.
func (s *Store) migrate(ctx context.Context, files fs.FS) error {
	known, err := readMigrations(files)
	if err != nil {
		return err
	}
	applied, err := s.applied(ctx)
	if err != nil {
		return err
	}
	if err := refuseNewer(applied, known); err != nil {
		return err
	}
	if pending := missing(known, applied); len(applied) > 0 && len(pending) > 0 && s.upgrades != "" {
		unlock, err := s.prepareUpgrade(ctx, known)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return s.within(ctx, func(tx *sql.Tx) error { return s.upgrade(ctx, tx, known) })
}

// within runs fn in one transaction on the writing connection.
func (s *Store) within(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to prepare the database: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after the commit
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// upgrade applies what is missing of the known migrations, all in this
// transaction: a version of the program finds its own tables or those of the
// version before, and never something between.
func (s *Store) upgrade(ctx context.Context, tx *sql.Tx, known []migration) error {
	if err := s.apply(ctx, tx, known); err != nil {
		return err
	}
	for _, statement := range s.engine.setup {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("set the database up: %w", err)
		}
	}
	return nil
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, wanted []migration) error {
	if s.engine.alone != "" { // two processes may open a new database at once
		if _, err := tx.ExecContext(ctx, s.engine.alone); err != nil {
			return fmt.Errorf("wait for the tables: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+migrationTable+` (version_id BIGINT NOT NULL, is_applied BOOLEAN NOT NULL)`)
	if err != nil {
		return fmt.Errorf("make the table of versions: %w", err)
	}
	applied, err := appliedIn(ctx, tx)
	if err != nil {
		return err
	}
	for _, m := range missing(wanted, applied) {
		if _, err := tx.ExecContext(ctx, m.up); err != nil {
			return fmt.Errorf("apply the migration %s: %w", m.name, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO `+migrationTable+` (version_id, is_applied) VALUES ($1, TRUE)`, m.version); err != nil {
			return fmt.Errorf("note the migration %s: %w", m.name, err)
		}
	}
	return nil
}

// applied lists the migrations that the database has; none when it is new.
func (s *Store) applied(ctx context.Context) ([]int64, error) {
	var there bool
	if err := s.reader.QueryRowContext(ctx, s.engine.hasTable, migrationTable).Scan(&there); err != nil {
		return nil, fmt.Errorf("read the database's version: %w", err)
	}
	if !there {
		return nil, nil
	}
	return appliedIn(ctx, s.reader)
}

func appliedIn(ctx context.Context, r Reader) (versions []int64, err error) {
	rows, err := r.QueryContext(ctx, `SELECT version_id FROM `+migrationTable+` WHERE is_applied AND version_id > 0 ORDER BY version_id`)
	if err != nil {
		return nil, fmt.Errorf("read the database's version: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		if err := rows.Scan(&version); err != nil {
			return nil, fmt.Errorf("read the database's version: %w", err)
		}
		versions = append(versions, version)
	}
	return versions, rows.Err()
}

// refuseNewer looks for migrations that this program does not know.
func refuseNewer(applied []int64, known []migration) error {
	for _, version := range applied {
		if !slices.ContainsFunc(known, func(m migration) bool { return m.version == version }) {
			return fault.New(fault.Conflict, "the database was made by a newer version of this program "+
				"(it has migration %05d, this program knows up to %05d): start the newer version, or restore a backup made before the upgrade",
				version, known[len(known)-1].version)
		}
	}
	return nil
}
