package events

import (
	"context"
	"sync"
	"time"

	"warder/internal/kit/fault"
)

// What questions may take, so that no page holds up the others and none of them
// what takes events in. How many row groups are worked at in the same moment is
// the store's own bound.
const (
	longestSearch  = 60 * time.Second // of one question; what was found until then is the answer
	mostRead       = 8 << 30          // bytes of columns, unpacked, for one question
	searchesEach   = 3                // at the same time, of one person or program
	searchesAll    = 12               // at the same time, of all of them
	waitingEach    = 6                // more of one person wait for their turn
	longestWaiting = 10 * time.Second
)

// limiter admits questions.
type limiter struct {
	all  chan struct{}
	mu   sync.Mutex
	each map[string]*turn
}

// turn is what one person or program asks in this moment.
type turn struct {
	running chan struct{}
	asked   int // running and waiting
}

func newLimiter() *limiter {
	return &limiter{all: make(chan struct{}, searchesAll), each: map[string]*turn{}}
}

// enter waits for a question's turn. When it is not refused, leave ends it.
func (l *limiter) enter(ctx context.Context, who string) (leave func(), err error) {
	t, err := l.queue(who)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(longestWaiting)
	defer timer.Stop()
	var taken []chan struct{}
	leave = func() {
		for _, c := range taken {
			<-c
		}
		l.gone(who, t)
	}
	for _, c := range []chan struct{}{t.running, l.all} {
		select {
		case c <- struct{}{}:
			taken = append(taken, c)
		case <-timer.C:
			leave()
			return nil, busy("other searches take long")
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		}
	}
	return leave, nil
}

func (l *limiter) queue(who string) (*turn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.each[who]
	if !ok {
		t = &turn{running: make(chan struct{}, searchesEach)}
		l.each[who] = t
	}
	if t.asked >= searchesEach+waitingEach {
		return nil, busy("so many searches of yours run and wait already")
	}
	t.asked++
	return t, nil
}

func (l *limiter) gone(who string, t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.asked--; t.asked == 0 {
		delete(l.each, who)
	}
}

func busy(why string) error {
	return &fault.Error{Kind: fault.Busy, RetryAfter: 2 * time.Second, Sentence: why + ": wait a moment, or end one of them"}
}
