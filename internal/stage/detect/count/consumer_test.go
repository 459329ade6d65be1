package count

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// flaky refuses to publish so many times.
type flaky struct {
	exchange.Publisher[flow.Alert]
	failures int
}

func (f *flaky) Publish(ctx context.Context, key string, values ...flow.Alert) (uint64, error) {
	if f.failures > 0 {
		f.failures--
		return 0, errors.New("the log is away")
	}
	return f.Publisher.Publish(ctx, key, values...)
}

type bench struct {
	log    *exchangetest.Memory
	hits   []exchange.Topic[flow.Hit]
	loose  exchange.Topic[flow.Hit]
	alerts *flaky
	board  *detect.Board
	corr   []detect.Correlation
}

func newBench(t *testing.T) *bench {
	log := exchangetest.NewMemory()
	t.Cleanup(func() { _ = log.Close() })
	b := &bench{log: log, loose: exchange.NewTopic(log, "hit", exchange.JSON[flow.Hit]())}
	for i := range detect.Partitions {
		b.hits = append(b.hits, exchange.NewTopic(log, topicName(i), detect.HitCodec()))
	}
	b.alerts = &flaky{Publisher: exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]())}
	b.corr = []detect.Correlation{counts(detect.EventCount, []string{"a"}, 10*time.Second, 3)}
	b.board = detect.NewBoard([]detect.Rule{b.corr[0].Rule})
	return b
}

func topicName(partition int) string { return fmt.Sprintf("hit.%02d", partition) }

// spread is where hits are published.
func (b *bench) spread() (out detect.Spread) {
	for _, topic := range b.hits {
		out = append(out, topic)
	}
	return out
}

// publish sends hits to who counts them.
func (b *bench) publish(t *testing.T, hits ...*flow.Hit) {
	t.Helper()
	dispatch := detect.NewDispatch(b.corr)
	for _, h := range hits {
		if err := b.spread().Publish(context.Background(), dispatch.Hits(h.Rule, &h.Event)); err != nil {
			t.Fatal(err)
		}
	}
}

// used are the partitions that hold something.
func (b *bench) used(t *testing.T) (partitions []int) {
	for i := range b.hits {
		if last, err := b.log.Last(context.Background(), topicName(i)); err != nil {
			t.Fatal(err)
		} else if last > 0 {
			partitions = append(partitions, i)
		}
	}
	return partitions
}

func (b *bench) consumer() *Consumer {
	return NewConsumer(Options{
		Log: b.log, Hits: b.hits, Undispatched: b.loose, Alerts: b.alerts, Correlations: b.corr, Board: b.board,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
}

// run lets a new consumer work until nothing is left to do.
func (b *bench) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := b.consumer()
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	time.Sleep(time.Minute) // of the test's own time: longer than the pauses after failures
	synctest.Wait()
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func (b *bench) ids(t *testing.T) (ids []string) {
	msgs, err := b.log.Read(context.Background(), "alert", 0, 1000, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range msgs {
		var a flow.Alert
		if err := exchange.JSON[flow.Alert]().Decode(m.Body, &a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, fmt.Sprint(a.ID, a.Events))
	}
	return ids
}

// TestStateSurvivesARestart: two hits before it and one after it are three.
func TestStateSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x"))
		b.run(t)
		b.publish(t, hit("a", 3, 2, "g", "x"))
		b.run(t)
		if ids := b.ids(t); len(ids) != 1 || b.board.List()[0].Hits != 1 {
			t.Errorf("alerts: %v, board: %+v", ids, b.board.List())
		}
	})
}

// TestCrashBeforeTheCheckpoint: the hits are counted again and give the same alert.
func TestCrashBeforeTheCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x"), hit("a", 3, 2, "g", "x"))
		b.run(t)
		for _, p := range b.used(t) {
			if err := b.log.Save(context.Background(), topicName(p), ConsumerName, exchange.Checkpoint{}); err != nil {
				t.Fatal(err)
			}
		}
		b.run(t)
		if ids := b.ids(t); len(ids) != 2 || ids[0] != ids[1] {
			t.Errorf("alerts: %v", ids)
		}
	})
}

// TestFailingPublish: a hit that comes again is not counted twice, and its alert
// is not lost.
func TestFailingPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.alerts.failures = 3
		b.publish(t, hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x"), hit("a", 3, 2, "g", "x"), hit("a", 4, 3, "g", "x"))
		b.run(t)
		if ids := b.ids(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}

// TestDamagedState: counting begins anew instead of standing still.
func TestDamagedState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for i := range b.hits {
			if err := b.log.Save(context.Background(), topicName(i), ConsumerName, exchange.Checkpoint{State: []byte("no state")}); err != nil {
				t.Fatal(err)
			}
		}
		b.publish(t, hit("a", 1, 0, "g", "x"), hit("a", 2, 1, "g", "x"), hit("a", 3, 2, "g", "x"))
		b.run(t)
		if ids := b.ids(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}

// TestLargeStateIsSavedWhenItIsQuiet: the cursor comes to the end though no hit
// follows.
func TestLargeStateIsSavedWhenItIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.corr[0].Bounds[0].Value = 5000
		for i := range 2000 {
			h := hit("a", i, float64(i)/1000, "g", "one")
			h.Event.Attributes["long"] = strings.Repeat("x", 200)
			b.publish(t, h)
		}
		b.run(t)
		for _, p := range b.used(t) {
			cp, err := b.log.Checkpoint(context.Background(), topicName(p), ConsumerName)
			if err != nil || cp.Offset != 2000 || len(cp.State) <= smallState {
				t.Errorf("saved at %d with %d bytes, %v", cp.Offset, len(cp.State), err)
			}
		}
	})
}

// TestUndispatchedHits: what lies on the topic without a partition is counted
// once, by those who count it now.
func TestUndispatchedHits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for i := range 3 {
			h := detect.NewHit("a", &hit("a", i, float64(i), "g", "x").Event, []detect.Field{{"g"}})
			if _, err := b.loose.Publish(context.Background(), "a", h); err != nil {
				t.Fatal(err)
			}
		}
		b.run(t)
		b.run(t)
		if ids := b.ids(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}
