package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"warder/internal/kit/fault"
)

// Advisory locks of one database, taken by Warder processes only.
const (
	emitLock  = `SELECT pg_advisory_xact_lock(7523094288207667809)`
	setupLock = `SELECT pg_advisory_xact_lock(7523094288207667810)`
)

func postgresEngine() engine {
	return engine{
		name:      PostgreSQL,
		isolation: sql.LevelSerializable,
		snapshot:  sql.LevelRepeatableRead,
		// The lock is let go after the commit can be seen, and nextval is no part
		// of the snapshot: whoever comes next gets a higher number and commits later.
		orderly:  emitLock,
		nextSeq:  `nextval('store_outbox_order')`,
		alone:    setupLock,
		hasTable: `SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1)`,
		columns: `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
			JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
			WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position`,
		references: `SELECT a.relname, b.relname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
			JOIN pg_namespace n ON n.oid = a.relnamespace WHERE k.contype = 'f' AND n.nspname = current_schema()`,
		loaded: []string{
			`SELECT setval('store_outbox_order', (SELECT coalesce(max(seq), 0) + 1 FROM store_outbox), false)`,
		},
		size:       `SELECT pg_database_size(current_database())`,
		copyTo:     copyPostgres,
		copyEnds:   ".dump",
		tryUpgrade: tryPostgres,
		setup: []string{
			`CREATE SEQUENCE IF NOT EXISTS store_outbox_order AS BIGINT`,
			`CREATE OR REPLACE FUNCTION store_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
			 $$ BEGIN RAISE EXCEPTION '` + refusal + `' USING ERRCODE = 'raise_exception'; END $$`,
			`CREATE OR REPLACE TRIGGER store_audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON store_audit
			 FOR EACH STATEMENT EXECUTE FUNCTION store_audit_refuse()`,
			`CREATE OR REPLACE TRIGGER store_audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON store_audit_leaf
			 FOR EACH STATEMENT EXECUTE FUNCTION store_audit_refuse()`,
		},
		sort: sortPostgres,
	}
}

// Connections to PostgreSQL of one process.
const (
	postgresWriters = 4
	postgresReaders = 8
)

func (s *Store) openPostgres(dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's message repeats the string, and with it what may be a password.
		return fault.New(fault.Invalid, "the PostgreSQL connection string cannot be read: "+
			"write postgres://user:password@host:5432/database, with special characters percent-encoded")
	}
	config.RuntimeParams["application_name"] = "warder"
	reading := config.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	s.engine, s.holding = postgresEngine(), config.Copy()
	s.writer = pool(*config, postgresWriters)
	s.reader = pool(*reading, postgresReaders)
	return nil
}

func pool(config pgx.ConnConfig, size int) *sql.DB {
	db := stdlib.OpenDB(config)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

func sortPostgres(err error) sorted {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return sortState(e)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return foreign
	case errors.As(err, &connect), errors.As(err, &network),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		pgconn.SafeToRetry(err):
		return away
	}
	return foreign
}

// sortState reads the SQLSTATE (PostgreSQL 15, appendix A).
func sortState(e *pgconn.PgError) sorted {
	switch e.Code {
	case "40001", "40P01", "55P03": // not serialisable, deadlock, lock not available
		return again
	case "23505", "23P01":
		return taken
	case "23503":
		return dangling
	case "23514":
		return unfit
	case "53100":
		return full
	case "P0001":
		if strings.Contains(e.Message, refusal) {
			return appendsOnly
		}
		return unfit
	}
	switch e.Code[:2] {
	case "08", "53", "57": // connection, resources, the operator's doing (shutting down, starting up)
		return away
	}
	return foreign
}
