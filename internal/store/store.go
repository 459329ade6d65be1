// Package store is the central database: incidents, plans, people, the hospital
// model, and whatever else is small and must be consistent. SQLite by default,
// PostgreSQL by configuration; one SQL text for both.
//
// Each module gets a Space: its own tables, whose names begin with the module's
// name, and transactions over nothing else. In a transaction a module may also
// emit messages (outbox: they reach the exchange in order, at least once, if and
// only if the transaction commits), move its consumer's cursor (so that an
// effect and the progress that it stands for commit together) and write to the
// append-only audit.
//
// SQL rules: parameters $1..$n; types TEXT BIGINT BOOLEAN BYTEA JSONB DOUBLE
// PRECISION; ON CONFLICT ... RETURNING; times as BIGINT microseconds UTC; ids as
// text; lower() on both sides of LIKE, which folds no more than ASCII on SQLite and
// what its locale knows on PostgreSQL: names of people are compared in Go; JSONB only through -> and ->>, written as a
// string (bytes would be another type on SQLite) and compared after a CAST, since
// ->> of a number is a number on SQLite and text on PostgreSQL.
// A statement that failed ends its transaction: return the error (PostgreSQL
// refuses whatever follows, SQLite would go on).
//
// Migrations are files in migrations/, one set for both engines, in the form that
// goose reads. All that an upgrade needs are applied in one transaction, after the
// same was done to a copy.
package store

import (
	"context"
	"database/sql"
	"time"
)

// Reader runs queries; a Space and a Tx are readers.
type Reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Writer runs statements; only a Tx is one.
type Writer interface {
	Reader
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Entry is one line of the audit: who did what to which thing.
type Entry struct {
	Time    time.Time      `json:"time"`
	By      string         `json:"by"`   // principal id; "warder" for the program itself
	Name    string         `json:"name"` // as people know them
	Action  string         `json:"action"`
	Subject string         `json:"subject"`
	Detail  map[string]any `json:"detail,omitempty"`
}

// Micros turns a time into the database's form: microseconds since 1970, UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros reads what Micros wrote.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }
