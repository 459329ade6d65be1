package events_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Pinned segments stay while others take their place, and go with the release.
func TestPinnedSegmentsStay(t *testing.T) {
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
	pinned, err := s.Pin()
	if err != nil || pinned.Through != 5 || len(pinned.Files) == 0 || pinned.Bytes == 0 {
		t.Fatalf("%+v, %v", pinned, err)
	}
	add(6, 20)
	if err := s.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	copied := copyOf(t, o.Dir, pinned)
	pinned.Release()
	for _, name := range pinned.Files {
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

// copyOf copies what is pinned, as a backup does.
func copyOf(t *testing.T, dir string, pinned *events.Pinned) string {
	t.Helper()
	all := maps.Clone(pinned.Notes)
	for _, name := range pinned.Files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	copied := t.TempDir()
	for name, data := range all {
		path := filepath.Join(copied, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

// A copy that was begun while erased events still lay in files shows them no more
// than the store does, and everything else, whatever becomes of the files meanwhile.
func TestErasedStaysErasedInACopy(t *testing.T) {
	o := options(t, t.TempDir())
	s := open(t, o)
	if err := s.Append(t.Context(), 1, plains(0, 30)); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	let := events.KeepShape(s)
	_, err := s.Erase(t.Context(), events.Order{ID: "e1", Request: events.Request{IDs: []string{eventstest.Plain(3).ID, eventstest.Plain(12).ID}}})
	pinned, errPin := s.Pin()
	let()
	if err := errors.Join(err, errPin); err != nil {
		t.Fatal(err)
	}
	waitRewritten(t, s)
	if err := s.Forget("e1"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("forgotten while the files are copied: %v", err)
	}
	copied := copyOf(t, o.Dir, pinned)
	pinned.Release()
	o.Dir = copied
	back := open(t, o)
	if n := count(t, back); n != 28 {
		t.Errorf("%d events, want 28", n)
	}
	if _, err := back.Get(t.Context(), eventstest.Plain(3).ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an erased event is back: %v", err)
	}
	waitRewritten(t, back)
	if n := count(t, back); n != 28 {
		t.Errorf("%d events after writing anew, want 28", n)
	}
}
