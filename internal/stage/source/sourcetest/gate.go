package sourcetest

import (
	"context"
	"sync"

	"warder/internal/exchange"
	"warder/internal/flow"
)

// Gate is a publisher that a test can close: then publishing waits, or fails.
type Gate struct {
	to exchange.Publisher[flow.RawBatch]

	mu   sync.Mutex
	shut chan struct{} // nil while open
	err  error
	held int // calls that wait
}

// Shut makes Publish wait until Open.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

// Open lets everything through again, or fails it with err until called with nil.
func (g *Gate) Open(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
	if g.shut != nil {
		close(g.shut)
		g.shut = nil
	}
}

// Held tells whether a call waits at the gate.
func (g *Gate) Held() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut != nil && g.held > 0
}

// Publish implements exchange.Publisher.
func (g *Gate) Publish(ctx context.Context, key string, values ...flow.RawBatch) (uint64, error) {
	g.mu.Lock()
	shut := g.shut
	g.held++
	g.mu.Unlock()
	if shut != nil {
		<-shut
	}
	g.mu.Lock()
	g.held--
	err := g.err
	g.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return g.to.Publish(ctx, key, values...)
}
