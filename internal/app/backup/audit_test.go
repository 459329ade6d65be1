package backup

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"warder/internal/audit/tiled"
)

// appender is an audit that is appended to while a backup is made, between two
// files of it, whenever that is allowed.
type appender struct {
	t       *testing.T
	log     *tiled.Log
	lock    sync.Mutex
	entries int
}

func (a *appender) still() (release func()) { a.lock.Lock(); return a.lock.Unlock }

func (a *appender) add(n int) {
	a.t.Helper()
	var entries [][]byte
	for range n {
		a.entries++
		entries = append(entries, fmt.Appendf(nil, `{"n":%d}`, a.entries))
	}
	if err := a.log.Append(entries, nil); err != nil {
		a.t.Fatal(err)
	}
}

// A bundle that is full replaces the one that was not: a copy that has neither
// would be a damaged log.
func TestAuditIsOfOneMoment(t *testing.T) {
	s := newSite(t)
	dir := filepath.Join(s.Data, auditFolder)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	key, _, err := tiled.LoadKey(filepath.Join(s.Data, "audit-key"))
	if err != nil {
		t.Fatal(err)
	}
	a := &appender{t: t}
	if a.log, err = tiled.Open(dir, key); err != nil {
		t.Fatal(err)
	}
	a.add(300)
	s.Still = a.still
	for after := range int64(16) { // KiB of files, where the append comes
		m := s.maker()
		m.Told = func(p Progress) {
			if p.Part == filesPart && p.Bytes > after<<10 && a.lock.TryLock() {
				a.add(100)
				a.lock.Unlock()
			}
		}
		path := filepath.Join(t.TempDir(), "b.age")
		before := a.entries
		if _, err := m.Make(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		to, _ := s.restored(t, path)
		log, err := tiled.Open(filepath.Join(to, auditFolder), key)
		if err != nil {
			t.Fatalf("restored, after %d KiB: %v", after, err)
		}
		if log.Tree().N < int64(before) {
			t.Errorf("it has %d entries, and had %d before", log.Tree().N, before)
		}
		if a.entries == before {
			t.Error("nothing was appended during the backup")
		}
	}
}
