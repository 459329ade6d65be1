package store

import (
	"context"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"warder/internal/kit/fault"
)

// with adds migrations to the program's own.
func with(t *testing.T, more map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	for name, text := range more {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	own := migrations()
	names, err := fs.Glob(own, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(own, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: text}
	}
	return all
}

// Migrate opens a database as a program with more migrations would, and closes it.
func Migrate(t *testing.T, o Options, more map[string]string) error {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := open(context.Background(), o, with(t, more))
	if err != nil {
		return err
	}
	return s.Close()
}

func newerIsRefused(t *testing.T, o Options) {
	t.Helper()
	table := map[string]string{"99999_later.sql": "-- +goose Up\nCREATE TABLE later_table (id TEXT);"}
	if err := Migrate(t, o, table); err != nil {
		t.Fatal(err)
	}
	err := Migrate(t, o, nil)
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("error %v, want a refusal", err)
	}
	if err := Migrate(t, o, table); err != nil {
		t.Fatalf("the newer program no longer opens it: %v", err)
	}
}

func lowerNumbersAreApplied(t *testing.T, o Options) {
	t.Helper()
	late := map[string]string{"99998_late.sql": "-- +goose Up\nCREATE TABLE late_table (id TEXT);"}
	if err := Migrate(t, o, late); err != nil {
		t.Fatal(err)
	}
	late["99997_early.sql"] = "-- +goose Up\nALTER TABLE late_table ADD COLUMN name TEXT;"
	if err := Migrate(t, o, late); err != nil {
		t.Fatal(err)
	}
}

func brokenChangesNothing(t *testing.T, o Options) {
	t.Helper()
	if err := Migrate(t, o, nil); err != nil {
		t.Fatal(err)
	}
	err := Migrate(t, o, map[string]string{"99999_broken.sql": "-- +goose Up\nCREATE TABLE half_table (id TEXT);\nCREATE NONSENSE;"})
	if err == nil {
		t.Fatal("no error")
	}
	if err := Migrate(t, o, map[string]string{"99999_broken.sql": "-- +goose Up\nCREATE TABLE half_table (id TEXT);"}); err != nil {
		t.Fatalf("half of the broken migration stayed: %v", err)
	}
}

// MigrationCases are run by the outer tests, which have both engines.
func MigrationCases() map[string]func(*testing.T, Options) {
	return map[string]func(*testing.T, Options){
		"newer is refused":          newerIsRefused,
		"lower numbers are applied": lowerNumbersAreApplied,
		"broken changes nothing":    brokenChangesNothing,
	}
}
