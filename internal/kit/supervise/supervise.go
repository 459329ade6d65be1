// Package supervise owns goroutines: each has a name, each ends with the
// context, and one that fails is started again with a growing pause.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Group runs named tasks until its context ends. The zero value is not usable;
// make one with NewGroup. Wait returns when every task has returned.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	log    *slog.Logger
	wg     sync.WaitGroup
}

// NewGroup returns a group whose tasks end when ctx ends or Stop is called.
func NewGroup(ctx context.Context, log *slog.Logger) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel, log: log}
}

// Pauses between two starts of a task that fails: doubled from first to longest.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 30 * time.Second
)

// Go runs a task and starts it again when it fails or panics. A task that
// returns nil, or returns after the context has ended, is done.
func (g *Group) Go(name string, task func(context.Context) error) {
	g.wg.Go(func() {
		pause := firstPause
		for {
			began := time.Now()
			err := guarded(g.ctx, task)
			if err == nil || g.ctx.Err() != nil {
				return
			}
			if time.Since(began) > longestPause {
				pause = firstPause
			}
			g.log.Error("a task failed and will be started again", "task", name, "in", pause, "error", err)
			select {
			case <-g.ctx.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, longestPause)
		}
	})
}

// Stop ends the context of every task and waits for them.
func (g *Group) Stop() {
	g.cancel()
	g.wg.Wait()
}

func guarded(ctx context.Context, task func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return task(ctx)
}
