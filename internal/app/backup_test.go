package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"warder/internal/app/backup"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// recovery is a recovery key of a test.
func recovery(t *testing.T) (recipient string, keys []age.Identity) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String(), []age.Identity{id}
}

// traffic sends numbered events, a fire among them now and then, until it is stopped.
type traffic struct {
	next     atomic.Int64
	accepted sync.Map // number -> true
	senders  sync.WaitGroup
	stop     context.CancelFunc
}

func drive(t *testing.T, c *caller) *traffic {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	tr := &traffic{stop: cancel}
	for range 4 {
		tr.senders.Go(func() {
			for ctx.Err() == nil {
				tr.send(t, c)
			}
		})
	}
	return tr
}

func (tr *traffic) send(t *testing.T, c *caller) {
	n := tr.next.Add(1)
	l := letter{number: int(n), fire: n%20 == 0}
	if err := l.post(c, &c.client); err != nil {
		t.Errorf("number %d: %v", n, err)
		return
	}
	tr.accepted.Store(n, true)
}

func (tr *traffic) end() {
	tr.stop()
	tr.senders.Wait()
}

func (tr *traffic) so() map[int64]bool {
	all := map[int64]bool{}
	tr.accepted.Range(func(n, _ any) bool { all[n.(int64)] = true; return true })
	return all
}

// make has a backup made and returns its path.
func (s *stand) backUp(t *testing.T) string {
	t.Helper()
	s.must(t, http.MethodPost, "/backups", "")
	var state backup.State
	until(t, "the backup is made", func() bool {
		state = backup.State{}
		if err := json.Unmarshal(s.must(t, http.MethodGet, "/backups", ""), &state); err != nil {
			t.Fatal(err)
		}
		return state.Running == nil
	})
	if state.Failed != "" || len(state.Items) == 0 {
		t.Fatalf("no backup was made: %s", state.Failed)
	}
	return filepath.Join(s.house.cfg.backupsDir(), state.Items[0].Name)
}

// Backed up under load, restored elsewhere and started, Warder has everything that
// was acknowledged before the backup began, once, and incidents that agree with it.
func TestBackupUnderLoadComesBack(t *testing.T) {
	recipient, keys := recovery(t)
	sources := map[string]func(t *testing.T) Config{
		"sqlite":   func(t *testing.T) Config { return crashConfig(t.TempDir()) },
		"postgres": func(t *testing.T) Config { return crashOn(t) },
	}
	for from, make := range sources {
		for to, remake := range sources {
			if testing.Short() && from == to {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				cfg := make(t)
				cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
				s := serve(t, cfg, func(a *App) error { return a.LoadReference(t.Context()) })
				tr := drive(t, &s.caller)
				until(t, "there is something to lose", func() bool { return len(tr.so()) > 300 })
				before := tr.so()
				path := s.backUp(t)
				until(t, "more came after it", func() bool { return len(tr.so()) > len(before)+100 })
				tr.end()
				writer := s.house.embedded.Writer()
				s.halt()

				back := remake(t)
				back.Data = filepath.Join(t.TempDir(), "restored", "data")
				found, err := Restore(t.Context(), back, RestoreOptions{Path: path, Keys: keys, Version: "test"})
				if err != nil {
					t.Fatal(err)
				}
				r := serve(t, back, nil)
				if r.house.embedded.Writer() == writer {
					t.Error("the restored exchange goes on under the writer of the other")
				}
				r.must(t, http.MethodPost, "/ingest/ndjson", `{"application":"after","action":"restore"}`)
				if err := r.house.settle(t.Context(), settleTime); err != nil {
					t.Fatal(err)
				}
				burning := checkBackedUp(t, r, before, tr.so(), writer)
				checkIncidents(t, r, burning)
				checkRestoreIsAudited(t, r)
				t.Logf("%d before, %d in all, %d rows, %d entries", len(before), len(tr.so()), found.Parts["store"].Rows, found.Entries)
			})
		}
	}
}

