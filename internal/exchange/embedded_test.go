package exchange_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/kit/fault"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		appendUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, o exchange.Options) *exchange.Embedded {
	t.Helper()
	l, err := exchange.OpenEmbedded(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

func one(body string) []exchange.Outgoing { return []exchange.Outgoing{{Body: []byte(body)}} }

func TestEmbeddedConforms(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		exchangetest.Run(t, func(t *testing.T) exchange.Log {
			return open(t, exchange.Options{Dir: "x", FS: vfs.NewMem()})
		})
	})
	t.Run("disk", func(t *testing.T) {
		exchangetest.Run(t, func(t *testing.T) exchange.Log {
			return open(t, exchange.Options{Dir: filepath.Join(t.TempDir(), "deep", "x")})
		})
	})
}

func TestReopenKeepsEverything(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	now := time.Date(2026, 11, 22, 7, 0, 0, 123456000, time.UTC)
	l := open(t, exchange.Options{Dir: dir, Writer: "w1", Now: func() time.Time { return now }})
	for i := range 5 {
		if _, err := l.Append(ctx, "a", one(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	msgs, err := l.Read(ctx, "a", 0, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		l.Save(ctx, "a", "c", exchange.Checkpoint{Offset: 4, State: []byte("s")}),
		l.Bury(ctx, "a", "c", msgs[0], "why"),
		l.Trim(ctx, "a", 2),
		l.Trim(ctx, "a", 1),
		l.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}

	l = open(t, exchange.Options{Dir: dir, Writer: "another"})
	if l.Writer() != "w1" {
		t.Errorf("the directory's writer became %q", l.Writer())
	}
	first, err := l.Append(ctx, "a", one("new"))
	if err != nil || first != 6 {
		t.Fatalf("append: offset %d, %v; want 6", first, err)
	}
	msgs, err = l.Read(ctx, "a", 0, 10, 0)
	if err != nil || len(msgs) != 4 || msgs[0].Offset != 3 || !msgs[0].Time.Equal(now) || msgs[0].Writer != "w1" {
		t.Errorf("read: %+v, %v", msgs, err)
	}
	status, err := l.Status(ctx)
	if err != nil || len(status) != 1 || status[0].First != 3 || status[0].Last != 6 || status[0].Dead != 1 || status[0].Consumers[0].Lag != 2 {
		t.Errorf("status: %+v, %v", status, err)
	}
}

func TestSecondOpenIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, exchange.Options{Dir: dir})
	_, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "in use by another Warder process") {
		t.Errorf("got %v", err)
	}
}

func TestFullDiskRefusesGrowthOnly(t *testing.T) {
	ctx, fs := t.Context(), vfs.NewMem()
	now := time.Now()
	l := open(t, exchange.Options{Dir: "x", FS: fs, Now: func() time.Time { return now }})
	if _, err := l.Append(ctx, "a", one("fits")); err != nil {
		t.Fatal(err)
	}
	fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: 1 << 20})
	now = now.Add(time.Minute)
	if _, err := l.Append(ctx, "a", one("does not")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("append on a full disk: got %v", err)
	}
	if err := l.Save(ctx, "a", "c", exchange.Checkpoint{Offset: 1}); err != nil {
		t.Errorf("a checkpoint must still be possible: %v", err)
	}
	if err := l.Trim(ctx, "a", 1); err != nil {
		t.Errorf("trimming must still be possible: %v", err)
	}
	fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: 1 << 40})
	now = now.Add(time.Minute)
	if first, err := l.Append(ctx, "a", one("fits again")); err != nil || first != 2 {
		t.Errorf("append after room was made: %d, %v", first, err)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	l := open(t, exchange.Options{Dir: "x", FS: vfs.NewMem()})
	for _, out := range []exchange.Outgoing{{Body: make([]byte, 33<<20)}, {Key: strings.Repeat("k", 5000)}} {
		if _, err := l.Append(t.Context(), "a", []exchange.Outgoing{out}); fault.KindOf(err) != fault.TooLarge {
			t.Errorf("got %v, want a fault of kind too-large", err)
		}
	}
}

func TestWriterHoldsNoDot(t *testing.T) {
	if _, err := exchange.OpenEmbedded(exchange.Options{Dir: "x", FS: vfs.NewMem(), Writer: "a.b"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}
