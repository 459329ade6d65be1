package events_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

const crashEnv = "WARDER_EVENTS_CRASH_TEST_DIR"

// perOffset is how many events one offset stands for in the crash test.
const perOffset = 5

func batch(offset int) []flow.Event {
	var out []flow.Event
	for i := range perOffset {
		out = append(out, eventstest.Plain(offset*perOffset+i))
	}
	return out
}

// appendUntilKilled is the child of TestKill: it goes on where the store says
// that it is, and says each offset that became stored.
func appendUntilKilled(dir string) int {
	ctx := context.Background()
	s, err := events.Open(events.Options{
		Dir: dir, Log: slog.New(slog.DiscardHandler), FlushCount: 40, FlushAge: 50 * time.Millisecond, MaxBytes: 100 << 10, CompactCount: 3,
		OnStored:  func(through uint64) { fmt.Println(through) },
		OnTrouble: func(err error) { fmt.Println("trouble", err) },
	})
	if err != nil {
		fmt.Println("trouble", err)
		return 1
	}
	for offset := int(s.StoredThrough()) + 1; ; offset++ {
		if err := s.Append(ctx, uint64(offset), batch(offset)); err != nil {
			fmt.Println("trouble", err)
			return 1
		}
	}
}

// Killed at any moment, the store holds everything up to what it said is stored,
// once, whole and without trouble; and it goes on from there.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	said := uint64(0)
	for round := range 3 {
		said = killAfter(t, crashEnv, dir, said+uint64(20+40*round))
		o := options(t, dir)
		s, err := events.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if through := s.StoredThrough(); through < said {
			t.Fatalf("stored through %d, and %d had been said", through, said)
		}
		n, err := s.Count(t.Context(), events.Query{})
		if want := int(s.StoredThrough()) * perOffset; err != nil || n != want {
			t.Fatalf("round %d: %d events, %v; want %d", round, n, err, want)
		}
		for _, e := range batch(int(said)) {
			if _, err := s.Get(t.Context(), e.ID); err != nil {
				t.Error(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs the child until it said an offset, kills it, and returns the
// last that it said.
func killAfter(t *testing.T, env, dir string, offset uint64) (said uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), env+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "trouble") {
			t.Error(lines.Text())
		}
		if n, err := strconv.ParseUint(lines.Text(), 10, 64); err == nil {
			said = n
		}
		if said >= offset && !killed {
			killed = true
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || !killed {
		t.Fatalf("the child ended by itself after %d: %v", said, err)
	}
	return said
}
