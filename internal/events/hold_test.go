package events_test

import (
	"os"
	"path/filepath"
	"testing"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

// Held segments stay while others take their place, and go with the release.
func TestHeldSegmentsStay(t *testing.T) {
	o := options(t, t.TempDir())
	o.FlushCount, o.CompactCount = 2, 2
	s := open(t, o)
	add := func(from, to int) {
		t.Helper()
		for n := from; n <= to; n++ {
			if err := s.Append(t.Context(), uint64(n), []flow.Event{eventstest.Plain(n)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	add(1, 5)
	held, err := s.Hold()
	if err != nil || held.Through != 5 || len(held.Files) == 0 || held.Bytes == 0 {
		t.Fatalf("%+v, %v", held, err)
	}
	add(6, 20)
	if err := s.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	for _, name := range held.Files {
		data, err := os.ReadFile(filepath.Join(o.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(copied, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held.Release()
	for _, name := range held.Files {
		if _, err := os.Stat(filepath.Join(o.Dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s stays after the release: %v", name, err)
		}
	}
	o.Dir = copied
	back, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if back.StoredThrough() != 5 {
		t.Errorf("stored through %d, want 5", back.StoredThrough())
	}
}
