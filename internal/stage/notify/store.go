package notify

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
)

// States of a delivery.
const (
	waiting   = "waiting"
	delivered = "delivered"
	failed    = "failed"
)

// keep stores a notice; false says that it was there already.
func keep(ctx context.Context, tx *store.Tx, n *flow.Notice) (bool, error) {
	body, err := json.Marshal(n)
	if err != nil {
		return false, fmt.Errorf("keep notice %s: %w", n.ID, err)
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO notify_notice (id, seq, incident, channel, made, state, next_try, acked, urgent, body)
		SELECT $1, (SELECT coalesce(max(seq), 0) + 1 FROM notify_notice), $2, $3, $4, $5, $6, $7, $8, $9 WHERE true
		ON CONFLICT (id) DO NOTHING`,
		n.ID, n.Incident, n.Channel, store.Micros(n.Made), n.Delivery.State, next(n), n.Ack != nil, urgent(n.Severity), string(body))
	if err != nil {
		return false, fmt.Errorf("keep notice %s: %w", n.ID, err)
	}
	rows, err := r.RowsAffected()
	return rows > 0, err
}

// change writes a notice's new state, and tells about it.
func change(ctx context.Context, tx *store.Tx, n *flow.Notice) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("keep notice %s: %w", n.ID, err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE notify_notice SET state = $2, next_try = $3, acked = $4, body = $5 WHERE id = $1`,
		n.ID, n.Delivery.State, next(n), n.Ack != nil, string(body))
	if err != nil {
		return fmt.Errorf("keep notice %s: %w", n.ID, err)
	}
	tell(tx, n)
	return nil
}

func tell(tx *store.Tx, n *flow.Notice) {
	tx.Emit("change", n.Incident, flow.Change{Kind: "notice", ID: n.ID, Body: n})
}

func next(n *flow.Notice) int64 {
	if n.Delivery.State != waiting || n.Delivery.Next == nil {
		return 0
	}
	return store.Micros(*n.Delivery.Next)
}

// urgent tells which notices do not wait for others.
func urgent(s flow.Severity) bool { return s.Rank() >= flow.SeverityHigh.Rank() }

func byID(ctx context.Context, r store.Reader, notice string) (*flow.Notice, error) {
	n, err := one(r.QueryRowContext(ctx, `SELECT body FROM notify_notice WHERE id = $1`, notice))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no notice %q", notice)
	}
	return n, err
}

// head is the oldest notice that waits for a channel; nil when none does.
func head(ctx context.Context, r store.Reader, channel string) (*flow.Notice, error) {
	n, err := one(r.QueryRowContext(ctx, `SELECT body FROM notify_notice WHERE channel = $1 AND state = 'waiting' ORDER BY seq LIMIT 1`, channel))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return n, err
}

// fronts lists the oldest waiting notice of each incident for a channel.
func fronts(ctx context.Context, r store.Reader, channel string) ([]front, error) {
	rows, err := r.QueryContext(ctx, `SELECT n.id, n.seq, n.next_try, g.newest, g.urgent FROM notify_notice n JOIN (
			SELECT min(seq) AS oldest, max(seq) AS newest, max(CASE WHEN urgent THEN 1 ELSE 0 END) AS urgent
			FROM notify_notice WHERE channel = $1 AND state = 'waiting' GROUP BY incident
		) g ON n.seq = g.oldest`, channel)
	if err != nil {
		return nil, fmt.Errorf("look for notices that wait: %w", err)
	}
	defer rows.Close()
	var out []front
	for rows.Next() {
		var f front
		var next, urgent int64
		if err := rows.Scan(&f.id, &f.seq, &next, &f.newest, &urgent); err != nil {
			return nil, fmt.Errorf("look for notices that wait: %w", err)
		}
		if next != 0 {
			f.next = store.FromMicros(next)
		}
		f.urgent = urgent == 1
		out = append(out, f)
	}
	return out, rows.Err()
}

func one(row *sql.Row) (*flow.Notice, error) {
	var body string
	if err := row.Scan(&body); err != nil {
		return nil, fmt.Errorf("read a notice: %w", err)
	}
	n := new(flow.Notice)
	if err := json.Unmarshal([]byte(body), n); err != nil {
		return nil, fmt.Errorf("read a notice: %w", err)
	}
	return n, nil
}

// list reads notices with their times and ids.
func list(ctx context.Context, r store.Reader, query string, args ...any) ([]flow.Notice, error) {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	defer rows.Close()
	out := []flow.Notice{}
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("list notices: %w", err)
		}
		var n flow.Notice
		if err := json.Unmarshal([]byte(body), &n); err != nil {
			return nil, fmt.Errorf("list notices: %w", err)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// deliver marks a notice as delivered.
func deliver(n *flow.Notice, at time.Time) {
	n.Delivery.State, n.Delivery.At, n.Delivery.Next, n.Delivery.Error = delivered, &at, nil, ""
}
