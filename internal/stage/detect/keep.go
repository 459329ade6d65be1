package detect

import (
	"context"
	"fmt"

	"warder/internal/store"
)

// restore reads what was counted before.
func (m *Module) restore(ctx context.Context) error {
	found := map[string]*count{}
	err := m.rows(ctx, `SELECT rule, hits, excepted, last_hit FROM detect_rule`, nil, func(scan scanner) error {
		c, last := &count{}, int64(0)
		if err := scan(&c.rule, &c.hits, &c.excepted, &last); err != nil {
			return err
		}
		if last > 0 {
			c.last = store.FromMicros(last)
		}
		found[c.rule] = c
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the counts of rules: %w", err)
	}
	oldest := m.d.Board.day(m.d.Now()) - DaysKept
	err = m.rows(ctx, `SELECT rule, day, hits, excepted FROM detect_day WHERE day > $1`, []any{oldest}, func(scan scanner) error {
		var rule string
		var d dayTally
		if err := scan(&rule, &d.day, &d.hits, &d.excepted); err != nil {
			return err
		}
		if c := found[rule]; c != nil {
			c.days = append(c.days, d)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the daily counts of rules: %w", err)
	}
	list := make([]count, 0, len(found))
	for _, c := range found {
		list = append(list, *c)
	}
	m.d.Board.restore(list)
	return nil
}

type scanner func(to ...any) error

// rows gives each row of a query to a function.
func (m *Module) rows(ctx context.Context, query string, args []any, each func(scanner) error) error {
	rows, err := m.d.Space.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// keep writes the changed counts; what fails is written next time, with later
// hits, and the way does not wait for it.
func (m *Module) keep(ctx context.Context) {
	m.writing.Lock()
	defer m.writing.Unlock()
	changed := m.d.Board.take()
	swallowed := m.d.Settings.counted()
	if len(changed) == 0 && len(swallowed) == 0 {
		return
	}
	err := m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range changed {
			if err := keepCount(ctx, tx, c); err != nil {
				return err
			}
		}
		for _, s := range swallowed {
			_, err := tx.ExecContext(ctx, `UPDATE detect_exception SET hits = $1 WHERE id = $2`, s.hits, s.of.ID)
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM detect_day WHERE day <= $1`, m.d.Board.day(m.d.Now())-DaysKept)
		return err
	})
	if err != nil {
		m.d.Board.untake(changed)
		m.d.Log.Warn("the counts of rules could not be kept; this is tried again", "error", err)
		return
	}
	for _, s := range swallowed {
		s.of.kept.Store(s.hits)
	}
}

func keepCount(ctx context.Context, tx *store.Tx, c count) error {
	last := int64(0)
	if !c.last.IsZero() {
		last = store.Micros(c.last)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO detect_rule (rule, hits, excepted, last_hit) VALUES ($1, $2, $3, $4)
		ON CONFLICT (rule) DO UPDATE SET hits = excluded.hits, excepted = excluded.excepted, last_hit = excluded.last_hit`,
		c.rule, c.hits, c.excepted, last)
	if err != nil {
		return err
	}
	for _, d := range c.days {
		_, err := tx.ExecContext(ctx, `INSERT INTO detect_day (rule, day, hits, excepted) VALUES ($1, $2, $3, $4)
			ON CONFLICT (rule, day) DO UPDATE SET hits = excluded.hits, excepted = excluded.excepted`,
			c.rule, d.day, d.hits, d.excepted)
		if err != nil {
			return err
		}
	}
	return nil
}

// swallowing is how many matches an exception swallowed until now.
type swallowing struct {
	of   *excepting
	hits int64
}

// counted lists the exceptions whose counts are not kept yet.
func (s *Settings) counted() (list []swallowing) {
	for _, all := range s.current.Load().exceptions {
		for _, x := range all {
			if hits := x.hits.Load(); hits != x.kept.Load() {
				list = append(list, swallowing{x, hits})
			}
		}
	}
	return list
}
