package impact

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/store"
)

// unit is the work of one transaction, on one snapshot.
type unit struct {
	*Module
	tx       *store.Tx
	snapshot *hospital.Snapshot
	at       time.Time
	care     map[string]bool // services whose tile may have changed
}

func (m *Module) newUnit(tx *store.Tx) *unit {
	return &unit{Module: m, tx: tx, snapshot: m.model.Snapshot(), at: m.now(), care: map[string]bool{}}
}

// incidents takes changes in. Of several changes of one incident only the last
// is assessed.
func (u *unit) incidents(ctx context.Context, batch []exchange.Delivery[flow.IncidentChange]) error {
	last := map[string]flow.IncidentChange{}
	var order []string
	for _, d := range batch {
		c := d.Value
		before, seen := last[c.Incident.ID]
		if !seen {
			order = append(order, c.Incident.ID)
		}
		c.Relevant = c.Relevant || before.Relevant
		last[c.Incident.ID] = c
	}
	for _, incident := range order {
		c := last[incident]
		fresh, err := u.remember(ctx, &c.Incident)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := u.react(ctx, &c); err != nil {
			return err
		}
	}
	return u.tell(ctx)
}

func (u *unit) react(ctx context.Context, c *flow.IncidentChange) error {
	if slices.Contains(c.Incident.Domains, "health") && c.Incident.Exercise == "" {
		u.everyTile() // what is not heard makes tiles unknown, or known again
	}
	switch {
	case !c.Incident.Status.Open():
		return u.clear(ctx, c.Incident.ID)
	case c.Relevant:
		return u.assess(ctx, &c.Incident)
	}
	return nil
}

// remember keeps the newest form of an incident; false says it is an old one.
func (u *unit) remember(ctx context.Context, in *flow.Incident) (bool, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return false, fmt.Errorf("keep incident %s: %w", in.ID, err)
	}
	r, err := u.tx.ExecContext(ctx, `INSERT INTO impact_incident (id, version, is_open, exercise, health, body)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, is_open = excluded.is_open, body = excluded.body
		WHERE excluded.version > impact_incident.version`, in.ID, in.Version, in.Status.Open(), in.Exercise,
		slices.Contains(in.Domains, "health"), string(body))
	if err != nil {
		return false, fmt.Errorf("keep incident %s: %w", in.ID, err)
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// everything assesses all open incidents, because the model changed.
func (u *unit) everything(ctx context.Context) error {
	open, err := bodies[flow.Incident](ctx, u.tx, `SELECT body FROM impact_incident WHERE is_open ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read open incidents: %w", err)
	}
	for i := range open {
		if err := u.assess(ctx, &open[i]); err != nil {
			return err
		}
	}
	u.everyTile()
	return u.tell(ctx)
}

func (u *unit) everyTile() {
	for _, s := range u.snapshot.CareServices() {
		u.care[s.ID] = true
	}
}

// assess computes, keeps and publishes what an incident will do.
func (u *unit) assess(ctx context.Context, in *flow.Incident) error {
	began := time.Now() // how long it took is real time, whatever clock the stage works by
	starts, verdicts := split(in.Assets)
	a := u.engine.Assess(u.snapshot, starts, verdicts, u.at)
	a.Incident, a.IncidentVersion = in.ID, in.Version
	a.Took = float64(time.Since(began).Microseconds()) / 1000
	size, err := u.keep(ctx, &a)
	if err != nil {
		return fmt.Errorf("keep the assessment of incident %s: %w", in.ID, err)
	}
	if err := u.clear(ctx, in.ID); err != nil {
		return err
	}
	if in.Exercise == "" {
		if err := u.keepServices(ctx, in, &a); err != nil {
			return err
		}
	}
	u.tx.Emit("impact", in.ID, slim(a))
	change := flow.Change{Kind: "assessment", ID: in.ID}
	if size <= largestBody {
		change.Body = a
	}
	u.tx.Emit("change", in.ID, change)
	return nil
}

// largestBody is how large an assessment may be to be sent along with the note
// that it changed; a reader fetches larger ones.
const largestBody = 64 << 10

// split tells what alerts and people say is hit from what people said of it.
func split(affected []flow.Affected) (starts, verdicts []flow.Affected) {
	for _, a := range affected {
		if a.Alert != "" {
			starts = append(starts, a)
		}
		if a.Verdict != flow.VerdictNone {
			verdicts = append(verdicts, a)
		}
	}
	return starts, verdicts
}

// clear takes an incident from the care strip.
func (u *unit) clear(ctx context.Context, incident string) error {
	services, err := texts(ctx, u.tx, `SELECT service FROM impact_service WHERE incident = $1`, incident)
	if err != nil {
		return fmt.Errorf("take incident %s from the care strip: %w", incident, err)
	}
	for _, s := range services {
		u.care[s] = true
	}
	if _, err := u.tx.ExecContext(ctx, `DELETE FROM impact_service WHERE incident = $1`, incident); err != nil {
		return fmt.Errorf("take incident %s from the care strip: %w", incident, err)
	}
	return nil
}

func (u *unit) keepServices(ctx context.Context, in *flow.Incident, a *flow.Assessment) error {
	for _, s := range a.Services {
		harm, err := time.Parse(time.RFC3339, s.HarmAt)
		if err != nil {
			return fmt.Errorf("keep what incident %s does to care: %w", in.ID, err)
		}
		_, err = u.tx.ExecContext(ctx, `INSERT INTO impact_service (incident, service, state, harm_at, likelihood, seconds, severity, certain)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, in.ID, s.Service, string(s.State), store.Micros(harm), s.Likelihood,
			s.TimeToHarm, string(s.Severity), len(s.Path) == 0)
		if err != nil {
			return fmt.Errorf("keep what incident %s does to care: %w", in.ID, err)
		}
		u.care[s.Service] = true
	}
	return nil
}

// tell sends the tiles of the care strip that may have changed.
func (u *unit) tell(ctx context.Context) error {
	if len(u.care) == 0 {
		return nil
	}
	strip, err := u.strip(ctx, u.tx, u.snapshot, u.at)
	if err != nil {
		return err
	}
	for _, tile := range strip {
		if u.care[tile.Service] {
			u.tx.Emit("change", tile.Service, flow.Change{Kind: "care", ID: tile.Service, Body: tile})
		}
	}
	u.care = map[string]bool{}
	return nil
}
