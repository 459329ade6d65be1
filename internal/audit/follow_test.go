package audit_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"warder/internal/audit"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.write(3, "in-1")
		b.follow(3)
		b.good(3)
		first := b.checkpoint()
		b.write(1200, "in-2") // more than a batch, across bundles
		b.follow(1203)
		b.good(1203)
		if r := b.verify(first); r.Against != 1 || len(r.Findings) > 0 {
			t.Errorf("against the first checkpoint: %+v", r)
		}
		b.write(2, "in-3")
		if r := b.verify(); r.Waiting != 2 || r.Oldest.IsZero() || len(r.Findings) > 0 {
			t.Errorf("%d wait, want 2; %v", r.Waiting, r.Findings)
		}
		if err := b.told(); err != nil {
			t.Errorf("trouble: %v", err)
		}
	})
}

// TestLateCommits leaves a transaction open while later ones commit and are
// followed: its line must not be passed over. Only PostgreSQL has two writers.
func TestLateCommits(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.Postgres(t)))
	wrote, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- b.store.Space("late").Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			err := tx.Audit(ctx, store.Entry{By: "u2", Name: "Bea", Action: "incident.comment", Subject: "late"})
			select {
			case wrote <- struct{}{}:
			case <-release:
			}
			<-release
			return err
		})
	}()
	<-wrote
	b.write(10, "in-1")
	b.follow(10)
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	b.follow(11)
	b.good(11)
}

// TestKilledAnywhere drops the follower at the moments where a kill -9 may hit
// it: after places were given, after the leaves were written but not the
// checkpoint, after the checkpoint but before the database knows of it.
func TestKilledAnywhere(t *testing.T) {
	o := storetest.SQLite(t)
	s := storetest.Open(t, o)
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t, s)
		if err := storetest.Tamper(o, `DELETE FROM store_audit`, `DELETE FROM store_audit_leaf`,
			`DELETE FROM store_audit_waiting`, `DELETE FROM store_audit_checkpoint`); err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for range rapid.IntRange(1, 3).Draw(rt, "lives") {
			n := rapid.SampledFrom([]int{1, 5, 250, 256}).Draw(rt, "lines")
			b.write(n, "in-1")
			total += int64(n)
			b.dies(o, rapid.IntRange(0, 3).Draw(rt, "death"), total)
		}
		b.write(1, "last")
		b.follow(total + 1)
		b.good(total + 1)
		if err := b.told(); err != nil {
			rt.Fatalf("trouble: %v", err)
		}
	})
}

// dies lets the follower work and takes back what a death at that moment would
// not have written.
func (b *bench) dies(o store.Options, death int, total int64) {
	b.t.Helper()
	checkpoint := filepath.Join(b.log(), "checkpoint")
	before, err := os.ReadFile(checkpoint)
	known, knownErr := b.store.AuditHead(context.Background())
	if knownErr != nil {
		b.t.Fatal(knownErr)
	}
	switch death {
	case 0: // it lives to the end of its work
		b.follow(total)
	case 1: // only places were given
		if _, err := b.store.PlaceAudit(context.Background(), 100); err != nil {
			b.t.Fatal(err)
		}
	case 2, 3:
		b.follow(total)
		if known.Note == "" {
			b.tamper(o, `DELETE FROM store_audit_checkpoint`)
		} else if err := b.store.KeepAuditCheckpoint(context.Background(), known.Size, known.Note); err != nil {
			b.t.Fatal(err)
		}
		if death == 2 && err == nil {
			err = os.WriteFile(checkpoint, before, 0o600)
		} else if death == 2 {
			err = os.Remove(checkpoint)
		}
		if death == 2 && err != nil {
			b.t.Fatal(err)
		}
	}
}

func TestLostLogIsMadeAgain(t *testing.T) {
	o := storetest.SQLite(t)
	b := newBench(t, storetest.Open(t, o))
	b.write(600, "in-1")
	b.follow(600)
	kept := b.checkpoint()
	if err := os.RemoveAll(b.log()); err != nil {
		t.Fatal(err)
	}
	b.write(1, "in-2")
	b.follow(601)
	b.good(601)
	if err := b.told(); err == nil || !strings.Contains(err.Error(), "entries 0 to 599 are missing") {
		t.Errorf("trouble %v, want one that tells of the loss", err)
	}
	if r := b.verify(kept); r.Against != 1 || len(r.Findings) > 0 {
		t.Errorf("against the checkpoint from before: %+v", r)
	}
}

