package store

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"warder/internal/kit/fault"
)

// older makes a database as the first so many migrations left it, with a row.
func older(t *testing.T, o Options, first int) {
	t.Helper()
	known, err := readMigrations(migrations())
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, m := range known[:first] {
		text, err := fs.ReadFile(migrations(), m.name)
		if err != nil {
			t.Fatal(err)
		}
		files[m.name] = &fstest.MapFile{Data: text}
	}
	s, err := open(context.Background(), o, files)
	if err != nil {
		t.Fatal(err)
	}
	s.within(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO store_outbox (seq, topic, message_key, body) VALUES (1, 'alert', 'k', $1)`, []byte("kept"))
		return err
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// copies lists what lies in the folder of copies.
func copies(t *testing.T, o Options) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(o.Upgrades)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "lock" {
			names = append(names, e.Name())
		}
	}
	return names
}

func kept(t *testing.T, o Options) (body string, versions []int64) {
	t.Helper()
	s, err := connect(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.reader.QueryRow(`SELECT body FROM store_outbox`).Scan(&body); err != nil {
		t.Fatal(err)
	}
	if versions, err = s.applied(t.Context()); err != nil {
		t.Fatal(err)
	}
	return body, versions
}

// Every older version is upgraded with its rows, after a copy that can be used.
func olderIsUpgraded(t *testing.T, o Options) {
	t.Helper()
	older(t, o, 5)
	o.Upgrades = filepath.Join(t.TempDir(), "upgrades")
	if err := Migrate(t, o, nil); err != nil {
		t.Fatal(err)
	}
	known, _ := readMigrations(migrations())
	if body, versions := kept(t, o); body != "kept" || len(versions) != len(known) {
		t.Errorf("%q, %d of %d migrations", body, len(versions), len(known))
	}
	names := copies(t, o)
	if len(names) != 1 || !strings.HasPrefix(names[0], copyPrefix) {
		t.Fatalf("there is %v, want one copy", names)
	}
	path := filepath.Join(o.Upgrades, names[0])
	back := Options{Path: path}
	if strings.HasSuffix(path, ".dump") {
		back.Path = filepath.Join(t.TempDir(), "back.db")
		if err := LoadCopy(t.Context(), back, path); err != nil {
			t.Fatal(err)
		}
	}
	if body, versions := kept(t, back); body != "kept" || (back.Path == path && len(versions) != 5) {
		t.Errorf("the copy has %q and %d migrations", body, len(versions))
	}
	if err := Migrate(t, o, nil); err != nil || len(copies(t, o)) != 1 {
		t.Errorf("opened again: %v, %v", err, copies(t, o))
	}
}

// A migration that fails on the copy leaves the database as it was: the version
// before opens it.
func failedTrialChangesNothing(t *testing.T, o Options) {
	t.Helper()
	older(t, o, len(mustKnow(t)))
	o.Upgrades = t.TempDir()
	for range 5 {
		err := Migrate(t, o, map[string]string{
			"99998_good.sql":   "-- +goose Up\nCREATE TABLE good_table (id TEXT);",
			"99999_broken.sql": "-- +goose Up\nCREATE TABLE half_table (id TEXT);\nINSERT INTO half_table SELECT topic FROM no_table;",
		})
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "nothing was changed") {
			t.Fatalf("error %v, want a refusal", err)
		}
	}
	for _, name := range copies(t, o) {
		if !strings.HasPrefix(name, copyPrefix) {
			t.Errorf("the trial left %s", name)
		}
	}
	if n := len(copies(t, o)); n > keepCopies {
		t.Errorf("%d copies stay", n)
	}
	if err := Migrate(t, o, nil); err != nil {
		t.Errorf("the version before no longer opens it: %v", err)
	}
	if body, versions := kept(t, o); body != "kept" || len(versions) != len(mustKnow(t)) {
		t.Errorf("%q, %d migrations", body, len(versions))
	}
}

func mustKnow(t *testing.T) []migration {
	t.Helper()
	known, err := readMigrations(migrations())
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// Without room nothing is begun.
func fullDiskStopsUpgrade(t *testing.T, o Options) {
	t.Helper()
	older(t, o, 3)
	o.Upgrades = t.TempDir()
	s, err := connect(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.free = func(string) (uint64, error) { return 1 << 20, nil }
	err = s.migrate(t.Context(), migrations())
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("error %v, want a refusal", err)
	}
	if len(copies(t, o)) != 0 {
		t.Errorf("there is %v", copies(t, o))
	}
	if _, versions := kept(t, o); len(versions) != 3 {
		t.Errorf("%d migrations", len(versions))
	}
}

// An upgrade that is cut off at any moment leaves the version of before; the
// next start does the whole of it.
func cutOffUpgrade(t *testing.T, o Options) {
	t.Helper()
	older(t, o, 3)
	o.Upgrades = t.TempDir()
	for after := time.Millisecond; ; after = after * 3 / 2 {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		s, err := open(ctx, o, migrations())
		cancel()
		if err == nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			break
		}
		if body, versions := kept(t, o); body != "kept" || (len(versions) != 3 && len(versions) != len(mustKnow(t))) {
			t.Fatalf("cut off after %s: %q, %d migrations", after, body, len(versions))
		}
	}
	if body, versions := kept(t, o); body != "kept" || len(versions) != len(mustKnow(t)) {
		t.Errorf("%q, %d migrations", body, len(versions))
	}
}

// UpgradeCases are run by the outer tests, which have both engines.
func UpgradeCases() map[string]func(*testing.T, Options) {
	return map[string]func(*testing.T, Options){
		"older is upgraded":            olderIsUpgraded,
		"failed trial changes nothing": failedTrialChangesNothing,
		"full disk":                    fullDiskStopsUpgrade,
		"cut off":                      cutOffUpgrade,
	}
}

// DamagedIsNotUpgraded is for SQLite: pages are torn.
func DamagedIsNotUpgraded(t *testing.T, o Options) {
	t.Helper()
	older(t, o, 5)
	o.Upgrades = t.TempDir()
	file, err := os.ReadFile(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 2 * 4096; i < len(file); i += 512 { // the first two pages hold what tables there are
		file[i] ^= 0xff
	}
	if err := os.WriteFile(o.Path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t, o, nil); err == nil {
		t.Fatal("a damaged database was upgraded")
	}
	if now, err := os.ReadFile(o.Path); err != nil || string(now) != string(file) {
		t.Errorf("the file was changed: %v", err)
	}
}

// Older makes a database of an older version, and Kept says what is in one.
func Older(t *testing.T, o Options) { older(t, o, 3) }

// Kept returns the row that Older made, and whether the tables are those of the
// version before or of this one, whole.
func Kept(t *testing.T, o Options) (body string, whole bool) {
	t.Helper()
	body, versions := kept(t, o)
	return body, len(versions) == 3 || len(versions) == len(mustKnow(t))
}
