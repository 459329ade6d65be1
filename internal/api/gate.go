package api

import (
	"sync"
	"time"

	"warder/internal/kit/fault"
)

// gate slows down guessing: after a few wrong passwords a name must wait, longer
// each time. It never locks anybody out for good, which would let an attacker
// keep the staff out.
type gate struct {
	mu    sync.Mutex
	now   func() time.Time
	tries map[string]*tries
	decoy string // the hash that is checked for unknown names
}

type tries struct {
	wrong int
	until time.Time
}

const (
	freeTries   = 5
	longestWait = time.Minute
	mostNames   = 10_000
)

func newGate(now func() time.Time) *gate {
	return &gate{now: now, tries: map[string]*tries{}, decoy: hashPassword(newSecret())}
}

func (g *gate) enter(name string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tries[name]
	if t == nil || !g.now().Before(t.until) {
		return nil
	}
	wait := t.until.Sub(g.now())
	return &fault.Error{Kind: fault.Busy, RetryAfter: wait,
		Sentence: "There were several wrong passwords for this name. Try again in a moment, or use a sign-in link."}
}

func (g *gate) failed(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.tries) >= mostNames {
		g.tries = map[string]*tries{} // somebody is trying many names: memory stays bounded
	}
	t := g.tries[name]
	if t == nil {
		t = &tries{}
		g.tries[name] = t
	}
	t.wrong++
	if over := t.wrong - freeTries; over >= 0 {
		t.until = g.now().Add(min(longestWait, time.Second<<min(over, 6)))
	}
}

func (g *gate) passed(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.tries, name)
}
