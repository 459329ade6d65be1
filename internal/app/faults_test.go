package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warder/internal/app/pipeline"
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/store/storetest"
)

// long is how long a fault lasts: short, or as long as WARDER_TORTURE asks for.
func long(short, torture time.Duration) time.Duration {
	if os.Getenv(tortureEnv) == "1" {
		return torture
	}
	return short
}

// counting posts numbered events with several clients until stop is called, which
// returns how many were accepted. A request that failed is sent again with its
// key, until it is accepted.
func counting(t *testing.T, s *stand) (stop func() int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var next atomic.Int64
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			client := &http.Client{Timeout: 30 * time.Second}
			for ctx.Err() == nil {
				n := next.Add(1) - 1
				for {
					status, answer, err := s.post(client, "/ingest/ndjson", numbered(n), fmt.Sprint("n-", n))
					if err == nil && status == http.StatusAccepted {
						break
					}
					if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
						t.Errorf("number %d: %d %s %v", n, status, answer, err)
						return
					}
				}
			}
		})
	}
	return func() int64 {
		cancel()
		clients.Wait()
		return next.Load()
	}
}

// allOnce sees that numbers below n are in the evidence, each once.
func allOnce(t *testing.T, s *stand, n int64) {
	t.Helper()
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	here := found(t, &s.caller)
	for i := range n {
		if len(here[i]) != 1 {
			t.Errorf("number %d is there %d times", i, len(here[i]))
		}
		delete(here, i)
	}
	if len(here) > 0 {
		t.Errorf("nobody sent %v", here)
	}
	t.Logf("%d events", n)
}

// own waits for an open incident of Warder's own about its pipeline.
func own(t *testing.T, s *stand) flow.Incident {
	t.Helper()
	var mine flow.Incident
	until(t, "Warder raises an incident about itself", func() bool {
		for _, in := range list[flow.Incident](t, &s.caller, "/incidents?status=all&limit=200") {
			if in.Type == flow.ThreatPipeline {
				mine = in
			}
		}
		return mine.ID != ""
	})
	return mine
}

// The database goes away under load and comes back: what is accepted meanwhile is
// found, once.
func TestDatabaseAwayUnderLoad(t *testing.T) {
	if os.Getenv("WARDER_WITHOUT_POSTGRES") == "1" {
		t.Skip("WARDER_WITHOUT_POSTGRES=1: this needs a server that can be stopped")
	}
	server, err := storetest.StartServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.End() })
	s := serve(t, onPostgres(t, server.DSN()), nil)
	stop := counting(t, s)
	time.Sleep(200 * time.Millisecond) // real time: the server below has real processes
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(long(time.Second, time.Minute))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	n := stop()
	until(t, "the database answers again", func() bool {
		status, _, err := s.call(t.Context(), http.MethodGet, "/topics", nil)
		return err == nil && status == http.StatusOK
	})
	allOnce(t, s, n)
}

// A clock that jumps back and forth loses nothing and makes nothing twice.
func TestClockJumps(t *testing.T) {
	var ahead atomic.Int64
	s := serveAt(t, DemoConfig(t.TempDir(), "127.0.0.1:0"), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }, nil)
	stop := counting(t, s)
	for range long(10, 600) {
		for _, jump := range []time.Duration{time.Minute, -time.Minute, 3 * time.Second, 0} {
			ahead.Store(int64(jump))
			time.Sleep(20 * time.Millisecond) // real time passes between two jumps
		}
	}
	allOnce(t, s, stop())
}

// A message that is no record is set aside, told as an incident, and holds nobody
// up; an administrator lets it go.
func TestPoisonOnTheWay(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	s := serve(t, cfg, nil)
	stop := counting(t, s)
	time.Sleep(100 * time.Millisecond) // real time: senders are at work
	if _, err := s.house.exchange.Append(t.Context(), "raw", []exchange.Outgoing{{Body: []byte("no batch")}}); err != nil {
		t.Fatal(err)
	}
	in := own(t, s)
	allOnce(t, s, stop())
	letters := list[pipeline.Letter](t, &s.caller, "/topics/raw/dead?limit=10")
	if len(letters) != 1 {
		t.Fatalf("incident %d, letters %+v", in.Number, letters)
	}
	at := "/topics/raw/dead/" + letters[0].ID
	var whole pipeline.Letter
	if err := json.Unmarshal(s.must(t, http.MethodGet, at, ""), &whole); err != nil || whole.Text != "no batch" {
		t.Errorf("the letter: %+v, %v", whole, err)
	}
	s.must(t, http.MethodPost, at+"/discard", `{"why":"it was put there by a test"}`)
	if left := list[pipeline.Letter](t, &s.caller, "/topics/raw/dead?limit=10"); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

// Bits flip in the files of the exchange while Warder does not run. It starts,
// says so by an incident and serves the rest, or refuses to start with what to do.
func TestDamagedExchange(t *testing.T) {
	for _, kind := range []string{"*.log", "*.blob"} {
		t.Run(kind, func(t *testing.T) {
			cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
			s := serve(t, cfg, nil)
			s.must(t, http.MethodPost, "/ingest/ndjson", string(numbered(0)))
			s.halt()
			appendUnread(t, cfg)
			harm(t, filepath.Join(cfg.exchangeDir(), kind))
			a, err := Open(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
			if err != nil {
				if !strings.Contains(err.Error(), "backup") {
					t.Errorf("it refuses without saying what to do: %v", err)
				}
				return
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			s = serve(t, cfg, nil)
			own(t, s)
			s.must(t, http.MethodPost, "/ingest/ndjson", string(numbered(1)))
			until(t, "what comes now goes the whole way", func() bool { return len(found(t, &s.caller)[1]) == 1 })
		})
	}
}

// appendUnread puts batches on topic raw that nobody has worked on.
func appendUnread(t *testing.T, cfg Config) {
	t.Helper()
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: cfg.exchangeDir()})
	if err != nil {
		t.Fatal(err)
	}
	raw := newTopics(log).raw
	noise := make([]byte, 24<<10) // it cannot be packed
	_, _ = rand.Read(noise)       // never fails
	for range 1200 {              // more than the tables in memory hold
		if _, err := raw.Publish(t.Context(), "", flow.RawBatch{Records: []flow.Raw{{Source: "network", Format: flow.FormatJSON, Received: time.Now(), Data: noise}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

// harm changes a byte in the middle of the largest file of a kind.
func harm(t *testing.T, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file is %s: %v", pattern, err)
	}
	var largest string
	var data []byte
	for _, name := range files {
		if b, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		} else if len(b) > len(data) {
			largest, data = name, b
		}
	}
	data[len(data)/2] ^= 0x10
	if err := os.WriteFile(largest, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
