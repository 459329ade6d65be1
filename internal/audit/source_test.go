package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"warder/internal/audit"
	"warder/internal/audit/tiled"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// bench is a store with an audit that is followed.
type bench struct {
	t     testing.TB
	store *store.Store
	dir   string

	mu       sync.Mutex
	troubles []error
}

func newBench(t testing.TB, s *store.Store) *bench { return &bench{t: t, store: s, dir: t.TempDir()} }

func (b *bench) log() string { return filepath.Join(b.dir, "audit") }

// module makes the audit's module anew, as a start does.
func (b *bench) module() *audit.Module {
	b.t.Helper()
	m, err := audit.New(audit.Options{
		Lines: b.store, Space: b.store.Space("audit"), Dir: b.log(), KeyFile: filepath.Join(b.dir, "audit-key"),
		Trouble: b.trouble, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func (b *bench) trouble(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.troubles = append(b.troubles, err)
}

func (b *bench) told() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.troubles...)
}

// write writes n lines in one transaction.
func (b *bench) write(n int, subject string) {
	b.t.Helper()
	err := b.store.Space("probe").Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		for i := range n {
			err := tx.Audit(ctx, store.Entry{By: "u1", Name: "Ada", Action: "incident.comment", Subject: subject,
				Detail: map[string]any{"n": i, "why": "<b> & \u2028 é", "ratio": 0.5, "large": 1e21}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// follow runs a module until the log holds n entries or it is in trouble, and
// kills it there.
func (b *bench) follow(n int64) *audit.Module {
	b.t.Helper()
	m := b.module()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = m.Run(ctx) }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		s, err := m.State(ctx)
		if err != nil {
			b.t.Fatal(err)
		}
		if s.Entries >= n || s.Trouble != "" {
			break
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the log has %d entries, want %d", s.Entries, n)
		}
	}
	stop()
	<-ended
	return m
}

func (b *bench) source(against ...string) audit.Source {
	b.t.Helper()
	key, err := tiled.Reader{Dir: b.log()}.Verifier()
	if err != nil {
		b.t.Fatal(err)
	}
	return audit.Source{Dir: b.log(), Known: b.store, Key: key, Against: against}
}

func (b *bench) verify(against ...string) *audit.Report {
	b.t.Helper()
	r, err := audit.Verify(context.Background(), b.source(against...))
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) good(n int64) {
	b.t.Helper()
	if r := b.verify(); len(r.Findings) > 0 || r.Size != n || r.Checked != n {
		b.t.Fatalf("%d entries, %d checked, want %d; findings %v", r.Size, r.Checked, n, r.Findings)
	}
}

func (b *bench) found(want string) {
	b.t.Helper()
	if r := b.verify(); !strings.Contains(fmt.Sprint(r.Findings), want) {
		b.t.Errorf("findings %v, want %q", r.Findings, want)
	}
}

func (b *bench) checkpoint() string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.log(), "checkpoint"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// tamper changes the database past the program and its triggers.
func (b *bench) tamper(o store.Options, statements ...string) {
	b.t.Helper()
	if err := storetest.Tamper(o, statements...); err != nil {
		b.t.Fatal(err)
	}
}
