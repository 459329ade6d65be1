package events

import (
	"context"
	"sync"
	"time"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// counter is told of every event that meets a query: of those in memory one by
// one, of those in segments by row groups, several at the same time.
type counter interface {
	event(e *flow.Event)
	rows(g *group, m mask) error
}

// tally shows every event that meets a query to a counter, the newest segments
// first.
func (s *Store) tally(ctx context.Context, q Query, damaged *int, cut **Cut, c counter) error {
	n, err := query.Parse(q.Text)
	if err != nil {
		return err
	}
	v, err := s.view()
	if err != nil {
		return err
	}
	defer v.release()
	sc := &scan{view: v, query: n, window: newWindow(q.From, q.To), budget: q.Budget, began: time.Now()}
	found, _ := v.inMemory(n, sc.window)
	for _, e := range found {
		c.event(e)
	}
	err = sc.each(ctx, func(int64) bool { return true }, func(_ *segment, g *group, m mask) error { return c.rows(g, m) })
	*damaged, *cut = sc.damaged, sc.cut
	return err
}

// Count returns how many events meet a query; Limit and Cursor do not matter.
// When damaged segments may hold more, the answer is too small: Check tells.
func (s *Store) Count(ctx context.Context, q Query) (int, error) {
	var c sum
	var damaged int
	var cut *Cut
	err := s.tally(ctx, q, &damaged, &cut, &c)
	return c.n, err
}

// sum counts and nothing else.
type sum struct {
	mu sync.Mutex
	n  int
}

func (c *sum) event(*flow.Event) { c.n++ }

func (c *sum) rows(_ *group, m mask) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += m.count()
	return nil
}
