package impact

import (
	"context"
	"encoding/json"
	"slices"

	"warder/internal/flow"
	"warder/internal/store"
)

// kept is how many assessments of one incident are kept.
const kept = 100

// keep writes an assessment as the incident's newest version, and returns its
// size in bytes. Older ones keep everything but the paths of single assets.
func (u *unit) keep(ctx context.Context, a *flow.Assessment) (size int, err error) {
	whole, err := json.Marshal(a)
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(slim(*a))
	if err != nil {
		return 0, err
	}
	var version int64
	err = u.tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) + 1 FROM impact_assessment WHERE incident = $1`, a.Incident).Scan(&version)
	if err != nil {
		return 0, err
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO impact_assessment (incident, version, computed, body, whole) VALUES ($1, $2, $3, $4, $5)`,
		a.Incident, version, store.Micros(u.at), string(body), string(whole))
	if err != nil {
		return 0, err
	}
	if _, err = u.tx.ExecContext(ctx, `UPDATE impact_assessment SET whole = '' WHERE incident = $1 AND version = $2`, a.Incident, version-1); err != nil {
		return 0, err
	}
	_, err = u.tx.ExecContext(ctx, `DELETE FROM impact_assessment WHERE incident = $1 AND version <= $2`, a.Incident, version-kept)
	return len(whole), err
}

// slim leaves the paths of single assets out of what travels to the next steps
// and of what is history: they are most of an assessment's bytes. Those of care
// services stay.
func slim(a flow.Assessment) flow.Assessment {
	a.Impacts = slices.Clone(a.Impacts)
	for i := range a.Impacts {
		a.Impacts[i].Path = nil
	}
	return a
}

// bodies reads a column of JSON.
func bodies[T any](ctx context.Context, r store.Reader, query string, args ...any) ([]T, error) {
	raw, err := texts(ctx, r, query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(raw))
	for i, body := range raw {
		if err := json.Unmarshal([]byte(body), &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func texts(ctx context.Context, r store.Reader, query string, args ...any) ([]string, error) {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
