package exercise

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
)

const columns = `id, scenario, speed, state, by_id, by_name, started, ended, sent, refused, position, problem`

// keep writes an exercise as it stands, with the audit and the news of it.
func (m *Module) keep(ctx context.Context, e Exercise, action string) error {
	return m.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := upsert(ctx, tx, e); err != nil {
			return err
		}
		tx.Emit("change", e.ID, flow.Change{Kind: "exercise", ID: e.ID, Body: e})
		line := store.Entry{
			Time: m.o.Now(), Action: action, Subject: e.ID,
			Detail: map[string]any{"scenario": e.Scenario, "speed": e.Speed, "state": e.State},
		}
		if e.Ended == nil { // it ends by itself, or somebody stops it, who has a line of their own
			line.By, line.Name = e.byID, e.By
		}
		return tx.Audit(ctx, line)
	})
}

func upsert(ctx context.Context, tx *store.Tx, e Exercise) error {
	var ended int64
	if e.Ended != nil {
		ended = store.Micros(*e.Ended)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO exercise_runs (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended = excluded.ended, sent = excluded.sent,
			refused = excluded.refused, position = excluded.position, problem = excluded.problem`,
		e.ID, e.Scenario, e.Speed, string(e.State), e.byID, e.By, store.Micros(e.Started), ended,
		e.Sent, e.Refused, int64(e.Position*1e6), e.Problem)
	if err != nil {
		return fmt.Errorf("keep an exercise: %w", err)
	}
	return nil
}

// interrupted notes that what ran when Warder stopped runs no more.
func (m *Module) interrupted(ctx context.Context) error {
	return m.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE exercise_runs SET state = $1, ended = $2 WHERE state = $3`,
			string(StateInterrupted), store.Micros(m.o.Now()), string(StateRunning))
		if err != nil {
			return fmt.Errorf("note interrupted exercises: %w", err)
		}
		return nil
	})
}

// find reads one exercise, as it stands now.
func (m *Module) find(ctx context.Context, id string) (Exercise, error) {
	row := m.o.Space.QueryRowContext(ctx, `SELECT `+columns+` FROM exercise_runs WHERE id = $1`, id)
	e, err := m.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return e, fault.New(fault.NotFound, "there is no exercise %q", id)
	}
	return e, m.o.Space.Fault("read an exercise", err)
}

type scanner interface{ Scan(into ...any) error }

func (m *Module) scan(row scanner) (e Exercise, err error) {
	var started, ended, position int64
	err = row.Scan(&e.ID, &e.Scenario, &e.Speed, &e.State, &e.byID, &e.By, &started, &ended, &e.Sent, &e.Refused, &position, &e.Problem)
	if err != nil {
		return e, err
	}
	e.Started, e.Position = store.FromMicros(started), float64(position)/1e6
	if ended != 0 {
		t := store.FromMicros(ended)
		e.Ended = &t
	}
	if s, err := m.o.Library.Find(e.Scenario); err == nil { // it may be of an older version
		e.Title, e.Length = s.Title, s.Length().Seconds()
	}
	if now, running := m.live(e.ID); running && e.State == StateRunning {
		e = now
	}
	return e, nil
}

// list reads a page of exercises, newest first.
func (m *Module) list(ctx context.Context, cursor string, limit int) (page []Exercise, next string, err error) {
	if limit <= 0 {
		limit = 100
	}
	before, id, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := m.o.Space.QueryContext(ctx, `SELECT `+columns+` FROM exercise_runs
		WHERE started < $1 OR started = $1 AND id < $2 ORDER BY started DESC, id DESC LIMIT $3`, before, id, limit+1)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := m.scan(rows)
		if err != nil {
			return nil, "", m.o.Space.Fault("read exercises", err)
		}
		page = append(page, e)
	}
	if len(page) > limit {
		page = page[:limit]
		last := page[limit-1]
		next = strconv.FormatInt(store.Micros(last.Started), 10) + "." + last.ID
	}
	return page, next, m.o.Space.Fault("read exercises", rows.Err())
}

func readCursor(s string) (before int64, id string, err error) {
	if s == "" {
		return store.Micros(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), "", nil
	}
	micros, id, ok := strings.Cut(s, ".")
	before, err = strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil {
		return 0, "", fault.New(fault.Invalid, "the cursor %q is none that a page gave", s)
	}
	return before, id, nil
}
