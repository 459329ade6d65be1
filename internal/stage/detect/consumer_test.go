package detect_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
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

// reader makes events whose action is the record's text.
type reader struct{}

func (reader) Event(id flow.RecordID, raw flow.Raw) flow.Event {
	ev := flow.Event{ID: id.String(), Time: raw.Received, Received: raw.Received, Source: raw.Source, Action: string(raw.Data), Raw: raw.Data}
	switch ev.Action {
	case "bad":
		ev.ParseError, ev.Category = "is bad", flow.CategoryOther
	case "late": // read but for its time: an alarm all the same
		ev.ParseError, ev.Category, ev.Action = "its time is none", flow.CategoryFire, "alert"
	}
	return ev
}

// keeper is an event store in memory.
type keeper struct {
	mu     sync.Mutex
	events []string
	stored uint64
}

func (k *keeper) Append(_ context.Context, through uint64, evs []flow.Event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, ev := range evs {
		k.events = append(k.events, ev.ID)
	}
	k.stored = through
	return nil
}

func (k *keeper) StoredThrough() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.stored
}

// actions finds events by their action: "alert" alerts, "count" is counted.
type actions struct{}

func (actions) Match(ev *flow.Event) []detect.Match {
	rule := &detect.Rule{ID: "r-" + ev.Action, Title: ev.Action, Severity: flow.SeverityHigh, Threat: flow.ThreatScan}
	switch ev.Action {
	case "alert":
		return []detect.Match{{Rule: rule, Alert: true}}
	case "count":
		return []detect.Match{{Rule: rule, Count: true}}
	case "bad":
		panic("an unreadable record was shown to a matcher")
	}
	return nil
}

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

// witness remembers what it was told.
type witness struct {
	mu      sync.Mutex
	events  []string
	sources []string
}

func (w *witness) Observe(events []flow.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ev := range events {
		w.events = append(w.events, ev.Action)
	}
}

type sources struct{ *witness }

func (s sources) Observe(source string, _ time.Duration, parseErr error, raw flow.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources = append(s.sources, fmt.Sprintf("%s %s %v", source, raw.Data, parseErr))
}

type bench struct {
	log    *exchangetest.Memory
	raw    exchange.Topic[flow.RawBatch]
	alerts exchange.Topic[flow.Alert]
	hits   detect.Spread
	rules  *detect.Ruleset
	judge  detect.Judge
	events *keeper
	told   *witness
	pub    *flaky
	board  *detect.Board
}

func newBench(t *testing.T) *bench {
	log := exchangetest.NewMemory()
	b := &bench{
		log: log, raw: exchange.NewTopic(log, "raw", exchange.CBOR[flow.RawBatch]()),
		alerts: exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		hits:   slices.Repeat(detect.Spread{exchange.NewTopic(log, "hit", exchange.JSON[flow.Hit]())}, detect.Partitions),
		rules: &detect.Ruleset{Matchers: []detect.Matcher{actions{}}, Correlations: []detect.Correlation{
			{Rule: detect.Rule{ID: "c-first"}, Of: []string{"r-count"}, Type: detect.EventCount},
		}},
		events: &keeper{}, told: &witness{}, board: detect.NewBoard([]detect.Rule{{ID: "r-alert", Title: "a"}, {ID: "r-count"}}),
	}
	b.pub = &flaky{Publisher: b.alerts}
	t.Cleanup(func() { _ = log.Close() })
	return b
}

func (b *bench) publish(t *testing.T, texts ...string) {
	batch := flow.RawBatch{}
	for _, s := range texts {
		batch.Records = append(batch.Records, flow.Raw{Source: "s", Received: morning, Data: []byte(s)})
	}
	if _, err := b.raw.Publish(context.Background(), "", batch); err != nil {
		t.Fatal(err)
	}
}

