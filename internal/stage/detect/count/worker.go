package count

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// One delivery of hits to a partition.
const (
	batchHits  = 1000
	batchBytes = 1 << 20
)

// worker counts the hits of one partition.
type worker struct {
	consumer *Consumer
	topic    exchange.Topic[flow.Hit]

	mu     sync.Mutex // between the hits, the clock and the rules
	state  *partition
	taken  uint64       // offset that the state was reached at
	alerts []flow.Alert // raised, not yet published
	hits   []flow.Hit   // for those that count what was raised, not yet published
	size   int          // bytes of the state when it was saved last
	saved  time.Time

	// For others to read.
	counted, keptAt atomic.Uint64
	shown           atomic.Pointer[Stats]
}

func (w *worker) run(ctx context.Context) error {
	return exchange.Consume(ctx, w.topic, exchange.Subscription[flow.Hit]{
		Consumer: ConsumerName, Start: w.start, Handle: w.handle, Batch: batchHits, Bytes: batchBytes,
	}, w.consumer.Logger)
}

// start takes up the state with the offset that it belongs to.
func (w *worker) start(ctx context.Context) (uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	cp, err := w.consumer.Log.Checkpoint(ctx, w.topic.Name(), ConsumerName)
	if err != nil && !errors.Is(err, exchange.ErrDamaged) {
		return 0, fmt.Errorf("read the checkpoint of counting: %w", err)
	}
	w.state = w.fresh()
	if err == nil {
		err = w.state.load(cp.State)
	}
	if err != nil {
		// What was counted is lost, what comes is not: better than standing still.
		w.consumer.Logger.Error("counting begins anew", "topic", w.topic.Name(), "error", err)
		w.state = w.fresh()
	}
	w.taken, w.size, w.alerts, w.hits = cp.Offset, len(cp.State), nil, nil
	w.counted.Store(cp.Offset)
	w.keptAt.Store(cp.Offset)
	w.show()
	return cp.Offset, nil
}

func (w *worker) fresh() *partition {
	return newPartition(w.consumer.plan.Load(), w.consumer.Memory/int64(len(w.consumer.workers)))
}

func (w *worker) handle(ctx context.Context, batch []exchange.Delivery[flow.Hit]) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	forgotten := w.state.stats.Forgotten
	for i := range batch {
		// A batch that comes again after a failure was counted already.
		if batch[i].Offset > w.taken {
			w.count(&batch[i].Value)
			w.taken = batch[i].Offset
		}
	}
	w.show()
	if w.state.stats.Forgotten > forgotten {
		w.consumer.crowded()
	}
	if err := w.publish(ctx); err != nil {
		return err
	}
	return w.save(ctx)
}

func (w *worker) count(hit *flow.Hit) {
	f := w.state.take(hit)
	if f == nil {
		return
	}
	told := f.tell(w.consumer.Judge, w.state.plan.dispatch)
	// The hits of other kinds of rules were counted when they were found.
	if told.rule != nil && told.rule.Kind == detect.KindCorrelation {
		w.consumer.Board.Hit(told.rule, f.events[len(f.events)-1].Received)
	}
	if told.alert != nil {
		w.alerts = append(w.alerts, *told.alert)
	}
	w.hits = append(w.hits, told.hits...)
}

// publish sends what was raised; what fails is sent again with the next try.
func (w *worker) publish(ctx context.Context) error {
	if len(w.hits) > 0 {
		if err := w.consumer.out.Publish(ctx, w.hits); err != nil {
			return err
		}
		w.hits = nil
	}
	if len(w.alerts) > 0 {
		if _, err := w.consumer.Alerts.Publish(ctx, "", w.alerts...); err != nil {
			return fmt.Errorf("publish alerts: %w", err)
		}
		w.alerts = nil
	}
	w.counted.Store(w.taken)
	return nil
}

// A small state is saved after every batch, a larger one so seldom that saving
// writes no more than about saveRate, but at least every longestUnsaved. A crash
// in between counts the hits since again, which raises the same alerts.
const (
	smallState     = 4 << 10   // bytes
	saveRate       = 128 << 10 // bytes of a partition in a second
	longestUnsaved = time.Minute
)

func (w *worker) due() bool {
	if w.size <= smallState {
		return true
	}
	pause := min(time.Duration(w.size)*time.Second/saveRate, longestUnsaved)
	return w.consumer.Now().Sub(w.saved) >= pause
}

// save keeps the state with its offset if it is time. A large state waits for
// the next occasion while another one is being saved.
func (w *worker) save(ctx context.Context) error {
	if !w.due() {
		return nil
	}
	if w.size > smallState {
		if !w.consumer.large.TryLock() {
			return nil
		}
		defer w.consumer.large.Unlock()
	}
	return w.keep(ctx)
}

func (w *worker) keep(ctx context.Context) error {
	state := w.state.save()
	cp := exchange.Checkpoint{Offset: w.taken, State: state}
	if err := w.consumer.Log.Save(ctx, w.topic.Name(), ConsumerName, cp); err != nil {
		return fmt.Errorf("keep the checkpoint of counting: %w", err)
	}
	w.size, w.saved = len(state), w.consumer.Now()
	w.keptAt.Store(w.taken)
	return nil
}

// unsaved tells whether there is anything to save, and nothing that must be
// published before.
func (w *worker) unsaved() bool {
	return w.state != nil && w.taken > w.keptAt.Load() && len(w.alerts) == 0 && len(w.hits) == 0
}

// keepUp saves a state that no further hit would save.
func (w *worker) keepUp(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.unsaved() {
		w.warn(w.save(ctx))
	}
}

// finish saves what is left at the end.
func (w *worker) finish(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.unsaved() {
		w.warn(w.keep(ctx))
	}
}

func (w *worker) warn(err error) {
	if err != nil {
		w.consumer.Logger.Warn("a state of counting is not saved; it is tried again", "topic", w.topic.Name(), "error", err)
	}
}

func (w *worker) swap(next *plan) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state != nil && w.state.plan != next {
		w.state.swap(next)
		w.show()
	}
}

func (w *worker) forget(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == nil {
		return nil // it has not begun yet
	}
	w.state, w.alerts, w.hits = w.fresh(), nil, nil
	w.counted.Store(w.taken)
	w.show()
	return w.keep(ctx)
}

func (w *worker) show() {
	s := w.state.stats
	w.shown.Store(&s)
}

func (w *worker) stats() Stats {
	if s := w.shown.Load(); s != nil {
		return *s
	}
	return Stats{}
}
