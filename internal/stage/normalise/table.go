package normalise

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/store"
)

// keep adds sightings to the table, and makes room when it is full.
func (m *Module) keep(ctx context.Context, list map[flow.Identifier]*sighting) error {
	// One order for all writers, so that two transactions never wait for each other.
	ordered := slices.SortedFunc(maps.Values(list), func(a, b *sighting) int { return cmp.Compare(a.key(), b.key()) })
	return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, s := range ordered {
			if err := upsert(ctx, tx, s); err != nil {
				return err
			}
		}
		return makeRoom(ctx, tx)
	})
}

func upsert(ctx context.Context, tx *store.Tx, s *sighting) error {
	key := s.key()
	result, err := tx.ExecContext(ctx, `UPDATE normalise_unknown
		SET last_seen = $2, times = times + $3, source = $4, example = $5 WHERE id = $1`,
		key, store.Micros(s.last), s.times, s.source, s.example)
	if err != nil {
		return fmt.Errorf("note an unknown asset: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO normalise_unknown
		(id, kind, value, state, first_seen, last_seen, times, source, example, asset)
		VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, '')`,
		key, string(s.id.Kind), s.id.Value, store.Micros(s.first), store.Micros(s.last), s.times, s.source, s.example)
	if err != nil {
		return fmt.Errorf("note an unknown asset: %w", err)
	}
	tx.Emit("change", key, flow.Change{Kind: "unknown-asset", ID: key})
	return nil
}

// makeRoom deletes the open rows beyond the bound: those seen least often, of
// these the oldest.
func makeRoom(ctx context.Context, tx *store.Tx) error {
	var open int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM normalise_unknown WHERE state = 'open'`).Scan(&open); err != nil {
		return fmt.Errorf("count unknown assets: %w", err)
	}
	if open <= MaxUnknown {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM normalise_unknown WHERE id IN (
		SELECT id FROM normalise_unknown WHERE state = 'open' ORDER BY times, last_seen, id LIMIT $1)`, open-MaxUnknown)
	if err != nil {
		return fmt.Errorf("make room for unknown assets: %w", err)
	}
	return nil
}

// dropKnown removes the open rows whose identifiers the model has learnt.
func (m *Module) dropKnown(ctx context.Context, snap *hospital.Snapshot) error {
	rows, err := m.rows(ctx, `WHERE state = 'open'`)
	if err != nil {
		return err
	}
	var known []string
	for _, r := range rows {
		if _, ok := snap.Resolve(flow.Identifier{Kind: r.Kind, Value: r.Value}); ok {
			known = append(known, r.ID)
		}
	}
	if len(known) == 0 {
		return nil
	}
	return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range known {
			if _, err := tx.ExecContext(ctx, `DELETE FROM normalise_unknown WHERE id = $1`, id); err != nil {
				return fmt.Errorf("remove a known asset: %w", err)
			}
			tx.Emit("change", id, flow.Change{Kind: "unknown-asset", ID: id})
		}
		return nil
	})
}

// rows reads rows; tail is everything after FROM.
func (m *Module) rows(ctx context.Context, tail string, args ...any) ([]UnknownAsset, error) {
	rows, err := m.space.QueryContext(ctx, `SELECT id, kind, value, state, first_seen, last_seen, times, source, example, asset
		FROM normalise_unknown `+tail, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []UnknownAsset
	for rows.Next() {
		var u UnknownAsset
		var first, last int64
		if err := rows.Scan(&u.ID, &u.Kind, &u.Value, &u.State, &first, &last, &u.Count, &u.Source, &u.Example, &u.Asset); err != nil {
			return nil, m.space.Fault("read unknown assets", err)
		}
		u.FirstSeen, u.LastSeen = store.FromMicros(first), store.FromMicros(last)
		list = append(list, u)
	}
	return list, m.space.Fault("read unknown assets", rows.Err())
}
