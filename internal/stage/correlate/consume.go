package correlate

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

// together runs tasks until all have returned; the first failure ends the others.
func together(ctx context.Context, tasks ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, task := range tasks {
		g.Go(func() error { return task(ctx) })
	}
	return g.Wait()
}

func (m *Module) takeAlerts() exchange.Subscription[flow.Alert] {
	return subscription(m, m.alerts.Name(), func(ctx context.Context, u *unit, a flow.Alert) error {
		k := correlator{limits: m.limits, model: u.model, now: u.now}
		return k.take(ctx, u, a)
	})
}

// subscription handles a batch in one transaction with the topic's cursor.
func subscription[T any](m *Module, topic string, take func(context.Context, *unit, T) error) exchange.Subscription[T] {
	return exchange.Subscription[T]{
		Consumer: "correlate",
		Start:    func(ctx context.Context) (uint64, error) { return m.space.Cursor(ctx, topic) },
		Handle: func(ctx context.Context, batch []exchange.Delivery[T]) error {
			return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				u := newUnit(tx, m.model.Snapshot(), m.now())
				for _, d := range batch {
					if err := take(ctx, u, d.Value); err != nil {
						return fmt.Errorf("topic %s, message %d: %w", topic, d.Offset, err)
					}
				}
				if err := u.finish(ctx); err != nil {
					return err
				}
				return tx.SetCursor(ctx, topic, batch[len(batch)-1].Offset)
			})
		},
	}
}

func (m *Module) takeImpacts() exchange.Subscription[flow.Assessment] {
	return subscription(m, m.impacts.Name(), func(ctx context.Context, u *unit, a flow.Assessment) error {
		return u.look(ctx, a)
	})
}

func (m *Module) takeEntries() exchange.Subscription[flow.TimelineEntry] {
	return subscription(m, m.timeline.Name(), func(ctx context.Context, u *unit, e flow.TimelineEntry) error {
		return u.write(ctx, e)
	})
}

// forgotten is how old a quiet alert becomes before no incident takes it up any
// more. It stays listed.
const forgotten = 7 * 24 * time.Hour

// prune keeps the index of waiting alerts small.
func (m *Module) prune(ctx context.Context) error {
	before := store.Micros(m.now().Add(-forgotten))
	var old int
	err := m.space.QueryRowContext(ctx, `SELECT count(*) FROM correlate_waiting WHERE happened < $1`, before).Scan(&old)
	if err != nil || old == 0 {
		return m.space.Fault("look for old waiting alerts", err)
	}
	return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM correlate_waiting WHERE happened < $1`, before)
		return err
	})
}

// endShelvings brings shelved incidents back when their time is over.
func (m *Module) endShelvings(ctx context.Context) error {
	for {
		if err := m.prune(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		next, err := m.unshelveDue(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		// Wall clocks jump; looking at least once a minute bounds what that costs.
		timer := time.NewTimer(min(next, time.Minute))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-m.shelf:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (m *Module) wakeShelf() {
	select {
	case m.shelf <- struct{}{}:
	default:
	}
}

// unshelveDue unshelves what is due, and tells how long until the next is.
func (m *Module) unshelveDue(ctx context.Context) (next time.Duration, err error) {
	now := m.now()
	var due []string
	next = time.Hour
	err = each(ctx, m.space, `SELECT id, shelved FROM correlate_incident WHERE shelved > 0 ORDER BY shelved LIMIT 100`, nil, func(scan func(...any) error) error {
		var incident string
		var until int64
		if err := scan(&incident, &until); err != nil {
			return err
		}
		if left := store.FromMicros(until).Sub(now); left <= 0 {
			due = append(due, incident)
		} else {
			next = min(next, left)
		}
		return nil
	})
	for _, incident := range due {
		if err != nil {
			break
		}
		_, err = m.perform(ctx, act{incident: incident, name: "unshelve", aside: true, do: func(_ context.Context, _ *unit, c *Case, _ module.Principal) error {
			c.Incident.Shelved = nil
			return nil
		}})
	}
	return next, err
}
