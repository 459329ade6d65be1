package events_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

// Events leave memory by their age alone, and the owner of the cursor is told.
func TestFlushByAge(t *testing.T) {
	told := make(chan uint64, 10)
	o := options(t, t.TempDir())
	o.FlushAge = 20 * time.Millisecond
	o.OnStored = func(through uint64) { told <- through }
	s := open(t, o)
	for offset := uint64(1); offset <= 2; offset++ {
		if err := s.Append(t.Context(), offset, plains(int(offset)*10, int(offset)*10+10)); err != nil {
			t.Fatal(err)
		}
		if through := <-told; through != offset || s.StoredThrough() != offset {
			t.Errorf("told %d, stored through %d; want %d", through, s.StoredThrough(), offset)
		}
	}
	// A batch in which nothing is new needs no segment.
	if err := s.Append(t.Context(), 3, plains(10, 20)); err != nil {
		t.Fatal(err)
	}
	if through := <-told; through != 3 {
		t.Errorf("told %d, want 3", through)
	}
}

// While the disk takes nothing, Append waits once memory is full; nothing is
// lost, and when the disk takes again everything goes on.
func TestFullMemoryWaits(t *testing.T) {
	dir := t.TempDir()
	var tr troubles
	o := options(t, dir)
	o.OnTrouble, o.FlushCount, o.MaxBytes = tr.add, 10, 40<<10
	s := open(t, o)
	hour := filepath.Join(dir, eventstest.Epoch().Format("2006-01-02"))
	if err := os.WriteFile(hour, nil, 0o600); err != nil { // a file where a folder must be
		t.Fatal(err)
	}
	appended := 0
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := s.Append(ctx, uint64(appended+1), plains(appended, appended+1))
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if appended++; appended > 1000 {
			t.Fatal("memory is not bounded")
		}
	}
	if tr.count() == 0 || s.Check(t.Context()) == nil || s.StoredThrough() != 0 {
		t.Errorf("troubles %v, check %v, stored through %d", tr.all, s.Check(t.Context()), s.StoredThrough())
	}
	if err := os.Remove(hour); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), uint64(appended+1), plains(appended, appended+1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Count(t.Context(), events.Query{}); err != nil || n != appended+1 || s.Check(t.Context()) != nil {
		t.Errorf("%d events of %d, %v, check %v", n, appended+1, err, s.Check(t.Context()))
	}
}

// While events are appended, flushed and joined, every search sees a whole
// number of batches: none half, none twice, none missing.
func TestSearchesSeeOneState(t *testing.T) {
	o := options(t, t.TempDir())
	o.FlushCount, o.CompactCount = 40, 2
	s := open(t, o)
	const batches, size = 30, 10
	var appended atomic.Int64
	var readers sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				least := int(appended.Load())
				r, err := s.Search(t.Context(), events.Query{Limit: batches * size})
				if err != nil {
					t.Error(err)
					return
				}
				seen := map[string]bool{}
				for _, e := range r.Events {
					seen[e.ID] = true
				}
				if len(seen) != len(r.Events) || len(seen)%size != 0 || len(seen) < least {
					t.Errorf("%d events, %d different, at least %d were there", len(r.Events), len(seen), least)
					return
				}
			}
		})
	}
	for n := range batches {
		if err := s.Append(t.Context(), uint64(n+1), plains(n*size, n*size+size)); err != nil {
			t.Fatal(err)
		}
		appended.Add(size)
		if n%5 == 0 {
			if err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	readers.Wait()
}

func TestClosedStoreSaysSo(t *testing.T) {
	s, err := events.Open(options(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Append(t.Context(), 1, plains(0, 1)); !errors.Is(err, events.ErrClosed) {
		t.Errorf("append: %v", err)
	}
	if _, err := s.Search(t.Context(), events.Query{}); !errors.Is(err, events.ErrClosed) {
		t.Errorf("search: %v", err)
	}
}

// What no format can hold as it is must not stop the flush.
func TestAwkwardEvents(t *testing.T) {
	deep := any("end")
	for range 20000 {
		deep = []any{deep}
	}
	e := eventstest.Plain(1)
	e.Source, e.Time = "\xff\x00", time.Time{}
	e.Attributes = map[string]string{"": "", "\xfe": "\xff", flow.AttrMessage: "\x00"}
	e.Original = map[string]any{"deep": deep, "nan": nan(), "int": 7, "other": struct{ A int }{1}, "\xff": "\xff", "": nil}
	s := open(t, options(t, t.TempDir()))
	if err := s.Append(t.Context(), 1, []flow.Event{e, {}}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // from memory, then from a segment
		if n, err := s.Count(t.Context(), events.Query{Text: `original.int:7 -site:* source:*`}); err != nil || n != 1 {
			t.Errorf("%d events, %v", n, err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Search(t.Context(), events.Query{})
	if err != nil || len(r.Events) != 2 {
		t.Errorf("%d events, %v", len(r.Events), err)
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}
