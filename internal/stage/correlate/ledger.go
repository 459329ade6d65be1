package correlate

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/store"
)

var _ book = (*unit)(nil)

func (u *unit) known(ctx context.Context, alert string) (bool, error) {
	var one int
	err := u.tx.QueryRowContext(ctx, `SELECT 1 FROM correlate_alert WHERE id = $1`, alert).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// chunk is how many keys one query looks for.
const chunk = 200

func (u *unit) sharing(ctx context.Context, exercise string, keys []string, from, to time.Time) ([]found, error) {
	hits := map[string][]string{} // incident -> keys
	for part := range slices.Chunk(keys, chunk) {
		args := []any{exercise, store.Micros(from), store.Micros(to)}
		query := `SELECT t.incident, t.trace FROM correlate_trace t JOIN correlate_incident i ON i.id = t.incident
			WHERE i.exercise = $1 AND i.is_open AND i.last_alert >= $2 AND i.first_alert <= $3
			AND t.trace IN (` + places(&args, part) + `)`
		err := each(ctx, u.tx, query, args, func(scan func(...any) error) error {
			var incident, trace string
			if err := scan(&incident, &trace); err != nil {
				return err
			}
			hits[incident] = append(hits[incident], trace)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for incidents that an alert may join: %w", err)
		}
	}
	var out []found
	for _, incident := range slices.Sorted(maps.Keys(hits)) {
		c, err := u.load(ctx, incident)
		if err != nil {
			return nil, err
		}
		out = append(out, found{c, hits[incident]})
	}
	return out, nil
}

// most is how many waiting alerts are taken up at once.
const most = 100

func (u *unit) loose(ctx context.Context, exercise string, keys []string, from, to time.Time) ([]flow.Alert, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	waiting, err := u.waiting(ctx, keys[:min(len(keys), chunk)], from, to)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	args := []any{exercise}
	query := `SELECT body FROM correlate_alert WHERE exercise = $1 AND id IN (` + places(&args, waiting) + `) ORDER BY happened, id`
	var out []flow.Alert
	err = each(ctx, u.tx, query, args, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		var j flow.Join
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			return err
		}
		out = append(out, j.Alert)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read waiting alerts: %w", err)
	}
	return out, nil
}

// waiting lists the ids of waiting alerts, each once, oldest first. It is asked
// for nearly every alert and mostly finds none, so it looks at one index only.
func (u *unit) waiting(ctx context.Context, keys []string, from, to time.Time) ([]string, error) {
	args := []any{store.Micros(from), store.Micros(to), most}
	query := `SELECT alert FROM correlate_waiting WHERE happened BETWEEN $1 AND $2 AND trace IN (` + places(&args, keys) + `)
		ORDER BY happened, alert LIMIT $3`
	var out []string
	err := each(ctx, u.tx, query, args, func(scan func(...any) error) error {
		var alert string
		if err := scan(&alert); err != nil {
			return err
		}
		out = append(out, alert)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for waiting alerts: %w", err)
	}
	return slices.Compact(out), nil
}

func (u *unit) open(ctx context.Context, c *Case) error {
	var last int64
	if err := u.tx.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM correlate_incident`).Scan(&last); err != nil {
		return fmt.Errorf("number an incident: %w", err)
	}
	c.Incident.Number = last + 1
	c.Incident.Updated = u.now
	u.cases[c.Incident.ID] = c
	u.touch(c, "opened", "", true)
	return u.save(ctx, c) // so that the next alert of this transaction finds it
}

func (u *unit) attach(ctx context.Context, c *Case, j flow.Join, traces []string) error {
	if err := u.keep(ctx, c.Incident.ID, j); err != nil {
		return err
	}
	if _, err := u.tx.ExecContext(ctx, `DELETE FROM correlate_waiting WHERE alert = $1`, j.Alert.ID); err != nil {
		return fmt.Errorf("keep alert %s: %w", j.Alert.ID, err)
	}
	if err := u.trace(ctx, c.Incident.ID, traces); err != nil {
		return err
	}
	// The window moves at once, for the next alert of this transaction.
	_, err := u.tx.ExecContext(ctx, `UPDATE correlate_incident SET first_alert = $2, last_alert = $3 WHERE id = $1`,
		c.Incident.ID, store.Micros(c.First.Time), store.Micros(c.Incident.LastAlert))
	if err != nil {
		return fmt.Errorf("keep alert %s: %w", j.Alert.ID, err)
	}
	u.touch(c, "joined", "", true)
	e := u.entry(c, "alert", j.Alert.Text, j.Alert.ID)
	e.Time, e.Severity, e.Alert = j.Alert.Time, j.Alert.Severity, j.Alert.ID
	if hit := threatened(u.model, &j.Alert); len(hit) > 0 {
		e.Asset = hit[0]
	}
	return u.write(ctx, e)
}

func (u *unit) keep(ctx context.Context, incident string, j flow.Join) error {
	body, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("keep alert %s: %w", j.Alert.ID, err)
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO correlate_alert (id, incident, exercise, happened, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, body = excluded.body`,
		j.Alert.ID, incident, j.Alert.Exercise, store.Micros(j.Alert.Time), string(body))
	if err != nil {
		return fmt.Errorf("keep alert %s: %w", j.Alert.ID, err)
	}
	return nil
}

func (u *unit) trace(ctx context.Context, incident string, traces []string) error {
	for _, t := range traces {
		_, err := u.tx.ExecContext(ctx, `INSERT INTO correlate_trace (trace, incident) VALUES ($1, $2) ON CONFLICT DO NOTHING`, t, incident)
		if err != nil {
			return fmt.Errorf("index incident %s: %w", incident, err)
		}
	}
	return nil
}

func (u *unit) detach(ctx context.Context, a flow.Alert, keys []string) error {
	if err := u.keep(ctx, "", flow.Join{Alert: a, At: u.now}); err != nil {
		return err
	}
	for _, k := range keys {
		_, err := u.tx.ExecContext(ctx, `INSERT INTO correlate_waiting (trace, alert, happened) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			k, a.ID, store.Micros(a.Time))
		if err != nil {
			return fmt.Errorf("keep alert %s: %w", a.ID, err)
		}
	}
	return nil
}

// places adds values to the arguments and returns their placeholders.
func places(args *[]any, values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, v)
		marks[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(marks, ", ")
}

// each runs a query and hands every row to fn.
func each(ctx context.Context, r store.Reader, query string, args []any, fn func(scan func(...any) error) error) error {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
