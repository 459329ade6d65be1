package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	_ "modernc.org/sqlite"

	"warder/internal/store"
)

// Tamper changes a database as somebody would who got past Warder: the triggers
// that keep the audit are put aside first.
func Tamper(o store.Options, statements ...string) error {
	driver, dsn := "pgx", o.DSN
	aside := []string{`SET session_replication_role = replica`}
	if o.Driver == store.SQLite {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: o.Path}).EscapedPath()+"?_pragma=busy_timeout(10000)"
		aside = []string{`DROP TRIGGER IF EXISTS store_audit_update`, `DROP TRIGGER IF EXISTS store_audit_delete`,
			`DROP TRIGGER IF EXISTS store_audit_leaf_update`, `DROP TRIGGER IF EXISTS store_audit_leaf_delete`}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // what is set aside is so for one connection
	for _, statement := range append(aside, statements...) {
		if _, err = db.ExecContext(ctx, statement); err != nil {
			err = fmt.Errorf("%s: %w", statement, err)
			break
		}
	}
	return errors.Join(err, db.Close())
}