// TestLostLogOfOtherLines does not make a log again from lines that were changed.
func TestLostLogOfOtherLines(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		b := newBench(t, storetest.Open(t, o))
		b.write(5, "in-1")
		b.follow(5)
		if err := os.RemoveAll(b.log()); err != nil {
			t.Fatal(err)
		}
		b.tamper(o, `UPDATE store_audit SET by_name = 'Eve' WHERE id = (SELECT min(id) FROM store_audit)`)
		m := b.follow(5)
		if err := b.told(); err == nil || !strings.Contains(err.Error(), "not those that it held") {
			t.Errorf("trouble: %v", err)
		}
		if err := m.Check(t.Context()); err == nil {
			t.Error("it says that it works")
		}
		b.write(1, "in-2") // work goes on
	})
}

func TestTroubles(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(b *bench, o store.Options) error
		want  string
	}{
		{"a lost key", func(b *bench, _ store.Options) error { return os.Remove(filepath.Join(b.dir, "audit-key")) }, "signature"},
		{"an older database", func(b *bench, o store.Options) error {
			return storetest.Tamper(o, `DELETE FROM store_audit_leaf WHERE leaf > 100`, `DELETE FROM store_audit_checkpoint`)
		}, "older backup"},
		{"a deleted line", func(b *bench, o store.Options) error {
			b.write(1, "gone")
			return storetest.Tamper(o, `DELETE FROM store_audit WHERE subject = 'gone'`)
		}, "is gone from the database"},
		{"another checkpoint in the database", func(b *bench, o store.Options) error {
			note := strings.Replace(b.checkpoint(), "\n300\n", "\n299\n", 1)
			return b.store.KeepAuditCheckpoint(context.Background(), 299, note)
		}, "the database knows"},
		{"no folder to write to", func(b *bench, _ store.Options) error {
			b.write(1, "in-2")
			if err := os.RemoveAll(b.log()); err != nil {
				return err
			}
			return os.WriteFile(b.log(), nil, 0o600)
		}, "folder"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := storetest.SQLite(t)
			b := newBench(t, storetest.Open(t, o))
			b.write(300, "in-1")
			b.follow(300)
			if err := c.spoil(b, o); err != nil {
				t.Fatal(err)
			}
			m := b.follow(400)
			if err := b.told(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("trouble %v, want %q", err, c.want)
			}
			if err := m.Check(t.Context()); err == nil {
				t.Error("it says that it works")
			}
		})
	}
}

// TestNewKey begins anew under another key when the old log was put aside.
func TestNewKey(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(3, "in-1")
	b.follow(3)
	old := b.source().Key
	for _, name := range []string{"audit-key", "audit"} {
		if err := os.Rename(filepath.Join(b.dir, name), filepath.Join(b.dir, name+".old")); err != nil {
			t.Fatal(err)
		}
	}
	b.follow(3)
	b.good(3)
	if err := b.told(); err == nil || !strings.Contains(err.Error(), "the old key is gone") {
		t.Errorf("trouble: %v", err)
	}
	s := b.source()
	s.Key = old
	if r, err := audit.Verify(t.Context(), s); err != nil || len(r.Findings) == 0 {
		t.Errorf("it verifies under the old key: %v, %v", r, err)
	}
}

// While the log is kept still no line reaches it; none is lost.
func TestKeptStill(t *testing.T) {
	b := newBench(t, storetest.Open(t, storetest.SQLite(t)))
	b.write(1, "in-0")
	m := b.follow(1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	release := m.Still()
	first := b.checkpoint()
	for n := range 20 {
		b.write(100, "in-1")
		if now := b.checkpoint(); now != first {
			t.Fatalf("it was appended to: %s", now)
		}
		if n%5 == 4 {
			release()
			release = m.Still()
			first = b.checkpoint()
		}
	}
	release()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	b.follow(2001)
	b.good(2001)
}
