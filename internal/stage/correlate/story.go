package correlate

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"warder/internal/flow"
	"warder/internal/module"
	"warder/internal/store"
)

type storyIn struct {
	ByID
	module.Page
}

// rows reads a page of JSON bodies with their times and ids.
func rows[T any](ctx context.Context, r store.Reader, query string, limit int, args ...any) (items []T, at []cursor, err error) {
	err = each(ctx, r, query, append(args, limit), func(scan func(...any) error) error {
		var c cursor
		var body string
		if err := scan(&c.at, &c.id, &body); err != nil {
			return err
		}
		var v T
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return err
		}
		items, at = append(items, v), append(at, c)
		return nil
	})
	return items, at, err
}

// listOf cuts a page that was read with one item too many.
func listOf[T any](items []T, at []cursor, limit int) *module.List[T] {
	list := &module.List[T]{Items: items}
	if len(items) > limit {
		list.Items, list.Next = items[:limit], at[limit-1].String()
	}
	if list.Items == nil {
		list.Items = []T{}
	}
	return list
}

// listAlerts lists joins in the order of the alerts' times.
func (m *Module) listAlerts(ctx context.Context, in *storyIn) (*module.List[flow.Join], error) {
	after, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if after.id == "" {
		after.at = math.MinInt64
	}
	limit := limitOf(in.Page)
	items, at, err := rows[flow.Join](ctx, m.space, `SELECT happened, id, body FROM correlate_alert
		WHERE incident = $1 AND (happened > $2 OR happened = $2 AND id > $3) ORDER BY happened, id LIMIT $4`, limit+1, in.ID, after.at, after.id)
	if err != nil {
		return nil, fmt.Errorf("list the alerts of incident %s: %w", in.ID, err)
	}
	return listOf(items, at, limit), nil
}

// listTimeline lists an incident's story from its beginning.
func (m *Module) listTimeline(ctx context.Context, in *storyIn) (*module.List[flow.TimelineEntry], error) {
	after, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(in.Page)
	items, err := readTimeline(ctx, m.space, in.ID, after, limit+1)
	if err != nil {
		return nil, err
	}
	at := make([]cursor, len(items))
	for i, e := range items {
		at[i] = cursor{store.Micros(e.Time), e.ID}
	}
	return listOf(items, at, limit), nil
}

func readTimeline(ctx context.Context, r store.Reader, incident string, after cursor, limit int) ([]flow.TimelineEntry, error) {
	if after.id == "" {
		after.at = math.MinInt64
	}
	items, _, err := rows[flow.TimelineEntry](ctx, r, `SELECT happened, id, body FROM correlate_timeline
		WHERE incident = $1 AND (happened > $2 OR happened = $2 AND id > $3) ORDER BY happened, id LIMIT $4`, limit, incident, after.at, after.id)
	if err != nil {
		return nil, fmt.Errorf("read the timeline of incident %s: %w", incident, err)
	}
	for i := range items {
		items[i].Incident = incident // entries may have come with a merged one
	}
	return items, nil
}

type waitingIn struct {
	module.Page
}

// listWaiting lists quiet alerts without an incident, newest first.
func (m *Module) listWaiting(ctx context.Context, in *waitingIn) (*module.List[flow.Alert], error) {
	before, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if before.id == "" {
		before.at = math.MaxInt64
	}
	limit := limitOf(in.Page)
	joins, at, err := rows[flow.Join](ctx, m.space, `SELECT happened, id, body FROM correlate_alert
		WHERE incident = '' AND (happened < $1 OR happened = $1 AND id < $2) ORDER BY happened DESC, id DESC LIMIT $3`, limit+1, before.at, before.id)
	if err != nil {
		return nil, fmt.Errorf("list waiting alerts: %w", err)
	}
	alerts := make([]flow.Alert, len(joins))
	for i, j := range joins {
		alerts[i] = j.Alert
	}
	return listOf(alerts, at, limit), nil
}
