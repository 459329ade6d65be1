package impact

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// ByIncident names an incident.
type ByIncident struct {
	ID string `path:"id" doc:"incident id"`
}

// get answers with the newest assessment.
func (m *Module) get(ctx context.Context, in *ByIncident) (*flow.Assessment, error) {
	var body string
	err := m.space.QueryRowContext(ctx, `SELECT whole FROM impact_assessment WHERE incident = $1 ORDER BY version DESC LIMIT 1`, in.ID).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "incident %q has no assessment", in.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("read the assessment of incident %s: %w", in.ID, err)
	}
	a := new(flow.Assessment)
	if err := json.Unmarshal([]byte(body), a); err != nil {
		return nil, fmt.Errorf("read the assessment of incident %s: %w", in.ID, err)
	}
	return a, nil
}

type historyIn struct {
	ByIncident
	module.Page
}

// history lists assessments, newest first, without the paths of single assets.
func (m *Module) history(ctx context.Context, in *historyIn) (*module.List[flow.Assessment], error) {
	before := int64(math.MaxInt64)
	if in.Cursor != "" {
		n, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor %q is none of this list", in.Cursor)
		}
		before = n
	}
	limit := min(max(in.Limit, 1), 100)
	rows, err := m.space.QueryContext(ctx, `SELECT version, body FROM impact_assessment WHERE incident = $1 AND version < $2
		ORDER BY version DESC LIMIT $3`, in.ID, before, limit+1)
	if err != nil {
		return nil, fmt.Errorf("list the assessments of incident %s: %w", in.ID, err)
	}
	defer rows.Close()
	list := &module.List[flow.Assessment]{Items: []flow.Assessment{}}
	var last int64
	for rows.Next() {
		var version int64
		var body string
		if err := rows.Scan(&version, &body); err != nil {
			return nil, fmt.Errorf("list the assessments of incident %s: %w", in.ID, err)
		}
		if len(list.Items) == limit {
			list.Next = strconv.FormatInt(last, 10)
			break
		}
		var a flow.Assessment
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			return nil, fmt.Errorf("list the assessments of incident %s: %w", in.ID, err)
		}
		list.Items, last = append(list.Items, a), version
	}
	return list, rows.Err()
}

// Newest returns an incident's newest assessment; fault.NotFound without one.
func (m *Module) Newest(ctx context.Context, incident string) (*flow.Assessment, error) {
	return m.get(ctx, &ByIncident{ID: incident})
}
