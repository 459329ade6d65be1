package source

import (
	"context"

	"warder/internal/store"
)

// loadFailures fills in the newest failures of each source, and lets those of
// sources go that are no longer configured: nobody could look at them.
func (m *Module) loadFailures(ctx context.Context) error {
	gone, err := m.readFailures(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	return m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM source_failure WHERE source = $1`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *Module) readFailures(ctx context.Context) (gone []string, err error) {
	rows, err := m.d.Space.QueryContext(ctx,
		`SELECT source, number, time, error, raw, peer FROM source_failure ORDER BY source, number`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var number, at int64
		var one Failure
		if err := rows.Scan(&id, &number, &at, &one.Error, &one.Raw, &one.Peer); err != nil {
			return nil, m.d.Space.Fault("read an unreadable record", err)
		}
		f := m.byID[id]
		if f == nil {
			if len(gone) == 0 || gone[len(gone)-1] != id {
				gone = append(gone, id)
			}
			continue
		}
		one.Time = store.FromMicros(at)
		f.meter.failures.put(number, one)
		f.watch.savedFailures = number + 1
	}
	return gone, m.d.Space.Fault("read the unreadable records", rows.Err())
}

func writeFailure(ctx context.Context, tx *store.Tx, source string, number int64, one Failure) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO source_failure (source, slot, number, time, error, raw, peer)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (source, slot) DO UPDATE SET number = excluded.number, time = excluded.time,
			error = excluded.error, raw = excluded.raw, peer = excluded.peer`,
		source, number%failureKept, number, one.Time.UnixMicro(), one.Error, one.Raw, one.Peer)
	return err
}
