package events_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

// fullable is a disk that takes no more bytes once it is full.
type fullable struct {
	*memory
	full atomic.Bool
}

type fullableFile struct {
	events.File
	disk *fullable
}

func (d *fullable) Create(path string) (events.File, error) {
	f, err := d.memory.Create(path)
	return fullableFile{f, d}, err
}

func (f fullableFile) Write(p []byte) (int, error) {
	if f.disk.full.Load() {
		return 0, syscall.ENOSPC
	}
	return f.File.Write(p)
}

func fullStore(t *testing.T) (*fullable, *troubles, *events.Store, events.Options) {
	t.Helper()
	d, tr := &fullable{memory: newMemory()}, &troubles{}
	o := options(t, "/evidence")
	o.Disk, o.OnTrouble, o.FlushCount, o.MaxBytes, o.FlushAge = d, tr.add, 10, 40<<10, time.Hour
	return d, tr, open(t, o), o
}

// On a full disk everything that was accepted stays findable, Append waits when
// memory is full, and when there is room again nothing is lost or doubled.
func TestDiskFullWhileEventsCome(t *testing.T) {
	d, tr, s, _ := fullStore(t)
	d.full.Store(true)
	accepted := 0
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := s.Append(ctx, uint64(accepted+1), plains(accepted, accepted+1))
		cancel()
		if err != nil {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatal(err)
			}
			break
		}
		if accepted++; accepted > 1000 {
			t.Fatal("memory is not bounded")
		}
	}
	for tr.count() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("no trouble")
		}
		time.Sleep(time.Millisecond)
	}
	if n := count(t, s); n != accepted || s.StoredThrough() != 0 || s.Check(t.Context()) == nil {
		t.Errorf("%d of %d accepted, stored through %d, check %v", n, accepted, s.StoredThrough(), s.Check(t.Context()))
	}
	if _, err := s.Erase(t.Context(), events.Order{ID: "e1", Request: events.Request{Query: "actor.person:p3"}}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("an erasure that cannot be made durable: %v", err)
	}
	if n := count(t, s); n != accepted {
		t.Errorf("%d of %d are left after an erasure that did not take place", n, accepted)
	}
	d.full.Store(false)
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s); n != accepted || s.StoredThrough() != uint64(accepted) || s.Check(t.Context()) != nil {
		t.Errorf("%d of %d stored through %d, check %v", n, accepted, s.StoredThrough(), s.Check(t.Context()))
	}
	for _, name := range unfinished(t, d) {
		t.Errorf("%s was left", name)
	}
}

// On a full disk nothing is joined or written anew, the segments stay as they
// are, and a sweep drops what is wholly too old, which makes room.
func TestDiskFullWhileJoiningAndSweeping(t *testing.T) {
	d, tr, s, o := fullStore(t)
	for n := range 3 {
		old := plains(10*n, 10*n+10)
		if n == 2 { // a day that is too old only in part
			for i := range old[:5] {
				old[i].Received = old[i].Received.AddDate(0, 0, 3)
			}
		}
		if err := s.Append(t.Context(), uint64(n+1), old); err != nil {
			t.Fatal(err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return eventstest.Epoch().AddDate(0, 0, 6) }
	o.CompactCount = 2
	s = open(t, o)
	d.full.Store(true)
	if err := s.Append(t.Context(), 4, []flow.Event{}); err != nil {
		t.Fatal(err)
	}
	swept, err := s.Sweep(t.Context(), events.Retention{Default: 4}, nil)
	if !errors.Is(err, syscall.ENOSPC) || len(swept.Segments) != 2 {
		t.Fatalf("swept %+v, %v", swept, err)
	}
	if n := count(t, s); n != 10 {
		t.Errorf("%d events, want the 10 of the segment that could not be written anew", n)
	}
	d.full.Store(false)
	if swept, err = s.Sweep(t.Context(), events.Retention{Default: 4}, nil); err != nil || len(swept.Segments) != 1 {
		t.Fatalf("swept %+v, %v", swept, err)
	}
	if n := count(t, s); n != 5 || tr.count() != 0 {
		t.Errorf("%d events, want 5; troubles %v", n, tr.all)
	}
}

// unfinished lists the half-written files on a disk.
func unfinished(t *testing.T, d events.Disk) (found []string) {
	t.Helper()
	var walk func(folder string)
	walk = func(folder string) {
		entries, err := d.List(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Folder {
				walk(folder + "/" + e.Name)
			} else if strings.HasSuffix(e.Name, ".tmp") {
				found = append(found, folder+"/"+e.Name)
			}
		}
	}
	walk("/evidence")
	return found
}
