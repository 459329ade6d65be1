// Package storetest runs a test on both engines of the central database: on a
// fresh SQLite file and in a fresh database of a PostgreSQL server.
//
// The server is found in Debian's place or in PATH and started once for each
// test binary, in a folder of its own, reachable by a socket only; it ends with
// the binary, however that ends. WARDER_TEST_POSTGRES_DSN names a server to use
// instead (its user must be allowed to make databases). Without a server tests
// fail, unless WARDER_WITHOUT_POSTGRES=1 says that this half is to be left out.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"warder/internal/kit/id"
	"warder/internal/store"
)

// Each runs fn on a new, migrated store on each engine, as subtests "sqlite" and
// "postgres". The store is closed when fn's test ends.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) { fn(t, Open(t, o)) })
}

// EachOptions is Each for tests that open the store themselves, or twice.
func EachOptions(t *testing.T, fn func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run(store.PostgreSQL, func(t *testing.T) { fn(t, Postgres(t)) })
}

// Open opens a store that is closed when the test ends. Its log is the test's.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// SQLite returns the options of a new file.
func SQLite(t testing.TB) store.Options {
	return store.Options{Driver: store.SQLite, Path: filepath.Join(t.TempDir(), "warder.db")}
}

// Postgres returns the options of a new database, dropped when the test ends.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	admin := serverDSN(t)
	name := "t" + strings.ReplaceAll(id.New(), "-", "")
	administer(t, admin, `CREATE DATABASE `+name)
	t.Cleanup(func() { administer(t, admin, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return store.Options{Driver: store.PostgreSQL, DSN: withDatabase(admin, name)}
}

func serverDSN(t testing.TB) string {
	t.Helper()
	if dsn := os.Getenv("WARDER_TEST_POSTGRES_DSN"); dsn != "" {
		return dsn
	}
	if os.Getenv("WARDER_WITHOUT_POSTGRES") == "1" {
		t.Skip("WARDER_WITHOUT_POSTGRES=1: the PostgreSQL half is left out")
	}
	server, err := shared()
	if err != nil {
		t.Fatalf("%v; install PostgreSQL (Debian: apt-get install postgresql), name a server in WARDER_TEST_POSTGRES_DSN, "+
			"or leave this half out with WARDER_WITHOUT_POSTGRES=1", err)
	}
	return server.DSN()
}

func administer(t testing.TB, dsn, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatalf("reach the test server: %v", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// withDatabase puts another database's name into a connection string, URL or
// keyword/value form (where the last dbname counts).
func withDatabase(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "" {
		return fmt.Sprintf("%s dbname=%s", dsn, name)
	}
	u.Path = "/" + name
	return u.String()
}
