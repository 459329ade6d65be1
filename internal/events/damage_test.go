package events_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

func plains(from, to int) []flow.Event {
	var out []flow.Event
	for n := from; n < to; n++ {
		out = append(out, eventstest.Plain(n))
	}
	return out
}

// filled makes a store with one segment for each ten events and closes it.
func filled(t testing.TB, dir string, segments int) {
	t.Helper()
	o := options(t, dir)
	o.CompactCount = 1 << 20
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range segments {
		if err := s.Append(t.Context(), uint64(n+1), plains(10*n, 10*n+10)); err != nil {
			t.Fatal(err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func segments(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "quarantine" {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".parquet") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// troubles collects what a store reports.
type troubles struct {
	mu  sync.Mutex
	all []error
}

func (tr *troubles) add(err error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.all = append(tr.all, err)
}

func (tr *troubles) count() int {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return len(tr.all)
}

// However a segment was torn or changed, it is noticed, set aside and named, and
// the others answer as before.
func TestDamagedSegmentsAreSetAside(t *testing.T) {
	master := t.TempDir()
	filled(t, master, 3)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		dir := filepath.Join(t.TempDir(), fmt.Sprint(run))
		if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
			rt.Fatal(err)
		}
		victim := rapid.SampledFrom(segments(t, dir)).Draw(rt, "segment")
		body, err := os.ReadFile(victim)
		if err != nil {
			rt.Fatal(err)
		}
		at := rapid.IntRange(0, len(body)-1).Draw(rt, "at")
		if rapid.Bool().Draw(rt, "torn") {
			body = body[:at]
		} else {
			body[at] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		}
		if err := os.WriteFile(victim, body, 0o600); err != nil {
			rt.Fatal(err)
		}
		var tr troubles
		o := options(t, dir)
		o.OnTrouble = tr.add
		s, err := events.Open(o)
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		n, err := s.Count(t.Context(), events.Query{})
		if err != nil || n != 20 {
			rt.Fatalf("%d events, %v; want 20", n, err)
		}
		if tr.count() != 1 || s.Check(t.Context()) == nil {
			rt.Fatalf("troubles %v, check %v", tr.all, s.Check(t.Context()))
		}
		if _, err := os.Stat(filepath.Join(dir, "quarantine", filepath.Base(victim))); err != nil {
			rt.Fatal(err)
		}
	})
}

// A segment that goes bad while the program runs is noticed when it is read.
func TestDamageWhileRunning(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	var tr troubles
	o := options(t, dir)
	o.OnTrouble = tr.add
	s := open(t, o)
	if err := os.Remove(segments(t, dir)[1]); err != nil {
		t.Fatal(err)
	}
	r, err := s.Search(t.Context(), events.Query{Limit: 100})
	if err != nil || len(r.Events) != 20 || r.Damaged != 1 {
		t.Errorf("%d events, %d damaged, %v", len(r.Events), r.Damaged, err)
	}
	if tr.count() != 1 || s.Check(t.Context()) == nil {
		t.Errorf("troubles %v, check %v", tr.all, s.Check(t.Context()))
	}
}

// The newest segment is lost: the store says that it holds less, and takes what
// comes again.
func TestLostTailComesAgain(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	all := segments(t, dir)
	if err := os.Truncate(all[2], 100); err != nil {
		t.Fatal(err)
	}
	o := options(t, dir)
	o.OnTrouble = func(error) {}
	s := open(t, o)
	if through := s.StoredThrough(); through != 2 {
		t.Fatalf("stored through %d, want 2", through)
	}
	if err := s.Append(t.Context(), 3, plains(15, 30)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Count(t.Context(), events.Query{}); err != nil || n != 30 {
		t.Errorf("%d events, %v; want 30", n, err)
	}
}

// What a crash leaves half done is finished or removed at the next start.
func TestLeftoversOfACrash(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 3)
	before := map[string][]byte{}
	for _, path := range segments(t, dir) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before[path] = body
	}
	joinAll(t, dir)
	if n := len(segments(t, dir)); n != 1 {
		t.Fatalf("%d segments after joining", n)
	}
	for path, body := range before { // as if the crash came before they were removed
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(filepath.Dir(segments(t, dir)[0]), "segment-1.tmp")
	if err := os.WriteFile(half, bytes.Repeat([]byte("x"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, options(t, dir))
	if n, err := s.Count(t.Context(), events.Query{}); err != nil || n != 30 {
		t.Errorf("%d events, %v; want 30", n, err)
	}
	if n := len(segments(t, dir)); n != 1 {
		t.Errorf("%d segments, want 1", n)
	}
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Errorf("the unfinished segment: %v", err)
	}
}

// joinAll appends one event of a later hour, which makes the store join the
// segments of the hour before, and takes the new segment away again.
func joinAll(t *testing.T, dir string) {
	t.Helper()
	o := options(t, dir)
	s, err := events.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	late := eventstest.Plain(7200)
	if err := s.Append(t.Context(), 4, []flow.Event{late}); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for len(segments(t, dir)) != 2 {
		if t.Context().Err() != nil {
			t.Fatal("the segments were not joined")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range segments(t, dir) {
		if filepath.Base(filepath.Dir(path)) == late.Received.Format("15") {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestNewerSegmentsAreRefused(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir, 1)
	path := segments(t, dir)[0]
	events.Rename(t, path, func(body []byte) []byte {
		return bytes.Replace(body, []byte(`{"version":1,`), []byte(`{"version":9,`), 1)
	})
	_, err := events.Open(options(t, dir))
	if err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("error %v", err)
	}
	if n := len(segments(t, dir)); n != 1 {
		t.Errorf("%d segments left, want 1", n)
	}
}