func crashOn(t *testing.T) Config {
	cfg := crashConfig("")
	on := onPostgres(t, storetest.Postgres(t).DSN)
	cfg.Data, cfg.Store = on.Data, on.Store
	return cfg
}

func checkBackedUp(t *testing.T, r *stand, before, all map[int64]bool, writer string) (burning []string) {
	t.Helper()
	times := map[int64]int{}
	for _, e := range list[flow.Event](t, &r.caller, "/events?limit=500&q=application.name:numbered") {
		var n int64
		if _, err := fmt.Sscanf(e.Attributes[flow.AttrMessage], "number %d", &n); err != nil {
			t.Fatal(err)
		}
		times[n]++
		if !strings.HasPrefix(e.ID, writer+".") {
			t.Errorf("event %s is not of the old writer", e.ID)
		}
		if e.Action == "fire.alarm" {
			burning = append(burning, e.ID)
		}
	}
	for n := range before {
		if times[n] != 1 {
			t.Errorf("number %d was acknowledged before the backup and is there %d times", n, times[n])
		}
	}
	for n, count := range times {
		if count != 1 || !all[n] {
			t.Errorf("number %d is there %d times", n, count)
		}
	}
	for _, e := range list[flow.Event](t, &r.caller, "/events?limit=500&q=application.name:after") {
		if strings.HasPrefix(e.ID, writer+".") {
			t.Errorf("event %s, of after the restore, has the old writer", e.ID)
		}
	}
	return burning
}

func checkRestoreIsAudited(t *testing.T, r *stand) {
	t.Helper()
	entries, _, err := r.house.store.AuditLog(t.Context(), store.AuditQuery{Action: "backup.restore"})
	if err != nil || len(entries) != 1 {
		t.Errorf("%d lines say that it was restored, %v", len(entries), err)
	}
}

