package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// demo loads demo data and removes it again.
type demo struct {
	house *house
	show  *show      // nil unless this is a throw-away demo
	busy  sync.Mutex // one loading or removal at a time
}

// Routes load and remove demo data.
func (d *demo) Routes() []module.Route {
	op := func(id, summary string) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "demo", Permission: module.ManageInstance}
	}
	return []module.Route{
		module.Handle("POST", "/demo", op("load-demo", "Load the reference hospital into an empty instance"),
			func(ctx context.Context, _ *module.None) (*module.None, error) { return nil, d.load(ctx) }),
		module.Handle("DELETE", "/demo", op("remove-demo", "Remove the demo hospital and everything that came of it"),
			func(ctx context.Context, _ *module.None) (*module.None, error) { return nil, d.remove(ctx) }),
	}
}

func (d *demo) load(ctx context.Context) error {
	d.busy.Lock()
	defer d.busy.Unlock()
	model, err := shipped(d.house.content, reference)
	if err != nil {
		return err
	}
	_, err = d.house.hospital.Import(ctx, model, module.Caller(ctx))
	return err
}

// Bounds of a removal.
const (
	arriveTime = 5 * time.Second  // for what was sent to arrive
	workTime   = 60 * time.Second // for what arrived to be worked off
	emptyTime  = 60 * time.Second // for the modules to empty themselves
)

// remove takes out the demo hospital and everything that came of it. It is
// refused when the hospital is a real one. Repeated after a failure it finishes
// what it began, because the hospital goes last.
func (d *demo) remove(ctx context.Context) error {
	d.busy.Lock()
	defer d.busy.Unlock()
	h := d.house
	if !h.hospital.Snapshot().Demo() {
		return fault.New(fault.Conflict, "There is no demo data: the hospital model here is not a demo.")
	}
	if d.show != nil {
		d.show.stop()
	}
	if err := h.exercises.Rest(ctx); err != nil {
		return err
	}
	// What they sent last must not arrive after the removal. Others may send
	// without a pause, so this is not waited for at any price.
	if err := h.settle(ctx, arriveTime); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	open, err := h.raw.shut(ctx)
	if err != nil {
		return err
	}
	defer open()
	if err := h.settle(ctx, workTime); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Cause: err, RetryAfter: 10 * time.Second,
			Sentence: "Warder is still working on what came in; nothing was removed. Try again in a moment."}
	}
	// From here on it goes to the end, also without the one who asked for it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), emptyTime)
	defer cancel()
	return h.empty(ctx)
}

// empty removes what every module keeps, then the demo hospital, and tells those
// who look on to begin afresh.
func (h *house) empty(ctx context.Context) error {
	if err := h.counter.Forget(ctx); err != nil {
		return fmt.Errorf("remove the demo data of counting: %w", err)
	}
	for _, m := range h.modules() {
		if e, ok := m.(module.Emptier); ok {
			if err := e.Empty(ctx); err != nil {
				return fmt.Errorf("remove the demo data of %s: %w", m.Manifest().Name, err)
			}
		}
	}
	if err := h.hospital.RemoveDemo(ctx); err != nil {
		return err
	}
	_, err := h.topics.changes.Publish(ctx, "demo", flow.Change{Kind: "reset", ID: "demo"})
	return err
}

// gate is the way of raw records onto their topic. While it is shut they wait in
// the intake, within the intake's bounds.
type gate struct {
	to   exchange.Publisher[flow.RawBatch]
	turn chan struct{} // holds a token while somebody publishes, or it is shut
}

func newGate(to exchange.Publisher[flow.RawBatch]) *gate {
	return &gate{to: to, turn: make(chan struct{}, 1)}
}

// Publish is the publisher's, once the gate is open.
func (g *gate) Publish(ctx context.Context, key string, batches ...flow.RawBatch) (uint64, error) {
	open, err := g.shut(ctx)
	if err != nil {
		return 0, err
	}
	defer open()
	return g.to.Publish(ctx, key, batches...)
}

// shut waits for its turn and keeps everybody else out until open is called.
func (g *gate) shut(ctx context.Context) (open func(), err error) {
	select {
	case g.turn <- struct{}{}:
		return func() { <-g.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait at the gate of raw records: %w", ctx.Err())
	}
}
