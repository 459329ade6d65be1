package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

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

// migrate applies what is missing. Numbers belong to modules, so a new number
// may be lower than one applied long ago: missing ones are applied wherever
// they stand.
func (s *Store) migrate(ctx context.Context, files fs.FS) error {
	options := []goose.ProviderOption{
		goose.WithTableName(migrationTable),
		goose.WithAllowOutofOrder(true),
		goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(s.log),
	}
	dialect := goose.DialectSQLite3
	if s.engine.name == PostgreSQL {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("make the lock of the migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, s.writer, files, options...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := s.refuseNewer(ctx, provider); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("apply the migrations: %w", err)
	}
	return s.setup(ctx)
}

// refuseNewer looks for migrations that this program does not know.
func (s *Store) refuseNewer(ctx context.Context, provider *goose.Provider) error {
	// This also makes the table of versions when the database is new.
	if _, err := provider.GetDBVersion(ctx); err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	known := map[int64]bool{0: true}
	for _, source := range provider.ListSources() {
		known[source.Version] = true
	}
	rows, err := s.writer.QueryContext(ctx, `SELECT version_id FROM `+migrationTable+` WHERE is_applied ORDER BY version_id`)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		if err := rows.Scan(&version); err != nil {
			return fmt.Errorf("read the database's version: %w", err)
		}
		if !known[version] {
			return fault.New(fault.Conflict, "the database was made by a newer version of this program "+
				"(it has migration %05d, this program knows up to %05d): start the newer version, or restore a backup made before the upgrade",
				version, slices.Max(slices.Collect(maps.Keys(known))))
		}
	}
	return rows.Err()
}

func (s *Store) setup(ctx context.Context) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("set the database up: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after the commit
	for _, statement := range s.engine.setup {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("set the database up: %w", err)
		}
	}
	return tx.Commit()
}
