package measure

import (
	"context"
	"sync"
	"time"
)

// pace bounds what senders at the same time send together; nil bounds nothing.
type pace struct {
	perSecond int   // 0: as fast as they are let
	most      int64 // 0: until the context ends

	mu    sync.Mutex
	sent  int64
	began time.Time
}

// next waits until n more records may go; false when no more may.
func (p *pace) next(ctx context.Context, n int) bool {
	if ctx.Err() != nil {
		return false
	}
	if p == nil {
		return true
	}
	p.mu.Lock()
	if p.began.IsZero() {
		p.began = time.Now()
	}
	if p.most > 0 && p.sent >= p.most {
		p.mu.Unlock()
		return false
	}
	p.sent += int64(n)
	var wait time.Duration
	if p.perSecond > 0 {
		wait = time.Until(p.began.Add(time.Duration(p.sent) * time.Second / time.Duration(p.perSecond)))
	}
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}
