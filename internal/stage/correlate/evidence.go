package correlate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"warder/internal/flow"
	"warder/internal/store"
)

// mostStory bounds the lines of an incident's story that are handed out at once.
const mostStory = 20_000

// Story returns an incident, its alerts with the reasons they joined for, and its
// timeline: what evidence of it must hold.
func (m *Module) Story(ctx context.Context, id string) (flow.Incident, []flow.Join, []flow.TimelineEntry, error) {
	c, err := readCase(ctx, m.space, id)
	if err != nil {
		return flow.Incident{}, nil, nil, err
	}
	joins, _, err := rows[flow.Join](ctx, m.space, `SELECT happened, id, body FROM correlate_alert
		WHERE incident = $1 ORDER BY happened, id LIMIT $2`, mostStory, id)
	if err != nil {
		return c.Incident, nil, nil, fmt.Errorf("list the alerts of incident %s: %w", id, err)
	}
	timeline, err := readTimeline(ctx, m.space, id, cursor{}, mostStory)
	return c.Incident, joins, timeline, err
}

// EventsOfIncidents lists the events that the alerts of incidents rest on which
// are open or changed since a time.
func (m *Module) EventsOfIncidents(ctx context.Context, since time.Time) ([]string, error) {
	found, err := m.space.QueryContext(ctx, `SELECT a.body FROM correlate_alert a JOIN correlate_incident i ON i.id = a.incident
		WHERE i.is_open OR i.updated >= $1`, store.Micros(since))
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var ids []string
	for found.Next() {
		var body string
		if err := found.Scan(&body); err != nil {
			return nil, m.space.Fault("list the events of incidents", err)
		}
		var j flow.Join
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			return nil, fmt.Errorf("read an alert: %w", err)
		}
		ids = append(ids, j.Alert.Events...)
	}
	return ids, m.space.Fault("list the events of incidents", found.Err())
}
