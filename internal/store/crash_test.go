package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

const crashEnv = "WARDER_STORE_CRASH_TEST_FILE"

// writeUntilKilled is the child of TestKill: it commits numbers and says each
// one after its commit.
func writeUntilKilled(path string) int {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Path: path})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for n := uint64(1); ; n++ {
		err := s.Space("probe").Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			tx.Emit("alert", "", n)
			return tx.SetCursor(ctx, "raw", n)
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(n)
	}
}

// What was committed is there after the program is killed, and the messages
// belong to exactly the commits that are there.
func TestKill(t *testing.T) {
	path := storetest.SQLite(t).Path
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := uint64(0)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said, err = strconv.ParseUint(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
		if said == 100 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || said < 100 {
		t.Fatalf("the child ended by itself after %d: %v", said, err)
	}
	s := storetest.Open(t, store.Options{Path: path})
	at, err := s.Space("probe").Cursor(t.Context(), "raw")
	if err != nil || at < said {
		t.Fatalf("cursor %d, %v; %d was committed", at, err, said)
	}
	if waiting, err := s.Waiting(t.Context()); err != nil || uint64(waiting) != at {
		t.Errorf("%d messages, %v; want %d", waiting, err, at)
	}
}
