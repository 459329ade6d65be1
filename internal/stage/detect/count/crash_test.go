package count

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// words reads records such as "a x 12": rule, group, second.
type words struct{}

func (words) Event(id flow.RecordID, raw flow.Raw) flow.Event {
	var rule, group string
	var second int
	_, _ = fmt.Sscan(string(raw.Data), &rule, &group, &second)
	return flow.Event{
		ID: id.String(), Time: start.Add(time.Duration(second) * time.Second), Received: start.AddDate(0, 0, 7), Action: rule,
		Category: flow.CategoryAccess, Attributes: map[string]string{"g": group},
	}
}

// byAction finds every event as the rule that its action names.
type byAction struct{}

func (byAction) Match(ev *flow.Event) []detect.Match {
	return []detect.Match{{Rule: &detect.Rule{ID: ev.Action}, Count: true}}
}

// evidence only remembers how far it came.
type evidence struct {
	mu     sync.Mutex
	stored uint64
}

func (e *evidence) Append(_ context.Context, through uint64, _ []flow.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stored = through
	return nil
}

func (e *evidence) StoredThrough() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stored
}

// editions are two rule sets: what counts three of a, and what counts that
// together with d, mean the same in both; others come, go and change.
func editions() [2]*detect.Ruleset {
	var sets [2]*detect.Ruleset
	for i := range sets {
		named := func(id string, c detect.Correlation) detect.Correlation {
			c.Rule.ID, c.Rule.Title = id, fmt.Sprint(id, " of edition ", i)
			return c
		}
		all := []detect.Correlation{
			named("steady", counts(detect.EventCount, []string{"a"}, 10*time.Second, 3)),
			named("chain", counts(detect.TemporalOrdered, []string{"steady", "d"}, 10*time.Second, 0)),
			named("changed", counts(detect.EventCount, []string{"a"}, time.Duration(5+i)*time.Second, 2)),
			named(fmt.Sprint("only-", i), counts(detect.EventCount, []string{"d"}, 10*time.Second, 1)),
		}
		if i == 1 { // another order must not matter
			all[0], all[3] = all[3], all[0]
		}
		sets[i] = &detect.Ruleset{Matchers: []detect.Matcher{byAction{}}, Correlations: all}
	}
	return sets
}

// plant is both steps on a real exchange whose disk may lose what is not synced.
type plant struct {
	t        *testing.T
	fs       *vfs.MemFS
	log      *exchange.Embedded
	evidence *evidence
	rules    *detect.Ruleset
	raw      exchange.Topic[flow.RawBatch]
	detector *detect.Consumer
	counter  *Consumer
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

func (p *plant) start() {
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: "log", FS: p.fs, Writer: "w"})
	if err != nil {
		p.t.Fatal(err)
	}
	p.log, p.raw = log, exchange.NewTopic(log, "raw", exchange.CBOR[flow.RawBatch]())
	alerts, quiet := exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()), slog.New(slog.DiscardHandler)
	b := &bench{}
	for i := range detect.Partitions {
		b.hits = append(b.hits, exchange.NewTopic(log, topicName(i), detect.HitCodec()))
	}
	p.detector = detect.NewConsumer(detect.Options{
		Log: log, Raw: p.raw, Alerts: alerts, Hits: b.spread(), Normaliser: words{}, Events: p.evidence,
		Rules: p.rules, Board: detect.NewBoard(nil), Logger: quiet,
	})
	p.counter = NewConsumer(Options{
		Log: log, Hits: b.hits, Undispatched: exchange.NewTopic(log, "hit", exchange.JSON[flow.Hit]()), Alerts: alerts,
		Correlations: p.rules.Correlations, Board: detect.NewBoard(nil), Now: time.Now, Logger: quiet,
	})
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.running.Go(func() { _ = p.detector.Run(ctx) })
	p.running.Go(func() { _ = p.counter.Run(ctx) })
}

func (p *plant) stop() {
	p.cancel()
	p.running.Wait()
	if err := p.log.Close(); err != nil {
		p.t.Error(err)
	}
}

