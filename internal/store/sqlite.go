package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"warder/internal/kit/fault"
)

func sqliteEngine() engine {
	return engine{
		name:     SQLite,
		nextSeq:  `(SELECT coalesce(max(seq), 0) + 1 FROM store_outbox)`,
		hasTable: `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1)`,
		columns: `SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c
			WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY t.name, c.cid`,
		references: `SELECT t.name, f."table" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
		size:       `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)`,
		copyTo:     copySQLite,
		copyEnds:   ".db",
		tryUpgrade: trySQLite,
		setup: []string{
			`CREATE TRIGGER IF NOT EXISTS store_audit_update BEFORE UPDATE ON store_audit
			 BEGIN SELECT RAISE(ABORT, '` + refusal + `'); END`,
			`CREATE TRIGGER IF NOT EXISTS store_audit_delete BEFORE DELETE ON store_audit
			 BEGIN SELECT RAISE(ABORT, '` + refusal + `'); END`,
			`CREATE TRIGGER IF NOT EXISTS store_audit_leaf_update BEFORE UPDATE ON store_audit_leaf
			 BEGIN SELECT RAISE(ABORT, '` + refusal + `'); END`,
			`CREATE TRIGGER IF NOT EXISTS store_audit_leaf_delete BEFORE DELETE ON store_audit_leaf
			 BEGIN SELECT RAISE(ABORT, '` + refusal + `'); END`,
		},
		sort: sortSQLite,
	}
}

// openSQLite opens the file with one writing connection and a pool of readers.
// The file is made here first, so that it and its journals are its owner's only.
func (s *Store) openSQLite(path string) error {
	if path == "" {
		return fault.New(fault.Invalid, "the database needs a path for its file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("find the database file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault.New(fault.Unavailable, "open the database file: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("open the database file: %w", err)
	}
	s.engine = sqliteEngine()
	s.writer, err = sql.Open("sqlite", sqliteDSN(path, "foreign_keys(1)"))
	if err != nil {
		return fmt.Errorf("open the database for writing: %w", err)
	}
	s.writer.SetMaxOpenConns(1)
	s.reader, err = sql.Open("sqlite", sqliteDSN(path, "query_only(1)"))
	if err != nil {
		return errors.Join(fmt.Errorf("open the database for reading: %w", err), s.writer.Close())
	}
	readers := max(4, runtime.NumCPU())
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

// sqliteDSN writes the file URI. The path is escaped, so that a question mark or
// a percent sign in it stays part of the name.
func sqliteDSN(path, extra string) string {
	q := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
			"journal_size_limit(67108864)", extra,
		},
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func sortSQLite(err error) sorted {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return foreign
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return taken
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dangling
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return unfit
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		if strings.Contains(e.Error(), refusal) {
			return appendsOnly
		}
		return unfit
	}
	switch e.Code() & 0xff { // the primary code, without its detail
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return again
	case sqlite3.SQLITE_CANTOPEN:
		return away
	case sqlite3.SQLITE_FULL:
		return full
	}
	return foreign
}
