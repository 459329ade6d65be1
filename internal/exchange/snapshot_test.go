package exchange_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"warder/internal/exchange"
)

// A snapshot that is adopted holds what was acknowledged before it, in order and
// without gaps, ends where it is told to, and goes on under a new writer.
func TestSnapshotIsAdopted(t *testing.T) {
	ctx, root := t.Context(), t.TempDir()
	l := open(t, exchange.Options{Dir: filepath.Join(root, "live")})
	for n := range 20 {
		for _, topic := range []string{"raw", "incident"} {
			if _, err := l.Append(ctx, topic, one(fmt.Sprint(n))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.Trim(ctx, "raw", 5); err != nil {
		t.Fatal(err)
	}
	if err := l.Save(ctx, "raw", "detect", exchange.Checkpoint{Offset: 12, State: []byte("state")}); err != nil {
		t.Fatal(err)
	}
	late := exchange.Message{Offset: 18, Body: []byte("17")}
	if err := l.Bury(ctx, "incident", "impact", late, "too late"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { // publishing goes on
		for range 50 {
			if _, err := l.Append(ctx, "raw", one("later")); err != nil {
				t.Error(err)
			}
		}
	})
	dir := filepath.Join(root, "copy")
	if err := l.Snapshot(ctx, dir); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := l.Snapshot(ctx, dir); err == nil {
		t.Error("a snapshot was taken into a folder that is there")
	}

	writer, err := exchange.Adopt(ctx, exchange.Options{Dir: dir}, map[string]uint64{"incident": 15})
	if err != nil || writer == l.Writer() || writer == "" {
		t.Fatalf("writer %q of %q, %v", writer, l.Writer(), err)
	}
	back := open(t, exchange.Options{Dir: dir})
	if back.Writer() != writer {
		t.Errorf("writer %s, want %s", back.Writer(), writer)
	}
	for topic, first := range map[string]uint64{"raw": 6, "incident": 1} {
		msgs, err := back.Read(ctx, topic, 0, 1000, 0)
		if err != nil || msgs[0].Offset != first || string(msgs[0].Body) != fmt.Sprint(first-1) {
			t.Fatalf("%s: %d messages, %v", topic, len(msgs), err)
		}
		last := msgs[len(msgs)-1].Offset
		if topic == "raw" && last < 20 || topic == "incident" && last != 15 {
			t.Errorf("%s ends at %d", topic, last)
		}
		at, err := back.Append(ctx, topic, one("new"))
		if err != nil || at != last+1 {
			t.Fatalf("%s goes on at %d, %v", topic, at, err)
		}
		msgs, err = back.Read(ctx, topic, last, 1, 0)
		if err != nil || msgs[0].Writer != writer || string(msgs[0].Body) != "new" {
			t.Errorf("%s: %+v, %v", topic, msgs, err)
		}
	}
	if cp, err := back.Checkpoint(ctx, "raw", "detect"); err != nil || cp.Offset != 12 || string(cp.State) != "state" {
		t.Errorf("checkpoint %+v, %v", cp, err)
	}
	if dead, err := back.Buried(ctx, "incident", 10); err != nil || len(dead) != 0 {
		t.Errorf("dead letters %+v, %v", dead, err)
	}
}
