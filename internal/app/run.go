package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warder/internal/kit/supervise"
)

const (
	// stopTime is how long requests may take to end when Warder stops.
	stopTime = 5 * time.Second
	// longestStop bounds the whole stop. Service managers give up after 90 s.
	longestStop = 45 * time.Second
)

// Run serves until ctx ends, then stops along the way: who sends, the entrances,
// the intake, and each step after the one that feeds it. So nothing that was let
// in is refused further on. What a step has not worked off waits on its topic for
// the next start.
func (a *App) Run(ctx context.Context) error {
	waves := a.waves()
	running := make([]*supervise.Group, len(waves))
	for i, wave := range slices.Backward(waves) { // nobody sends before somebody takes
		running[i] = supervise.NewGroup(context.WithoutCancel(ctx), a.house.log)
		for _, s := range wave {
			running[i].Go(s.does, s.run)
		}
	}
	<-ctx.Done()
	a.house.log.Info("Warder stops: it finishes what is under way")
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestStop)
	defer cancel()
	for i, wave := range waves {
		if err := stop(limit, running[i]); err != nil {
			return fmt.Errorf("stop before the end of %q: %w", wave[0].does, err)
		}
	}
	return nil
}

// waves are the parts that run, in the order in which they stop.
func (a *App) waves() [][]step {
	way := a.house.way() // it begins with the listeners
	waves := [][]step{
		a.house.players(),
		{{"serve console and API", a.serve, "outside", "the intake"}, way[0]},
	}
	for _, s := range way[1:] {
		waves = append(waves, []step{s})
	}
	return append(waves, a.house.beside())
}

// stop ends the tasks of a group and waits for them until limit ends.
func stop(limit context.Context, g *supervise.Group) error {
	ended := make(chan struct{})
	go func() {
		g.Stop()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-limit.Done():
		return limit.Err()
	}
}

func (a *App) serve(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() {
		if a.server.TLSConfig != nil {
			ended <- a.server.ServeTLS(a.listener, "", "")
		} else {
			ended <- a.server.Serve(a.listener)
		}
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("serve console and API: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := a.server.Shutdown(stop); err != nil {
		_ = a.server.Close()
	}
	<-ended
	return nil
}
