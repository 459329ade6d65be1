package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/kit/fault"
	"warder/internal/store/storetest"
)

// onPostgres is a configuration with a data directory of its own on a database.
func onPostgres(t *testing.T, dsn string) Config {
	t.Helper()
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	file := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(file, []byte(dsn), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Store = StoreConfig{Driver: "postgres", DSNFile: file}
	return cfg
}

// refused opens what must not open.
func refused(t *testing.T, cfg Config, want string) {
	t.Helper()
	a, err := Open(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatal("it opened", a.Close())
	}
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), want) {
		t.Fatalf("refused with %v, want %q", err, want)
	}
}

func TestOneWarderServesFromADatabase(t *testing.T) {
	dsn := storetest.Postgres(t).DSN
	cfg := onPostgres(t, dsn)
	first, err := Open(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, onPostgres(t, dsn), "another Warder serves")
	people, closePeople, err := OpenPeople(t.Context(), cfg) // links and tokens are made beside it
	if err != nil {
		t.Fatal(err)
	}
	if _, err := people.Any(context.Background()); err != nil {
		t.Error(err)
	}
	if err := closePeople(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, onPostgres(t, dsn), "belongs to another data directory")
	again, err := Open(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestFileOfAnotherDataDirectoryIsRefused(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	a, err := Open(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(cfg.exchangeDir()); err != nil {
		t.Fatal(err)
	}
	refused(t, cfg, "belongs to another data directory")
}