// crash goes on with the disk as a power cut leaves it, in the middle of work.
func (p *plant) crash(rng *rand.Rand) {
	after := p.fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
	p.stop()
	p.fs = after
	p.start()
}

func (p *plant) swap(rules *detect.Ruleset) {
	p.rules = rules
	p.counter.Swap(rules.Correlations)
	p.detector.Swap(rules)
}

func (p *plant) publish(texts []string) {
	batch := flow.RawBatch{}
	for _, text := range texts {
		batch.Records = append(batch.Records, flow.Raw{Source: "s", Data: []byte(text)})
	}
	if _, err := p.raw.Publish(context.Background(), "", batch); err != nil {
		p.t.Fatal(err)
	}
}

// alerts waits until there are so many different ones of the rules, and returns
// the events of all that there are by id.
func (p *plant) alerts(n int, rules ...string) map[string][]string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	found := map[string][]string{}
	until, err := p.log.Last(ctx, "alert")
	if err != nil {
		p.t.Fatal(err)
	}
	for after := uint64(0); len(found) < n || after < until; {
		if err := p.log.Wait(ctx, "alert", after); err != nil {
			p.t.Fatalf("%d of %d alerts came: %v", len(found), n, err)
		}
		msgs, err := p.log.Read(ctx, "alert", after, 0, 0)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, m := range msgs {
			var a flow.Alert
			if err := exchange.JSON[flow.Alert]().Decode(m.Body, &a); err != nil {
				p.t.Fatal(err)
			}
			for _, rule := range rules {
				if a.Rule == rule {
					found[a.ID] = append([]string{rule}, a.Events...)
				}
			}
			after = m.Offset
		}
	}
	return found
}

// stream makes, for each group, three of a and then one of d, mixed with those of
// other groups, in order.
func stream(rng *rand.Rand, groups int) (records []string) {
	next := make([]int, groups)
	for open := groups; open > 0; {
		g := rng.IntN(groups)
		if next[g] == 4 {
			continue
		}
		records = append(records, fmt.Sprintf("%c g%d %d", "aaad"[next[g]], g, 2*next[g]))
		if next[g]++; next[g] == 4 {
			open--
		}
	}
	return records
}

// TestCrashesAndSwaps: while power fails and rules change at any moment, every
// group raises its two alerts, each under one id and over all of its events.
func TestCrashesAndSwaps(t *testing.T) {
	const groups = 120
	rng := rand.New(rand.NewPCG(1, 2))
	sets := editions()
	p := &plant{t: t, fs: vfs.NewCrashableMem(), evidence: &evidence{}, rules: sets[0]}
	p.start()
	defer func() { p.stop() }()
	for records, round := stream(rng, groups), 0; len(records) > 0; round++ {
		n := min(1+rng.IntN(12), len(records))
		p.publish(records[:n])
		records = records[n:]
		switch rng.IntN(8) {
		case 0:
			p.crash(rng)
		case 1, 2:
			p.swap(sets[round%2])
		}
	}
	found := p.alerts(2*groups, "steady", "chain")
	p.counter.settled(t, p.log)
	for id, alert := range p.alerts(2*groups, "steady", "chain") {
		if found[id] == nil {
			t.Errorf("another alert: %v", alert)
		}
	}
	for _, alert := range found {
		if want := map[string]int{"steady": 3, "chain": 4}[alert[0]]; len(alert) != 1+want {
			t.Errorf("%s is about %s", alert[0], strings.Join(alert[1:], " "))
		}
	}
}

// settled waits until everything is counted.
func (c *Consumer) settled(t *testing.T, log exchange.Log) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i, w := range c.workers {
		last, err := log.Last(t.Context(), w.topic.Name())
		if err != nil {
			t.Fatal(err)
		}
		for c.Counted(i) < last {
			select {
			case <-tick.C:
			case <-t.Context().Done():
				t.Fatalf("partition %d is counted up to %d of %d", i, c.Counted(i), last)
			}
		}
	}
}
