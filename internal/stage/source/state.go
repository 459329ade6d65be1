package source

import (
	"context"
	"time"

	"warder/internal/store"
)

// loadStates fills in when each source spoke last, and what was announced.
func (m *Module) loadStates(ctx context.Context) error {
	rows, err := m.d.Space.QueryContext(ctx, `SELECT id, last, silent FROM source_state`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var last, silent int64
		if err := rows.Scan(&id, &last, &silent); err != nil {
			return m.d.Space.Fault("read the state of a source", err)
		}
		if f := m.byID[id]; f != nil {
			f.meter.last.Store(last)
			f.watch.silent.Store(silent)
			f.watch.saved = savedState{last, silent}
		}
	}
	return m.d.Space.Fault("read the states of sources", rows.Err())
}

// savedState is what the database holds of a source.
type savedState struct{ last, silent int64 }

// saveStates writes what changed, in one transaction.
func (m *Module) saveStates(ctx context.Context) error {
	changed := map[*feed]savedState{}
	for _, f := range m.feeds {
		if now := (savedState{f.meter.last.Load(), f.watch.silent.Load()}); now != f.watch.saved {
			changed[f] = now
		}
	}
	if len(changed) == 0 {
		return nil
	}
	err := m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, f := range m.feeds { // in one order, so that transactions do not cross
			s, some := changed[f]
			if !some {
				continue
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO source_state (id, last, silent) VALUES ($1, $2, $3)
				ON CONFLICT (id) DO UPDATE SET last = excluded.last, silent = excluded.silent`, f.inlet.source.ID, s.last, s.silent)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for f, s := range changed {
		f.watch.saved = s
	}
	return nil
}

func fromMicros(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := store.FromMicros(us)
	return &t
}
