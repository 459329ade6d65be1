package exchange_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"warder/internal/exchange"
)

const (
	helperDir = "WARDER_EXCHANGE_HELPER" // set: the test binary appends there until it is killed
	torture   = "WARDER_TORTURE"         // "1": hundreds of rounds
)

func rounds(few, many int) int {
	if os.Getenv(torture) == "1" {
		return many
	}
	return few
}

// ledger is what writers were told is safe: the body at each offset of a topic.
type ledger struct {
	mu    sync.Mutex
	acked map[string]map[uint64]string
}

func newLedger() *ledger { return &ledger{acked: map[string]map[uint64]string{}} }

func (g *ledger) add(topic string, offset uint64, body string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.acked[topic] == nil {
		g.acked[topic] = map[uint64]string{}
	}
	g.acked[topic][offset] = body
}

func (g *ledger) copy() *ledger {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := newLedger()
	for topic, acked := range g.acked {
		for offset, body := range acked {
			c.add(topic, offset, body)
		}
	}
	return c
}

// verify reads every topic whole: acknowledged messages must be there, offsets dense.
func (g *ledger) verify(t *testing.T, l exchange.Log) {
	t.Helper()
	for topic, acked := range g.acked {
		after, found := uint64(0), 0
		for {
			msgs, err := l.Read(t.Context(), topic, after, 1000, 0)
			if err != nil {
				t.Fatalf("read topic %s: %v", topic, err)
			}
			if len(msgs) == 0 {
				break
			}
			for _, m := range msgs {
				if m.Offset != after+1 {
					t.Fatalf("topic %s: offset %d follows %d", topic, m.Offset, after)
				}
				after = m.Offset
				if body, ok := acked[m.Offset]; ok {
					found++
					if body != string(m.Body) {
						t.Fatalf("topic %s, offset %d: got %q, want %q", topic, m.Offset, m.Body, body)
					}
				}
			}
		}
		if found != len(acked) {
			t.Fatalf("topic %s: %d of %d acknowledged messages are there", topic, found, len(acked))
		}
	}
}

// TestPowerCut takes the disk as a power cut would leave it while writers are at
// work, opens that, and looks for everything that had been acknowledged.
func TestPowerCut(t *testing.T) {
	for round := range rounds(4, 300) {
		rng := rand.New(rand.NewPCG(7, uint64(round)))
		fs := vfs.NewCrashableMem()
		l, err := exchange.OpenEmbedded(exchange.Options{Dir: "x", FS: fs})
		if err != nil {
			t.Fatal(err)
		}
		promised, ctx := newLedger(), t.Context()
		var writers sync.WaitGroup
		running, halt := context.WithCancel(ctx)
		for w := range 4 {
			body := strings.Repeat(fmt.Sprint(w), 1+rng.IntN(30_000))
			writers.Go(func() {
				topic := fmt.Sprintf("t%d", w%2)
				for i := 0; running.Err() == nil; i++ {
					b := fmt.Sprint(i, " ", body)
					if first, err := l.Append(ctx, topic, one(b)); err == nil {
						promised.add(topic, first, b)
					}
				}
			})
		}
		time.Sleep(time.Duration(rng.IntN(120)) * time.Millisecond) // real time: the file system below has real goroutines
		acked := promised.copy()
		after := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
		halt()
		writers.Wait()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := exchange.OpenEmbedded(exchange.Options{Dir: "x", FS: after})
		if err != nil {
			t.Fatalf("round %d: open after the power cut: %v", round, err)
		}
		acked.verify(t, again)
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilled starts a process that appends, kills it at random moments, and
// looks for everything that the process had said was acknowledged.
func TestKilled(t *testing.T) {
	dir, promised := t.TempDir(), newLedger()
	for range rounds(3, 200) {
		runAndKill(t, dir, promised)
		l, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
		if err != nil {
			t.Fatalf("open after the kill: %v", err)
		}
		promised.verify(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func runAndKill(t *testing.T, dir string, promised *ledger) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	left := 20 + rand.IntN(300)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var topic, body string
		var offset uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%s %d %s .", &topic, &offset, &body); n == 3 && strings.HasSuffix(lines.Text(), " .") {
			promised.add(topic, offset, body)
		}
		if left--; left == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || left > 0 {
		t.Fatalf("the helper ended by itself: %v", err)
	}
}

// appendUntilKilled is the helper process: it tells each acknowledged message on
// its standard output, a line each that ends with a full stop.
func appendUntilKilled(dir string) {
	l, err := exchange.OpenEmbedded(exchange.Options{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			topic := fmt.Sprintf("t%d", w%2)
			for i := 0; ; i++ {
				body := fmt.Sprintf("%d-%d-%d-%s", os.Getpid(), w, i, strings.Repeat("x", rand.IntN(5000)))
				first, err := l.Append(context.Background(), topic, one(body))
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				out.Lock()
				fmt.Printf("%s %d %s .\n", topic, first, body)
				out.Unlock()
			}
		})
	}
	wg.Wait()
}