// run lets a new consumer work until nothing is left to do.
func (b *bench) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := detect.NewConsumer(detect.Options{
		Log: b.log, Raw: b.raw, Alerts: b.pub, Hits: b.hits, Normaliser: reader{}, Events: b.events,
		Rules: b.rules, Judge: b.judge, Observer: b.told, Sources: sources{b.told}, Board: b.board,
		Logger: slog.New(slog.DiscardHandler),
	})
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	time.Sleep(time.Minute) // of the test's own time: longer than the pauses after failures
	synctest.Wait()
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func (b *bench) lastAlert(t *testing.T) (a flow.Alert) {
	msgs, err := b.log.Read(context.Background(), "alert", 0, 1000, 1<<20)
	if err != nil || len(msgs) == 0 {
		t.Fatal("no alert", err)
	}
	if err := exchange.JSON[flow.Alert]().Decode(msgs[len(msgs)-1].Body, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func (b *bench) alertEvents(t *testing.T) (ids []string) {
	msgs, err := b.log.Read(context.Background(), "alert", 0, 1000, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range msgs {
		var a flow.Alert
		if err := exchange.JSON[flow.Alert]().Decode(m.Body, &a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ID+" "+strings.Join(a.Events, ","))
	}
	return ids
}

func TestConsumerStoresAlertsAndTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, "x", "alert", "bad")
		b.publish(t, "count", "alert")
		b.run(t)
		if len(b.events.events) != 5 {
			t.Errorf("stored: %v", b.events.events)
		}
		if ids := b.alertEvents(t); len(ids) != 2 {
			t.Errorf("alerts: %v", ids)
		}
		if last, _ := b.log.Last(context.Background(), "hit"); last != 1 {
			t.Errorf("%d hits", last)
		}
		if !slices.Equal(b.told.events, []string{"x", "alert", "bad", "count", "alert"}) {
			t.Errorf("observed: %v", b.told.events)
		}
		if !slices.Equal(b.told.sources, []string{"s bad is bad"}) {
			t.Errorf("sources were told: %v", b.told.sources)
		}
		list := b.board.List()
		if list[0].Hits != 2 || list[1].Hits != 1 || list[0].LastHit == nil {
			t.Errorf("board: %+v", list)
		}
	})
}

// TestPartlyReadRecordsAreLookedAt: a broken clock does not silence an alarm.
func TestPartlyReadRecordsAreLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.publish(t, "late", "bad")
		b.run(t)
		if ids := b.alertEvents(t); len(ids) != 1 {
			t.Errorf("alerts: %v", ids)
		}
	})
}

// TestReplayOfTheStore: the event store lost its newest events; they are stored
// again and nothing is alerted again.
func TestReplayOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 4 {
			b.publish(t, "alert")
		}
		b.run(t)
		before := b.alertEvents(t)
		b.events.stored, b.events.events = 1, b.events.events[:1]
		b.told.events = nil
		b.run(t)
		if after := b.alertEvents(t); !slices.Equal(before, after) {
			t.Errorf("alerted again: %v", after)
		}
		if len(b.events.events) != 4 || len(b.told.events) != 0 {
			t.Errorf("stored %v, observed %v", b.events.events, b.told.events)
		}
	})
}

// TestReplayOfDetection: the store is ahead; what detection lacks is detected and
// not stored twice.
func TestReplayOfDetection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 4 {
			b.publish(t, "alert")
		}
		b.events.stored, b.events.events = 3, []string{"1", "2", "3"}
		b.run(t)
		if ids := b.alertEvents(t); len(ids) != 4 || len(b.events.events) != 4 {
			t.Errorf("alerts %v, stored %v", ids, b.events.events)
		}
	})
}

// TestFailingPublish: alerts wait for the log, and the store gets nothing twice.
func TestFailingPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.pub.failures = 2
		b.publish(t, "alert")
		b.publish(t, "x")
		b.run(t)
		if ids := b.alertEvents(t); len(ids) != 1 || len(b.events.events) != 2 {
			t.Errorf("alerts %v, stored %v", ids, b.events.events)
		}
	})
}
