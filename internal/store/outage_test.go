package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// The database goes away under a running program and comes back.
func TestPostgresStopsAndComesBack(t *testing.T) {
	if os.Getenv("WARDER_WITHOUT_POSTGRES") == "1" {
		t.Skip("WARDER_WITHOUT_POSTGRES=1: this needs a server that can be stopped")
	}
	server, err := storetest.StartServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.End() })
	s := storetest.Open(t, store.Options{Driver: store.PostgreSQL, DSN: server.DSN()})
	to := newTray()
	relaying(t, s, to)
	write(t, s, emit("alert", 1))
	to.until(t, 1, "alert")
	empty(t, s) // or the first message rightly comes twice

	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	for range 3 { // the first meets a broken connection, the later ones none
		err := s.Space("probe").Write(t.Context(), emit("alert", 2))
		if fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("while it is stopped: %v, want unavailable", err)
		}
		if err := s.Check(t.Context()); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("check while it is stopped: %v, want unavailable", err)
		}
	}
	if _, err := store.Open(t.Context(), store.Options{Driver: store.PostgreSQL, DSN: server.DSN()}); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("open while it is stopped: %v, want unavailable", err)
	}

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	write(t, s, emit("alert", 3))
	if got := to.until(t, 2, "alert"); !slices.Equal(got, []string{"1", "3"}) {
		t.Errorf("got %v", got)
	}
}

// empty waits until the relay has forgotten everything that it sent.
func empty(t *testing.T, s *store.Store) {
	t.Helper()
	for {
		n, err := s.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func TestWriteUnderWayWhenPostgresStops(t *testing.T) {
	if os.Getenv("WARDER_WITHOUT_POSTGRES") == "1" {
		t.Skip("WARDER_WITHOUT_POSTGRES=1: this needs a server that can be stopped")
	}
	server, err := storetest.StartServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.End() })
	s := storetest.Open(t, store.Options{Driver: store.PostgreSQL, DSN: server.DSN()})
	err = s.Space("probe").Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SetCursor(ctx, "raw", 1); err != nil {
			return err
		}
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		return tx.SetCursor(ctx, "raw", 2)
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("error %v, want unavailable", err)
	}
}

func TestNoErrorOrLogShowsAPassword(t *testing.T) {
	const secret = "hun/ter%2"
	for _, dsn := range []string{
		"postgres://warder:" + secret + "@127.0.0.1:1/warder",
		"postgres://warder:hunter%ter" + secret + "@[::1/warder",
		"host=/nonexistent user=warder password='" + secret + "' dbname=warder",
		"host=/nonexistent user=warder password='" + secret,
		"host=/nonexistent user=warder port=x password=" + secret,
	} {
		var log strings.Builder
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		_, err := store.Open(t.Context(), store.Options{Driver: store.PostgreSQL, DSN: dsn, Log: logger})
		if err == nil {
			t.Errorf("%s: no error", dsn)
		}
		said := log.String() + fmt.Sprintf("%+v", err)
		var f *fault.Error
		if errors.As(err, &f) {
			said += fmt.Sprintf("\n%+v", f.Cause) // it goes to the log
		}
		if strings.Contains(said, "ter%2") || strings.Contains(said, "hun/") {
			t.Errorf("%s: the password shows: %s", dsn, said)
		}
	}
}
