// Package sourcetest runs the intake on a real log and a real database, for the
// tests of the protocols. Tests only.
package sourcetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/source"
	"warder/internal/store"
)

// Patience is how long a test waits for what must happen.
const Patience = 15 * time.Second

// Rounds is how often a test does what hurts: few times, or many when
// WARDER_TORTURE=1 asks for it.
func Rounds(few, many int) int {
	if os.Getenv("WARDER_TORTURE") == "1" {
		return many
	}
	return few
}

// Topic is the name of the topic that records go to.
const Topic = "raw"

// Bench is an intake at work in a directory.
type Bench struct {
	*source.Module
	Log   *exchange.Embedded
	Store *store.Store
	Gate  *Gate

	t    testing.TB
	stop func()
}

// Open starts an intake in dir. It ends with the test, or with Stop.
func Open(t testing.TB, dir string, c source.Config) *Bench {
	t.Helper()
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: filepath.Join(dir, "exchange")})
	if err != nil {
		t.Fatalf("open the log: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{Driver: store.SQLite, Path: filepath.Join(dir, "warder.db")})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	gate := &Gate{to: exchange.NewTopic(log, Topic, source.Codec())}
	m, err := source.New(t.Context(), source.Deps{
		Config: c, Raw: gate,
		Alerts:  exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		Changes: exchange.NewTopic(log, "change", exchange.JSON[flow.Change]()),
		Space:   st.Space("source"), Running: func(id string) bool { return id == "ex-1" },
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err == nil {
		err = m.Remember(t.Context(), log, Topic)
	}
	if err != nil {
		t.Fatalf("make the intake: %v", err)
	}
	b := &Bench{Module: m, Log: log, Store: st, Gate: gate, t: t}
	end := b.Start(m.Run)
	b.stop = sync.OnceFunc(func() {
		gate.Open(nil)
		end()
		if err := st.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
		if err := log.Close(); err != nil {
			t.Errorf("close the log: %v", err)
		}
	})
	t.Cleanup(b.stop)
	return b
}

// Stop ends the intake and closes what is below it.
func (b *Bench) Stop() { b.stop() }

// Start runs a task beside the intake and returns what ends it and waits for it.
func (b *Bench) Start(run func(context.Context) error) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				b.t.Errorf("a task ended with: %v", err)
			}
		case <-time.After(Patience):
			stacks := make([]byte, 1<<20)
			b.t.Errorf("a task did not end within %s; what hangs:\n%s", Patience, stacks[:runtime.Stack(stacks, true)])
		}
	})
}

// Records waits until n records are durable and returns all there are.
func (b *Bench) Records(n int) []flow.Raw {
	b.t.Helper()
	var out []flow.Raw
	var after uint64
	codec := source.Codec()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for {
		msgs, err := b.Log.Read(ctx, Topic, after, 256, 64<<20)
		if err != nil {
			b.t.Fatalf("read topic %s: %v", Topic, err)
		}
		for _, m := range msgs {
			var batch flow.RawBatch
			if err := codec.Decode(m.Body, &batch); err != nil {
				b.t.Fatalf("decode message %d: %v", m.Offset, err)
			}
			out = append(out, batch.Records...)
			after = m.Offset
		}
		if len(msgs) > 0 {
			continue
		}
		if len(out) >= n {
			return out
		}
		if err := b.Log.Wait(ctx, Topic, after); err != nil {
			b.t.Fatalf("%d of %d records came within %s", len(out), n, Patience)
		}
	}
}

// HealthOf is the health of one source.
func (b *Bench) HealthOf(id string) source.SourceHealth {
	b.t.Helper()
	for _, h := range b.Health() {
		if h.ID == id {
			return h
		}
	}
	b.t.Fatalf("there is no source %q", id)
	return source.SourceHealth{}
}

// Eventually waits until cond holds.
func Eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(Patience)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", Patience, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// SharedData returns a folder of the shared test data; false when it is not there.
func SharedData(folder string) (string, bool) {
	root := os.Getenv("WARDER_SHARED_DATA")
	for dir, _ := os.Getwd(); root == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if p := filepath.Join(dir, "shared", "data"); isDir(p) {
			root = p
		}
	}
	p := filepath.Join(root, folder)
	return p, root != "" && isDir(p)
}

func isDir(p string) bool {
	i, err := os.Stat(p)
	return err == nil && i.IsDir()
}
