package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// site is a data directory with all three engines and a few files.
type site struct {
	Source
	store  *store.Store
	topics *exchange.Embedded
	key    *age.X25519Identity
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{store: storetest.Open(t, store.Options{Path: filepath.Join(dir, "warder.db")})}
	topics, err := exchange.OpenEmbedded(exchange.Options{Dir: filepath.Join(dir, "exchange")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = topics.Close() })
	evidence, err := events.Open(events.Options{Dir: filepath.Join(dir, "events")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = evidence.Close() })
	for n := 1; n <= 50; n++ {
		_, errTopic := topics.Append(t.Context(), "raw", []exchange.Outgoing{{Body: fmt.Appendf(nil, "record %d", n)}})
		errRow := s.store.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			tx.Emit("alert", "", n)
			return tx.Audit(ctx, store.Entry{Action: "probe", Subject: fmt.Sprint(n)})
		})
		errEvent := evidence.Append(t.Context(), uint64(n), []flow.Event{eventstest.Plain(n)})
		if err := errors.Join(errTopic, errRow, errEvent); err != nil {
			t.Fatal(err)
		}
	}
	if err := evidence.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"audit/log/tile", "own-key.pem", "lock", "upgrades/old.db", "backups/b.age", "half.tmp",
		"events/emptied-7", "events/erasures/one", "events/quarantine/bad.parquet", "events/2026-11-22/07/half.tmp"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if s.key, err = age.GenerateX25519Identity(); err != nil {
		t.Fatal(err)
	}
	rules := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(rules, "a.yml"), []byte("rule"), 0o600), os.Mkdir(filepath.Join(rules, "b"), 0o700),
		os.WriteFile(filepath.Join(rules, "b", "c.yml"), []byte("rule"), 0o600)); err != nil {
		t.Fatal(err)
	}
	nothing := func() func() { return func() {} }
	s.topics = topics
	s.Source = Source{Database: s.store, Evidence: evidence, Exchange: topics, Quiet: nothing, Still: nothing, Moment: nothing, Data: dir,
		Except: []string{filepath.Join(dir, "backups")}, Named: []Named{{"rules.folders[0]", rules}, {"http.tls.key", filepath.Join(rules, "a.yml")}},
		Ends: func(context.Context) (map[string]uint64, error) { return map[string]uint64{"incident": 7}, nil },
		Head: Head{Program: "test", Instance: "i", Name: "Site", Engine: "sqlite"}}
	return s
}

func (s *site) maker() *Maker {
	return &Maker{Source: s.Source, Recipients: []age.Recipient{s.key.Recipient()}, Now: time.Now}
}

func (s *site) keys() []age.Identity { return []age.Identity{s.key} }

func (s *site) backup(t *testing.T) (path string, made Made) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "b.age")
	made, err := s.maker().Make(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return path, made
}

// What is in a folder: every file with its sum.
func tree(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files = append(files, fmt.Sprintf("%s %x", name, sha256.Sum256(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
