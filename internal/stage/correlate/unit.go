package correlate

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/store"
)

// unit is the work of one transaction: incidents that were loaded, and what has
// to be said about those that changed. It is the book of the correlator.
type unit struct {
	tx    *store.Tx
	model *hospital.Snapshot
	now   time.Time
	cases map[string]*Case
	dirty []*change // in the order of the first change
}

// change is what happened to an incident in this transaction.
type change struct {
	c        *Case
	cause    string
	by       string
	relevant bool
}

func newUnit(tx *store.Tx, m *hospital.Snapshot, now time.Time) *unit {
	return &unit{tx: tx, model: m, now: now, cases: map[string]*Case{}}
}

// touch marks an incident as changed. The first cause names the change; what was
// relevant once stays relevant.
func (u *unit) touch(c *Case, cause, by string, relevant bool) {
	for _, d := range u.dirty {
		if d.c == c {
			d.relevant = d.relevant || relevant
			return
		}
	}
	u.dirty = append(u.dirty, &change{c: c, cause: cause, by: by, relevant: relevant})
}

// finish writes the changed incidents, and tells about each once.
func (u *unit) finish(ctx context.Context) error {
	for _, d := range u.dirty {
		in := &d.c.Incident
		in.Version++
		in.Updated = u.now
		if err := u.save(ctx, d.c); err != nil {
			return err
		}
		u.tx.Emit("incident", in.ID, flow.IncidentChange{Incident: *in, Cause: d.cause, By: d.by, Relevant: d.relevant})
		u.tx.Emit("change", in.ID, flow.Change{Kind: "incident", ID: in.ID, Body: in})
	}
	u.dirty = nil
	return nil
}

func (u *unit) save(ctx context.Context, c *Case) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write incident %s: %w", c.Incident.ID, err)
	}
	in := &c.Incident
	var shelved int64
	if in.Shelved != nil {
		shelved = store.Micros(in.Shelved.Until)
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO correlate_incident (id, number, version, status, is_open, exercise, severity,
			site, owner, opened, updated, first_alert, last_alert, shelved, words, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, is_open = excluded.is_open,
			severity = excluded.severity, site = excluded.site, owner = excluded.owner, updated = excluded.updated,
			first_alert = excluded.first_alert, last_alert = excluded.last_alert, shelved = excluded.shelved,
			words = excluded.words, body = excluded.body`,
		in.ID, in.Number, in.Version, string(in.Status), in.Status.Open(), in.Exercise, in.Severity.Rank(),
		in.Site, in.Owner, store.Micros(in.Opened), store.Micros(in.Updated), store.Micros(c.First.Time),
		store.Micros(in.LastAlert), shelved, words(u.model, in), string(body))
	if err != nil {
		return fmt.Errorf("write incident %s: %w", in.ID, err)
	}
	return nil
}

// words is what a search looks through.
func words(m *hospital.Snapshot, in *flow.Incident) string {
	w := []string{fmt.Sprintf("#%d", in.Number), in.ID, string(in.Type), in.Owner, nameOf(m, in.Place), nameOf(m, in.Site)}
	for _, a := range in.Assets {
		w = append(w, a.Asset, nameOf(m, a.Asset), string(a.Threat))
	}
	return strings.ToLower(strings.Join(w, "\n"))
}

// load reads an incident, once for each transaction.
func (u *unit) load(ctx context.Context, incident string) (*Case, error) {
	if c, ok := u.cases[incident]; ok {
		return c, nil
	}
	c, err := readCase(ctx, u.tx, incident)
	if err != nil {
		return nil, err
	}
	u.cases[incident] = c
	return c, nil
}

func readCase(ctx context.Context, r store.Reader, incident string) (*Case, error) {
	var body string
	err := r.QueryRowContext(ctx, `SELECT body FROM correlate_incident WHERE id = $1`, incident).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no incident %q", incident)
	}
	if err != nil {
		return nil, fmt.Errorf("read incident %s: %w", incident, err)
	}
	c := new(Case)
	if err := json.Unmarshal([]byte(body), c); err != nil {
		return nil, fmt.Errorf("read incident %s: %w", incident, err)
	}
	return c, nil
}

// write adds an entry to an incident's timeline; the same entry twice is one.
func (u *unit) write(ctx context.Context, e flow.TimelineEntry) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the timeline of incident %s: %w", e.Incident, err)
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO correlate_timeline (id, incident, happened, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO NOTHING`, e.ID, e.Incident, store.Micros(e.Time), string(body))
	if err != nil {
		return fmt.Errorf("write the timeline of incident %s: %w", e.Incident, err)
	}
	u.tx.Emit("change", e.Incident, flow.Change{Kind: "timeline", ID: e.Incident, Body: e})
	return nil
}

// entry makes a timeline entry about an incident as it is in this transaction.
func (u *unit) entry(c *Case, kind string, text flow.Text, causes ...string) flow.TimelineEntry {
	in := c.Incident.ID
	return flow.TimelineEntry{
		ID: id.Derive("tl", append([]string{in, kind, text.Code}, causes...)...), Incident: in, Time: u.now, Kind: kind, Text: text,
	}
}
