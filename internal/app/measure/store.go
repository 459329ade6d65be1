package measure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"warder/content"
	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/normalise"
)

// StoreInput says what the event store is measured with.
type StoreInput struct {
	Events string // a file of Windows events to make templates of, one JSON object a line; empty: made up
	Count  int    // how many events are stored
	Dir    string // where they are kept and, when they are there already, found; empty: a folder that is removed
}

// Figures of the store bench.
const (
	storeBatch    = 500       // events appended at once, as the way does
	storeQueries  = 20        // different questions of a kind in each run
	storeMillion  = 1_000_000 // what is counted and looked through
	storeAppended = 100_000   // whose appending is timed, in each run
	storeWindow   = 10 * time.Minute
)

// Store measures the event store on its own: what an event takes on the disk and
// how long questions take, by the clock on the wall and in CPU time, which is what
// is left of it on a machine that does nothing else. The events stay on the disk
// between runs, and so in the memory with which the system caches files.
func Store(ctx context.Context, o Options, in StoreInput) (report Report, err error) {
	b := &storeBench{o: o, dir: in.Dir}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "warder-bench-"); err != nil {
			return Report{}, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	}
	if err := b.prepare(in); err != nil {
		return Report{}, err
	}
	store, err := b.open(b.dir)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := b.load(ctx, store); err != nil {
		return Report{}, err
	}
	if err := b.sizes(store); err != nil {
		return Report{}, err
	}
	for run := range o.Runs {
		o.say("store " + progress(run, o.Runs))
		if err := b.once(ctx, store, run); err != nil {
			return Report{}, err
		}
	}
	return Report{Bench: "store", Version: o.Version, Machine: thisMachine(), Runs: o.Runs, Input: b.input, Results: b.results()}, nil
}

// storeBench is what is measured, and with what.
type storeBench struct {
	figures
	o          Options
	dir        string
	input      string
	seeds      *seeds
	normaliser *normalise.Normaliser
}

func (b *storeBench) prepare(in StoreInput) error {
	lines, from := windowsEvents(madeUpEvents), "made-up Windows events"
	if in.Events != "" {
		var err error
		if lines, err = eventLines(in.Events); err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		from = "Windows events of " + in.Events
	}
	b.seeds = newSeeds(lines, in.Count)
	b.input = fmt.Sprintf("%d events over seven days, from %d templates of %s", in.Count, len(lines), from)
	presets, err := normalise.Presets(content.FS, "mappings")
	if err != nil {
		return err
	}
	b.normaliser = normalise.New(new(hospital.Holder), normalise.ByName(presets))
	return nil
}

func (b *storeBench) open(dir string) (*events.Store, error) {
	return events.Open(events.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
}

// batch makes some of the events. They are received as they happen.
func (b *storeBench) batch(from, to int) []flow.Event {
	out := make([]flow.Event, 0, to-from)
	for n := from; n < to; n++ {
		raw := flow.Raw{Source: "windows", Format: flow.FormatJSON, Received: b.seeds.at(n), Data: b.seeds.event(n)}
		out = append(out, b.normaliser.Event(flow.RecordID{Writer: "bench", Seq: uint64(n / storeBatch), Index: uint32(n % storeBatch)}, raw))
	}
	return out
}

// load appends what is not there yet.
func (b *storeBench) load(ctx context.Context, store *events.Store) error {
	batches := make(chan []flow.Event, 4)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first := int(store.StoredThrough()) * storeBatch
	go func() {
		defer close(batches)
		for n := first; n < b.seeds.count; n += storeBatch {
			select {
			case batches <- b.batch(n, min(n+storeBatch, b.seeds.count)):
			case <-ctx.Done():
				return
			}
		}
	}()
	n := first
	for evs := range batches {
		if err := store.Append(ctx, uint64(n/storeBatch+1), evs); err != nil {
			return err
		}
		if n += len(evs); n%(100*storeBatch) == 0 {
			b.o.say(fmt.Sprintf("store: %d of %d events", n, b.seeds.count))
		}
	}
	return errors.Join(ctx.Err(), store.Flush(ctx))
}

// sizes tells what an event takes in the files. The normalised columns are all
// but the bytes as they came and the sender's own fields; with them counts
// whatever else a file holds.
func (b *storeBench) sizes(store *events.Store) error {
	all, err := store.Sizes()
	if err != nil {
		return err
	}
	count, raw, original := float64(all.Events), all.Columns["raw"], all.Columns["original"]
	b.add("store.bytes_per_event", "bytes", float64(all.Bytes-raw-original)/count)
	b.add("store.raw_bytes_per_event", "bytes", float64(raw)/count)
	b.add("store.original_bytes_per_event", "bytes", float64(original)/count)
	return nil
}

func (b *storeBench) once(ctx context.Context, store *events.Store, run int) error {
	if err := b.appending(ctx); err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(20261122, uint64(run))) //nolint:gosec // it has to be the same every time
	for _, q := range b.questions(store, rnd) {
		start, cpu := time.Now(), cpuTime()
		for range q.times {
			if err := q.ask(ctx); err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
		}
		b.add(q.name+"_ms", "ms", time.Since(start).Seconds()*1000/float64(q.times))
		b.add(q.name+"_cpu_ms", "ms", (cpuTime()-cpu).Seconds()*1000/float64(q.times))
	}
	return nil
}

// appending times how fast events that were normalised before become evidence.
func (b *storeBench) appending(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "warder-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := b.open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	count := min(storeAppended, b.seeds.count)
	all := b.batch(0, count)
	start := time.Now()
	for n := 0; n < count; n += storeBatch {
		if err := store.Append(ctx, uint64(n/storeBatch+1), all[n:min(n+storeBatch, count)]); err != nil {
			return err
		}
	}
	if err := store.Flush(ctx); err != nil {
		return err
	}
	b.add("store.append_events_per_second", "events/s", float64(count)/time.Since(start).Seconds())
	return nil
}
