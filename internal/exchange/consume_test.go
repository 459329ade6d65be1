package exchange_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/kit/fault"
)

// desk is a consumer at work in a test: it notes what the handler was given.
type desk struct {
	log     exchange.Log
	topic   exchange.Topic[string]
	sub     exchange.Subscription[string]
	handle  func(batch []string) error // nil: everything succeeds
	calls   [][]string
	trouble []error
}

func newDesk(log exchange.Log) *desk {
	d := &desk{log: log, topic: exchange.NewTopic(log, "a", exchange.JSON[string]())}
	d.sub = exchange.Subscription[string]{
		Consumer:  "c",
		OnTrouble: func(err error) { d.trouble = append(d.trouble, err) },
		Handle: func(_ context.Context, batch []exchange.Delivery[string]) error {
			var values []string
			for _, b := range batch {
				values = append(values, b.Value)
			}
			d.calls = append(d.calls, values)
			if d.handle == nil {
				return nil
			}
			return d.handle(values)
		},
	}
	return d
}

// run consumes for a time of the bubble's clock.
func (d *desk) run(t *testing.T, span time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), span)
	defer cancel()
	if err := exchange.Consume(ctx, d.topic, d.sub, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatalf("consume: %v", err)
	}
}

func (d *desk) publish(t *testing.T, values ...string) {
	t.Helper()
	for _, v := range values {
		if _, err := d.topic.Publish(t.Context(), "", v); err != nil {
			t.Fatal(err)
		}
	}
}

func (d *desk) buried(t *testing.T) (offsets []uint64) {
	t.Helper()
	list, err := d.log.Buried(t.Context(), "a", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		offsets = append(offsets, l.Offset)
	}
	return offsets
}

func (d *desk) checkpoint(t *testing.T) uint64 {
	t.Helper()
	cp, err := d.log.Checkpoint(t.Context(), "a", "c")
	if err != nil {
		t.Fatal(err)
	}
	return cp.Offset
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestConsumeGoesOnFromItsCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.sub.Batch = 2
		d.publish(t, "1", "2", "3")
		d.run(t, time.Second)
		same(t, "calls", d.calls, [][]string{{"1", "2"}, {"3"}})
		same(t, "checkpoint", d.checkpoint(t), 3)
		d.calls = nil
		d.publish(t, "4")
		d.run(t, time.Second)
		same(t, "calls after a restart", d.calls, [][]string{{"4"}})
	})
}

func TestConsumeTakesWhatComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		go func() {
			time.Sleep(time.Minute)
			d.publish(t, "late")
		}()
		d.run(t, 2*time.Minute)
		same(t, "calls", d.calls, [][]string{{"late"}})
	})
}

func TestConsumeFindsThePoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.handle = func(batch []string) error {
			if slices.Contains(batch, "poison") {
				return errors.New("no")
			}
			return nil
		}
		d.publish(t, "1", "poison", "3")
		d.run(t, time.Hour)
		batch, bad := []string{"1", "poison", "3"}, []string{"poison"}
		same(t, "calls", d.calls, [][]string{batch, batch, {"1"}, bad, bad, bad, bad, bad, {"3"}})
		same(t, "buried", d.buried(t), []uint64{2})
		same(t, "checkpoint", d.checkpoint(t), 3)
		var burial *exchange.Burial
		if len(d.trouble) != 1 || !errors.As(d.trouble[0], &burial) || burial.Offset != 2 || burial.Reason != "no" {
			t.Errorf("trouble: %v", d.trouble)
		}
	})
}

func TestConsumeBuriesPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.handle = func([]string) error { panic("out of range") }
		d.publish(t, "1")
		d.run(t, time.Hour)
		same(t, "calls", len(d.calls), 5)
		same(t, "buried", d.buried(t), []uint64{1})
	})
}

func TestConsumeBuriesWhatCannotBeDecoded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.publish(t, "1")
		if _, err := d.log.Append(t.Context(), "a", one("{not json")); err != nil {
			t.Fatal(err)
		}
		d.publish(t, "3")
		d.run(t, time.Second)
		same(t, "calls", d.calls, [][]string{{"1", "3"}})
		same(t, "buried", d.buried(t), []uint64{2})
	})
}

func TestConsumeWaitsForWhatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		back := time.Now().Add(10 * time.Minute)
		d.handle = func([]string) error {
			if time.Now().Before(back) {
				return fault.New(fault.Unavailable, "the database is away")
			}
			return nil
		}
		d.publish(t, "1", "2")
		d.run(t, time.Hour)
		same(t, "buried", d.buried(t), nil)
		same(t, "checkpoint", d.checkpoint(t), 2)
		same(t, "last call", d.calls[len(d.calls)-1], []string{"1", "2"})
		if n := len(d.calls); n < 60 || n > 80 {
			t.Errorf("%d tries in ten minutes: the pause does not grow to ten seconds", n)
		}
	})
}

func TestConsumeWithItsOwnCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		asked := 0
		d.sub.Start = func(context.Context) (uint64, error) {
			if asked++; asked < 3 {
				return 0, errors.New("not yet")
			}
			return 1, nil
		}
		d.publish(t, "1", "2")
		d.run(t, time.Minute)
		same(t, "calls", d.calls, [][]string{{"2"}})
		same(t, "the log's checkpoint", d.checkpoint(t), 0)
	})
}

func TestConsumeReportsACursorBeyondTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.sub.Start = func(context.Context) (uint64, error) { return 7, nil }
		d.publish(t, "1")
		go func() {
			time.Sleep(time.Second)
			d.publish(t, "2")
		}()
		d.run(t, time.Minute)
		same(t, "calls", d.calls, [][]string{{"2"}})
		same(t, "buried", d.buried(t), []uint64{2})
		if len(d.trouble) != 1 || !errors.Is(d.trouble[0], exchange.ErrDamaged) {
			t.Errorf("trouble: %v", d.trouble)
		}
	})
}

// broken is a log whose offset 2 is damaged, at first together with offset 3.
type broken struct {
	*exchangetest.Memory
	reads int
}

func (l *broken) Read(ctx context.Context, topic string, after uint64, count, size int) ([]exchange.Message, error) {
	switch after {
	case 0:
		return l.Memory.Read(ctx, topic, 0, 1, size)
	case 1:
		l.reads++
		return nil, &exchange.Damage{Topic: topic, From: 2, Through: 3, Bytes: []byte("rest"), Cause: errors.New("flipped")}
	}
	return l.Memory.Read(ctx, topic, after, count, size)
}

func TestConsumePassesOverDamage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &broken{Memory: exchangetest.NewMemory()}
		d := newDesk(log)
		d.publish(t, "1", "2", "3", "4")
		d.run(t, time.Minute)
		same(t, "calls", d.calls, [][]string{{"1"}, {"4"}})
		same(t, "readings before damage is believed", log.reads, 3)
		same(t, "buried", d.buried(t), []uint64{2})
		same(t, "checkpoint", d.checkpoint(t), 4)
		if len(d.trouble) != 1 || !errors.Is(d.trouble[0], exchange.ErrDamaged) {
			t.Errorf("trouble: %v", d.trouble)
		}
	})
}

func TestConsumeStopsInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(exchangetest.NewMemory())
		d.handle = func([]string) error { return errors.New("no") }
		d.publish(t, "1", "2")
		d.run(t, time.Millisecond)
		same(t, "calls", d.calls, [][]string{{"1", "2"}})
		same(t, "buried", d.buried(t), nil)
		same(t, "checkpoint", d.checkpoint(t), 0)
	})
}

func TestConsumeFromTheEmbeddedLog(t *testing.T) {
	d := newDesk(open(t, exchange.Options{Dir: "x", FS: vfs.NewMem()}))
	ctx, cancel := context.WithCancel(t.Context())
	d.handle = func(batch []string) error {
		if slices.Contains(batch, "last") {
			cancel()
		}
		return nil
	}
	d.publish(t, "1", "last")
	if err := exchange.Consume(ctx, d.topic, d.sub, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	same(t, "handled", slices.Concat(d.calls...), []string{"1", "last"})
}

// A consumer that stands still costs its topic no memory: what waits lies on the
// disk, and so it is when it goes on.
func TestStalledConsumerTakesNoMemory(t *testing.T) {
	l := open(t, exchange.Options{Dir: t.TempDir()})
	topic := exchange.NewTopic(l, "a", exchange.Codec[[]byte]{
		Encode: func(b []byte) ([]byte, error) { return b, nil },
		Decode: func(b []byte, v *[]byte) error { *v = b; return nil },
	})
	ctx, cancel := context.WithCancel(t.Context())
	goOn, done := make(chan struct{}), make(chan struct{})
	var seen atomic.Int64
	go func() {
		defer close(done)
		_ = exchange.Consume(ctx, topic, exchange.Subscription[[]byte]{Consumer: "slow", Bytes: 1 << 20, Handle: func(_ context.Context, batch []exchange.Delivery[[]byte]) error {
			<-goOn
			seen.Add(int64(len(batch)))
			return nil
		}}, slog.New(slog.DiscardHandler))
	}()
	const messages, size, most = 3000, 64 << 10, 96 << 20
	before := resident()
	for range messages {
		body := make([]byte, size)
		_, _ = rand.Read(body) // never fails
		if _, err := topic.Publish(t.Context(), "", body); err != nil {
			t.Fatal(err)
		}
	}
	if grown := resident() - before; grown > most {
		t.Errorf("%d MB wait and memory grew by %d MB", messages*size>>20, grown>>20)
	}
	close(goOn)
	for seen.Load() < messages {
		if err := l.Wait(t.Context(), "a", messages-1); err != nil {
			t.Fatal(err)
		}
		runtime.Gosched()
	}
	cancel()
	<-done
}

// resident is what the program holds in use.
func resident() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
