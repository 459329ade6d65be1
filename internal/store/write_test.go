package store_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestTypesComeBackAsTheyWent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		run(t, s, `CREATE TABLE probe_types (a TEXT, b BIGINT, c BOOLEAN, d BYTEA, e JSONB, f DOUBLE PRECISION)`)
		blob := []byte{0, 1, 0xff, 0}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO probe_types (a, b, c, d, e, f) VALUES ($1, $2, $3, $4, $5, $6)`,
				"é\n", int64(math.MaxInt64), true, blob, `{"who": {"name": "m.rossi"}, "n": 3}`, 1.5)
			return err
		})
		var a, e, name string
		var b int64
		var c bool
		var d []byte
		var f float64
		err := s.Space("probe").QueryRowContext(t.Context(),
			`SELECT a, b, c, d, e, f, e -> 'who' ->> 'name' FROM probe_types WHERE c AND CAST(e ->> 'n' AS BIGINT) = $1`, 3).
			Scan(&a, &b, &c, &d, &e, &f, &name)
		if err != nil {
			t.Fatal(err)
		}
		got := []any{a, b, c, d, f, name}
		if diff := cmp.Diff([]any{"é\n", int64(math.MaxInt64), true, blob, 1.5, "m.rossi"}, got); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(e, `"m.rossi"`) {
			t.Errorf("document %s", e)
		}
	})
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, sp := t.Context(), s.Space("probe")
		run(t, s, `CREATE TABLE probe_rows (id TEXT PRIMARY KEY)`)
		stopped := errors.New("stop here")
		attempt := func(end func(tx *store.Tx) error) error {
			return sp.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				tx.Emit("alert", "", "one")
				if _, err := tx.ExecContext(ctx, `INSERT INTO probe_rows (id) VALUES ('a')`); err != nil {
					return err
				}
				if err := tx.SetCursor(ctx, "raw", 9); err != nil {
					return err
				}
				if err := tx.Audit(ctx, store.Entry{Action: "try"}); err != nil {
					return err
				}
				return end(tx)
			})
		}
		if err := attempt(func(*store.Tx) error { return stopped }); !errors.Is(err, stopped) {
			t.Errorf("error %v, want the function's own", err)
		}
		if err := attempt(func(tx *store.Tx) error { tx.Emit("alert", "", make(chan int)); return nil }); err == nil {
			t.Error("a message that cannot be encoded was committed")
		}
		func() {
			defer func() { _ = recover() }()
			_ = attempt(func(*store.Tx) error { panic("in the middle") })
		}()
		var rows int
		if err := sp.QueryRowContext(ctx, `SELECT count(*) FROM probe_rows`).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows, %v", rows, err)
		}
		at, err := sp.Cursor(ctx, "raw")
		waiting, err2 := s.Waiting(ctx)
		entries, _, err3 := s.AuditLog(ctx, store.AuditQuery{})
		if at != 0 || waiting != 0 || len(entries) != 0 || errors.Join(err, err2, err3) != nil {
			t.Errorf("cursor %d, %d messages, %d audit lines, %v", at, waiting, len(entries), errors.Join(err, err2, err3))
		}
	})
}

func TestCursorsOnlyMoveForward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, step := range []struct{ set, want uint64 }{{5, 5}, {3, 5}, {6, 6}} {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.SetCursor(ctx, "raw", step.set); err != nil {
					return err
				}
				if at, err := tx.Cursor(ctx, "raw"); err != nil || at != step.want {
					t.Errorf("in the transaction: %d, %v; want %d", at, err, step.want)
				}
				return nil
			})
		}
		for space, want := range map[string]uint64{"probe": 6, "other": 0} {
			if at, err := s.Space(space).Cursor(t.Context(), "raw"); err != nil || at != want {
				t.Errorf("%s: %d, %v; want %d", space, at, err, want)
			}
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var at int
		err := s.Space("probe").QueryRowContext(t.Context(),
			`INSERT INTO store_cursor (space, topic, position) VALUES ('a', 'b', 1) RETURNING position`).Scan(&at)
		if err == nil {
			t.Error("a reader wrote")
		}
	})
}

func TestWriteWithinWriteIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		sp := s.Space("probe")
		err := sp.Write(t.Context(), func(ctx context.Context, _ *store.Tx) error {
			return sp.Write(ctx, func(context.Context, *store.Tx) error { return nil })
		})
		if err == nil {
			t.Error("no error")
		}
	})
}

func TestErrorsHaveKinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		run(t, s,
			`CREATE TABLE probe_whole (id TEXT PRIMARY KEY, n BIGINT CHECK (n > 0))`,
			`CREATE TABLE probe_part (id TEXT PRIMARY KEY, whole TEXT NOT NULL REFERENCES probe_whole (id), name TEXT UNIQUE)`,
			`INSERT INTO probe_whole VALUES ('w', 1)`,
			`INSERT INTO probe_part VALUES ('p', 'w', 'n')`)
		cases := map[string]fault.Kind{
			`INSERT INTO probe_whole VALUES ('w', 2)`:      fault.Conflict,
			`INSERT INTO probe_part VALUES ('q','w','n')`:  fault.Conflict,
			`INSERT INTO probe_part VALUES ('q','v','m')`:  fault.Conflict,
			`INSERT INTO probe_whole VALUES ('v', 0)`:      fault.Invalid,
			`SELECT nothing FROM nowhere`:                  fault.Internal,
			`INSERT INTO probe_part VALUES ('r','w',NULL)`: "",
		}
		for statement, want := range cases {
			err := s.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, statement)
				return err
			})
			if got := fault.KindOf(err); (want == "") != (err == nil) || err != nil && got != want {
				t.Errorf("%s: %s (%v), want %q", statement, got, err, want)
			}
		}
	})
}

// The list finds a name whatever alphabet it is written in, and however many
// names that are none of it lie between.
func TestAuditFindsNamesOfAllAlphabets(t *testing.T) {
	names := []string{"Élise", "Ωmega", "Straße", "STRAẞE", "İlker", "\u212aelvin", "100%_!", "Ada"}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, name := range append(names, "Ålise", "Ölise", "Ülise", "100xx!") {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.Audit(ctx, store.Entry{By: "u", Name: name, Action: "close"})
			})
		}
		for who, want := range map[string][]string{
			"Élise": names[:1], "élise": names[:1], "É": names[:1], "ÉLISE": names[:1], "elise": nil,
			"ω": names[1:2], "ΩM": names[1:2], "STRASSE": nil, "ß": {"STRAẞE", "Straße"}, "traße": {"STRAẞE", "Straße"},
			"ilk": names[4:5], "kelvin": names[5:6], "0%_!": names[6:7], "ADA": names[7:8],
		} {
			var got []string
			for q := (store.AuditQuery{Who: who, Limit: 1}); ; {
				lines, next, err := s.AuditLog(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range lines {
					got = append(got, l.Name)
				}
				if q.Cursor = next; next == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: found %q, want %q", who, got, want)
			}
		}
	})
}

func TestAuditOnlyGrows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, subject := range []string{"in-1", "in-2", "in-1", "in-3"} {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.Audit(ctx, store.Entry{By: "u1", Name: "Ada", Action: "close", Subject: subject, Detail: map[string]any{"why": "x"}})
			})
		}
		for _, statement := range []string{`UPDATE store_audit SET by_id = 'u2'`, `DELETE FROM store_audit WHERE subject = 'in-1'`} {
			err := s.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, statement)
				return err
			})
			if fault.KindOf(err) != fault.Denied {
				t.Errorf("%s: %v, want a refusal", statement, err)
			}
		}
		var got []string
		for q := (store.AuditQuery{Limit: 3}); ; {
			entries, next, err := s.AuditLog(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Name != "Ada" || e.Detail["why"] != "x" || e.Time.IsZero() {
					t.Errorf("entry %+v", e)
				}
				got = append(got, e.Subject)
			}
			if q.Cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, []string{"in-3", "in-1", "in-2", "in-1"}) {
			t.Errorf("audit %v", got)
		}
		entries, next, err := s.AuditLog(t.Context(), store.AuditQuery{Subject: "in-1"})
		if err != nil || len(entries) != 2 || next != "" {
			t.Errorf("%d entries of one subject, next %q, %v", len(entries), next, err)
		}
		if _, _, err := s.AuditLog(t.Context(), store.AuditQuery{Cursor: "nonsense"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a cursor of something else: %v", err)
		}
	})
}

func TestFileNamesMayHoldAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), `a?b%20c#d é.db`)
	for range 2 { // the second time it is there already
		s := storetest.Open(t, store.Options{Path: path})
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SetCursor(ctx, "raw", 1) })
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.db"))
	if err != nil || len(found) != 1 || found[0] != path {
		t.Errorf("files %q, %v", found, err)
	}
}
