package store_test

import (
	"os"
	"testing"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestOneHolds(t *testing.T) {
	o := storetest.Postgres(t)
	first, second := storetest.Open(t, o), storetest.Open(t, o)
	quiet := func(err error) { t.Errorf("trouble: %v", err) }
	release, err := first.Hold(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Hold(t.Context(), quiet); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second holds too: %v", err)
	}
	write(t, second, emit("alert", 1)) // what an administrator's command does
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = second.Hold(t.Context(), quiet)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	_ = release()
}

func TestSQLiteNeedsNoHold(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	for range 2 {
		if _, err := s.Hold(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHoldIsTakenAgain(t *testing.T) {
	if os.Getenv("WARDER_WITHOUT_POSTGRES") == "1" {
		t.Skip("WARDER_WITHOUT_POSTGRES=1: this needs a server that can be stopped")
	}
	server, err := storetest.StartServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.End() })
	o := store.Options{Driver: store.PostgreSQL, DSN: server.DSN()}
	s := storetest.Open(t, o)
	troubles := make(chan error, 8)
	release, err := s.Hold(t.Context(), func(err error) { troubles <- err })
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := <-troubles; fault.KindOf(err) != fault.Unavailable {
		t.Errorf("trouble %v, want unavailable", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	other := storetest.Open(t, o)
	for deadline := time.Now().Add(20 * time.Second); ; {
		let, err := other.Hold(t.Context(), func(error) {})
		if fault.KindOf(err) == fault.Conflict {
			return // held by the first again
		}
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("the lock was not taken again: %v", err)
		}
		_ = let()
		time.Sleep(2 * time.Second)
	}
}

func TestBinding(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		for range 2 {
			if err := s.Bind(t.Context(), "one"); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Bind(t.Context(), "other"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("another exchange: %v, want conflict", err)
		}
	})
}
