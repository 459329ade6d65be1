package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"warder/internal/flow"
	"warder/internal/stage/source"
	"warder/internal/stage/source/sourcetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a follower of one folder on a real intake.
type bench struct {
	*sourcetest.Bench
	t   testing.TB
	dir string // holds the intake's data
	log string // the file that is followed
	o   source.Files
	end func()
}

func start(t testing.TB, o source.Files, limit int64) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), log: filepath.Join(t.TempDir(), "eve.json"), o: o}
	if len(b.o.Paths) == 0 {
		b.o.Paths = []string{b.log}
	}
	b.o.Format, b.o.Poll = flow.FormatSuricata, 5*time.Millisecond
	b.run(limit)
	return b
}

func (b *bench) run(limit int64) {
	b.t.Helper()
	b.Bench = sourcetest.Open(b.t, b.dir, source.Config{Limits: source.Limits{Record: limit}, Sources: []source.Source{
		{ID: "suricata", Kind: source.KindFile, Files: &b.o},
	}})
	f := New(Options{Inlet: b.Inlets(source.KindFile)[0], Cursors: b.Module, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	b.end = b.Start(f.Run)
	b.t.Cleanup(b.end)
}

// restart ends the follower, does something while nobody looks, and goes on.
func (b *bench) restart(meanwhile func()) {
	b.t.Helper()
	b.end()
	b.Stop()
	meanwhile()
	b.run(1 << 20)
}

func (b *bench) append(path, text string) {
	b.t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) expect(want ...string) {
	b.t.Helper()
	var got []string
	for _, r := range b.Records(len(want)) {
		got = append(got, string(r.Data))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestFollows(t *testing.T) {
	b := start(t, source.Files{}, 0) // the file does not exist yet
	b.append(b.log, "{\"n\":1}\n{\"n\":2}\r\n\n{\"n\":")
	b.expect(`{"n":1}`, `{"n":2}`)
	b.append(b.log, "3}\n")
	b.expect(`{"n":1}`, `{"n":2}`, `{"n":3}`)
	if r := b.Records(3)[0]; r.Channel != b.log || r.Format != flow.FormatSuricata || r.Key == "" {
		t.Errorf("a record is %+v", r)
	}
}

func TestRotationByRename(t *testing.T) {
	b := start(t, source.Files{}, 0)
	b.append(b.log, "a1\na2\n")
	b.expect("a1", "a2")
	b.must(os.Rename(b.log, b.log+".1"))
	b.append(b.log+".1", "a3 after the rename\n")
	b.append(b.log, "b1\n")
	b.append(b.log+".1", "a4 later still\nan end without a newline")
	got := b.Records(5)
	var texts []string
	for _, r := range got {
		texts = append(texts, string(r.Data))
	}
	slices.Sort(texts)
	if diff := cmp.Diff([]string{"a1", "a2", "a3 after the rename", "a4 later still", "b1"}, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRotatedFileIsLetGoWithItsLastLine(t *testing.T) {
	b := start(t, source.Files{Linger: 20 * time.Millisecond}, 0)
	b.append(b.log, "a1\nno end")
	b.expect("a1")
	b.must(os.Rename(b.log, b.log+".1"))
	b.expect("a1", "no end")
	sourcetest.Eventually(t, "its cursor is forgotten", func() bool {
		c, err := b.FileCursors(t.Context(), "suricata")
		return err == nil && len(c) == 0
	})
}

func TestRotationByCopyAndTruncate(t *testing.T) {
	b := start(t, source.Files{}, 0)
	b.append(b.log, "a1 is longer\na2\n")
	b.expect("a1 is longer", "a2")
	b.must(os.Truncate(b.log, 0))
	b.append(b.log, "b1\n")
	b.expect("a1 is longer", "a2", "b1")
	// Grown beyond the old cursor before anybody looked: the head tells.
	b.must(os.WriteFile(b.log, []byte("c1 is much longer than all before\nc2\n"), 0o600))
	b.expect("a1 is longer", "a2", "b1", "c1 is much longer than all before", "c2")
	// The same text again is new all the same.
	b.must(os.Truncate(b.log, 0))
	sourcetest.Eventually(t, "the truncation is seen", func() bool {
		c, err := b.FileCursors(t.Context(), "suricata")
		return err == nil && len(c) == 1 && c[0].Offset == 0 || len(c) == 1 && c[0].HeadLen == 0
	})
}

func TestRestart(t *testing.T) {
	b := start(t, source.Files{}, 0)
	b.append(b.log, "a1\na2\n")
	b.expect("a1", "a2")
	b.restart(func() { b.append(b.log, "a3\n") })
	b.expect("a1", "a2", "a3")
	b.restart(func() {
		b.append(b.log, "a4 before the rotation\n")
		b.must(os.Rename(b.log, b.log+".1"))
		b.append(b.log, "b1\n")
	})
	b.expect("a1", "a2", "a3", "a4 before the rotation", "b1")
	b.restart(func() { b.must(os.WriteFile(b.log, []byte("c1 anew, and longer than b1\n"), 0o600)) })
	b.expect("a1", "a2", "a3", "a4 before the rotation", "b1", "c1 anew, and longer than b1")
	b.restart(func() { b.must(os.Remove(b.log)) })
	b.append(b.log, "d1\n")
	b.expect("a1", "a2", "a3", "a4 before the rotation", "b1", "c1 anew, and longer than b1", "d1")
}

// forgetful saves nothing after the first cursor: what a crash leaves behind.
type forgetful struct {
	Cursors
	saves int
}

func (f *forgetful) SaveFileCursors(ctx context.Context, id string, c []source.FileCursor, gone []string) error {
	if f.saves++; f.saves > 1 {
		return nil
	}
	return f.Cursors.SaveFileCursors(ctx, id, c, gone)
}

func TestCrashBeforeTheCursorIsSaved(t *testing.T) {
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "eve.json")
	var want []string
	var text strings.Builder
	for i := range 3000 {
		want = append(want, fmt.Sprintf(`{"n":%d}`, i))
		text.WriteString(want[i] + "\n")
	}
	if err := os.WriteFile(log, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for run := range int64(2) {
		b := sourcetest.Open(t, dir, source.Config{Sources: []source.Source{
			{ID: "suricata", Kind: source.KindFile, Files: &source.Files{Paths: []string{log}, Format: flow.FormatSuricata, Poll: 5 * time.Millisecond}},
		}})
		end := b.Start(New(Options{
			Inlet: b.Inlets(source.KindFile)[0], Cursors: &forgetful{Cursors: b.Module}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}).Run)
		got := b.Records(len(want))
		sourcetest.Eventually(t, "all lines went in", func() bool { return b.HealthOf("suricata").Received == 3000*(run+1) })
		end()
		b.Stop()
		if len(got) != len(want) {
			t.Fatalf("%d records, want %d", len(got), len(want))
		}
	}
}

func TestLongLines(t *testing.T) {
	b := start(t, source.Files{}, 1024)
	long := strings.Repeat("x", 3<<20)
	b.append(b.log, "a1\n"+strings.Repeat("y", 1500)+"\n"+long[:1<<20])
	b.append(b.log, long[1<<20:])
	b.append(b.log, "\na2\n")
	got := b.Records(4)
	for i, want := range []struct{ size, cut int }{{2, 0}, {1024, 476}, {1024, 3<<20 - 1024}, {2, 0}} {
		if len(got[i].Data) != want.size || got[i].Truncated != want.cut {
			t.Errorf("record %d has %d bytes, %d cut; want %+v", i, len(got[i].Data), got[i].Truncated, want)
		}
	}
}

func TestStartAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.log")
	if err := os.WriteFile(old, []byte("before\nbegun "), 0o600); err != nil {
		t.Fatal(err)
	}
	b := start(t, source.Files{Paths: []string{filepath.Join(dir, "*.log")}, Start: source.StartEnd}, 0)
	sourcetest.Eventually(t, "the file is found", func() bool {
		c, err := b.FileCursors(t.Context(), "suricata")
		return err == nil && len(c) == 1
	})
	b.append(old, "and ended\n")
	b.expect("begun and ended")
	b.append(filepath.Join(dir, "new.log"), "from the beginning\n")
	b.expect("begun and ended", "from the beginning")
}

func TestFailingLogAndUnreadableFile(t *testing.T) {
	b := start(t, source.Files{}, 0)
	b.Gate.Open(errors.New("no space left on device"))
	b.append(b.log, "a1\n")
	sourcetest.Eventually(t, "the source is failing", func() bool { return b.HealthOf("suricata").State == source.StateFailing })
	b.Gate.Open(nil)
	b.expect("a1")
	sourcetest.Eventually(t, "the source is well", func() bool { return b.HealthOf("suricata").State == source.StateOK })
}

// Whatever a writer does between the looks of the follower, whole lines come out
// once and in order.
func TestWritersAndRotations(t *testing.T) {
	// Each case opens a log and a database of its own.
	for seed := range 6 {
		writersAndRotations(t, seed)
	}
}

func writersAndRotations(t *testing.T, seed int) {
	r := rand.New(rand.NewPCG(1, uint64(seed)))
	t.Run(fmt.Sprint(seed), func(t *testing.T) {
		b := start(t, source.Files{Linger: 50 * time.Millisecond}, 0)
		var want []string
		n, seen := 0, 0
		for range 6 {
			switch r.IntN(4) {
			case 0, 1:
				if _, err := os.Stat(b.log); err != nil {
					seen = n + 1
				}
				for range 1 + r.IntN(20) {
					n++
					want = append(want, fmt.Sprintf("line %d", n))
					b.append(b.log, want[n-1]+"\n")
				}
			case 2:
				if _, err := os.Stat(b.log); err == nil {
					b.Records(seen) // a file that nobody has looked at cannot be followed
					b.must(os.Rename(b.log, fmt.Sprintf("%s.%d", b.log, n)))
				}
			case 3:
				b.restart(func() {})
			}
		}
		var got []string
		for _, r := range b.Records(len(want)) {
			got = append(got, string(r.Data))
		}
		slices.SortFunc(got, func(a, b string) int {
			var x, y int
			_, _ = fmt.Sscanf(a, "line %d", &x)
			_, _ = fmt.Sscanf(b, "line %d", &y)
			return x - y
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
