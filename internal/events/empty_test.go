package events_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
)

func count(t *testing.T, s *events.Store) int {
	t.Helper()
	n, err := s.Count(t.Context(), events.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Empty takes what is in memory and in segments, what comes after it stays, and
// the offset is kept across restarts.
func TestEmpty(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	told := make(chan uint64, 10)
	o := options(t, dir)
	o.OnStored = func(through uint64) { told <- through }
	for round := range 2 {
		s, err := events.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		at := uint64(4 + 2*round)
		if err := s.Append(t.Context(), at, plains(int(at)*10, int(at)*10+5)); err != nil {
			t.Fatal(err)
		}
		if err := s.Empty(t.Context()); err != nil {
			t.Fatal(err)
		}
		if through := <-told; through != at || s.StoredThrough() != at || count(t, s) != 0 || len(segments(t, dir)) != 0 {
			t.Fatalf("told %d, stored through %d, %d events, segments %v", through, s.StoredThrough(), count(t, s), segments(t, dir))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = events.Open(o); err != nil {
			t.Fatal(err)
		}
		if s.StoredThrough() != at || count(t, s) != 0 {
			t.Fatalf("again: stored through %d, %d events", s.StoredThrough(), count(t, s))
		}
		if err := s.Append(t.Context(), at, plains(0, 5)); err != nil { // an old offset
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), at+1, plains(100, 103)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		<-told
		if s, err = events.Open(o); err != nil {
			t.Fatal(err)
		}
		if s.StoredThrough() != at+1 || count(t, s) != 3 {
			t.Fatalf("afterwards: stored through %d, %d events", s.StoredThrough(), count(t, s))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	marks, err := filepath.Glob(filepath.Join(dir, "emptied-*"))
	if err != nil || len(marks) != 1 {
		t.Errorf("marks %v, %v", marks, err)
	}
}

// A crash leaves the folder before the mark, or the mark with any of the
// segments: all events, or none.
func TestEmptyInterrupted(t *testing.T) {
	master := t.TempDir()
	filled(t, master, 3)
	emptied := t.TempDir()
	filled(t, emptied, 3)
	s := open(t, options(t, emptied))
	if err := s.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks, err := filepath.Glob(filepath.Join(emptied, "emptied-*"))
	if err != nil || len(marks) != 1 {
		t.Fatalf("marks %v, %v", marks, err)
	}
	for left := range 1 << 3 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(left))
		if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(marks[0])), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for i, path := range segments(t, dir) {
			if left&(1<<i) == 0 {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}
		s := open(t, options(t, dir))
		if s.StoredThrough() != 3 || count(t, s) != 0 || len(segments(t, dir)) != 0 {
			t.Errorf("segments %03b: stored through %d, %d events", left, s.StoredThrough(), count(t, s))
		}
	}
}

// What is damaged and in quarantine stays there to be decided on.
func TestEmptyLeavesQuarantine(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 2)
	if err := os.Truncate(segments(t, dir)[0], 100); err != nil {
		t.Fatal(err)
	}
	o := options(t, dir)
	o.OnTrouble = func(error) {}
	s := open(t, o)
	if err := s.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	held, err := os.ReadDir(filepath.Join(dir, "quarantine"))
	if err != nil || len(held) != 1 || s.Check(t.Context()) == nil {
		t.Errorf("quarantine %v, %v, check %v", held, err, s.Check(t.Context()))
	}
}

// While events come, are flushed, joined and searched, Empty takes whole batches:
// a search sees the events of one state, and what was appended before is gone.
func TestEmptyWhileEverythingWorks(t *testing.T) {
	dir := t.TempDir()
	o := options(t, dir)
	o.FlushCount, o.CompactCount, o.FlushAge = 40, 2, time.Millisecond
	s := open(t, o)
	const batches, size = 60, 10
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				r, err := s.Search(t.Context(), events.Query{Limit: batches * size})
				if err != nil || r.Damaged > 0 || len(r.Events)%size != 0 {
					t.Errorf("%d events, %d damaged, %v", len(r.Events), r.Damaged, err)
					return
				}
			}
		})
	}
	for n := range batches {
		if err := s.Append(t.Context(), uint64(n+1), plains(n*size, n*size+size)); err != nil {
			t.Fatal(err)
		}
		if n%7 == 6 {
			if err := s.Empty(t.Context()); err != nil {
				t.Fatal(err)
			}
			if left := count(t, s); left != 0 || s.StoredThrough() != uint64(n+1) {
				t.Fatalf("%d events left, stored through %d of %d", left, s.StoredThrough(), n+1)
			}
		}
	}
	cancel()
	readers.Wait()
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, want := count(t, s), batches%7*size; n != want || s.StoredThrough() != batches {
		t.Errorf("%d events, want %d; stored through %d", n, want, s.StoredThrough())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, o)
	if n, want := count(t, again), batches%7*size; n != want || again.StoredThrough() != batches {
		t.Errorf("again %d events, want %d; stored through %d", n, want, again.StoredThrough())
	}
}

// A disk that takes nothing does not hold Empty up, and what waited is gone.
func TestEmptyWhatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	var tr troubles
	o := options(t, dir)
	o.OnTrouble, o.FlushCount = tr.add, 10
	s := open(t, o)
	day := filepath.Join(dir, eventstest.Epoch().Format("2006-01-02"))
	if err := os.WriteFile(day, nil, 0o600); err != nil { // a file where a folder must be
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), 1, plains(0, 20)); err != nil {
		t.Fatal(err)
	}
	for tr.count() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("no trouble")
		}
		time.Sleep(time.Millisecond)
	}
	if err := s.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	if count(t, s) != 0 || s.StoredThrough() != 1 || s.Check(t.Context()) != nil {
		t.Errorf("%d events, stored through %d, check %v", count(t, s), s.StoredThrough(), s.Check(t.Context()))
	}
}