// With PostgreSQL an upgrade leaves a copy that fills an empty database again.
func TestUpgradeIsUndone(t *testing.T) {
	if err := UndoUpgrade(t.Context(), crashConfig(t.TempDir()), "none"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("on SQLite: %v, want a refusal", err)
	}
	cfg := crashOn(t)
	o := must(cfg.storeOptions(time.Now, slog.New(slog.DiscardHandler)))
	open := func() {
		t.Helper()
		st, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	open()
	db, err := sql.Open("pgx", o.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, older := range []string{`DROP TABLE store_instance`, `DELETE FROM store_migration WHERE version_id = 12`,
		`INSERT INTO store_cursor VALUES ('kept', 'raw', 7)`} {
		if _, err := db.Exec(older); err != nil {
			t.Fatal(err)
		}
	}
	open()
	copies, err := filepath.Glob(filepath.Join(cfg.upgradesDir(), "*.dump"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("%v, %v; want one copy", copies, err)
	}
	if err := UndoUpgrade(t.Context(), cfg, copies[0]); fault.KindOf(err) != fault.Conflict {
		t.Errorf("into a database that is not empty: %v", err)
	}
	if _, err := db.Exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
		t.Fatal(err)
	}
	if err := UndoUpgrade(t.Context(), cfg, copies[0]); err != nil {
		t.Fatal(err)
	}
	undone := auditOf(t, o, "backup.undo")
	if len(undone) != 1 || undone[0].By != "command-line" || undone[0].Subject != filepath.Base(copies[0]) {
		t.Errorf("the audit says %+v", undone)
	}
	var at int64
	if err := db.QueryRow(`SELECT position FROM store_cursor WHERE space = 'kept'`).Scan(&at); err != nil || at != 7 {
		t.Errorf("position %d, %v", at, err)
	}
}

func auditOf(t *testing.T, o store.Options, action string) []store.AuditLine {
	t.Helper()
	st, err := store.OpenAsIs(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	lines, _, err := st.AuditLog(t.Context(), store.AuditQuery{Action: action})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// A backup of a Warder that is stopped is in the audit too.
func TestBackupOfStoppedIsAudited(t *testing.T) {
	recipient, _ := recovery(t)
	cfg := crashConfig(t.TempDir())
	cfg.Backup.Recipients = []string{recipient}
	serve(t, cfg, nil).halt()
	made, err := Backup(t.Context(), cfg, "test", filepath.Join(t.TempDir(), "b.age"), nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := auditOf(t, must(cfg.storeOptions(time.Now, slog.New(slog.DiscardHandler))), "backup.make")
	if len(lines) != 1 || lines[0].By != "command-line" || lines[0].Subject != made.Name || lines[0].Detail["sha256"] != made.SHA256 {
		t.Errorf("the audit says %+v", lines)
	}
}

// What the disk has and the list has not is not handed out.
func TestBackupIsDownloaded(t *testing.T) {
	recipient, keys := recovery(t)
	cfg := crashConfig(t.TempDir())
	cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
	s := serve(t, cfg, nil)
	path := s.backUp(t)
	got := filepath.Join(t.TempDir(), "b.age")
	if err := os.WriteFile(got, s.must(t, http.MethodGet, "/backups/"+filepath.Base(path), ""), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := CheckBackup(t.Context(), got, keys, nil); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"warder-none.age", "..%2fwarder.db", filepath.Base(path) + ".json"} {
		if status, answer, err := s.call(t.Context(), http.MethodGet, "/backups/"+name, nil); err != nil || status != http.StatusNotFound {
			t.Errorf("%s: %d %.80s %v", name, status, answer, err)
		}
	}
	lines, _, err := s.house.store.AuditLog(t.Context(), store.AuditQuery{Action: "backup.download"})
	if err != nil || len(lines) != 1 || lines[0].Subject != filepath.Base(path) {
		t.Errorf("the audit says %+v, %v", lines, err)
	}
}

// What may not be replaced is refused before it is touched.
func TestRestoreTouchesNothingThatItRefuses(t *testing.T) {
	recipient, keys := recovery(t)
	_, others := recovery(t)
	cfg := crashConfig(t.TempDir())
	cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
	s := serve(t, cfg, nil)
	path := filepath.Join(t.TempDir(), "b.age")
	if err := os.Rename(s.backUp(t), path); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, o RestoreOptions, kind fault.Kind) {
		t.Helper()
		if o.Path == "" {
			o.Path = path
		}
		if o.Keys == nil {
			o.Keys = keys
		}
		if _, err := Restore(t.Context(), cfg, o); fault.KindOf(err) != kind {
			t.Errorf("%s: %v, want %s", what, err, kind)
		}
	}
	refused("a directory at work", RestoreOptions{Replace: true}, fault.Conflict)
	s.halt()
	before := treeOf(t, cfg.Data)
	torn := filepath.Join(t.TempDir(), "torn.age")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(torn, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	refused("a directory that is not empty", RestoreOptions{}, fault.Conflict)
	refused("another's key", RestoreOptions{Replace: true, Keys: others}, fault.Denied)
	refused("half a backup", RestoreOptions{Replace: true, Path: torn}, fault.Invalid)
	refused("no backup", RestoreOptions{Replace: true, Path: filepath.Join(cfg.Data, databaseFile)}, fault.Invalid)
	on := crashOn(t)
	cfg.Store = on.Store
	filled, err := store.Open(t.Context(), must(on.storeOptions(time.Now, slog.New(slog.DiscardHandler))))
	if err != nil {
		t.Fatal(err)
	}
	if err := filled.Close(); err != nil {
		t.Fatal(err)
	}
	refused("a database that is not empty", RestoreOptions{Replace: true}, fault.Conflict)
	if after := treeOf(t, cfg.Data); !slices.Equal(before, after) {
		t.Error("the directory was touched")
	}
	if left, _ := filepath.Glob(cfg.Data + ".*"); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

func must(o store.Options, err error) store.Options {
	if err != nil {
		panic(err)
	}
	return o
}
