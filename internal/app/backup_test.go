package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"filippo.io/age"

	"warder/internal/app/backup"
	"warder/internal/flow"
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
			t.Run(from+" to "+to, func(t *testing.T) {
				cfg := make(t)
				cfg.Backup.Recipients = []string{recipient}
				cfg.Backup.Every = 0
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
