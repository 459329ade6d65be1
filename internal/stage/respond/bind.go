package respond

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/store"
)

// bind gives an incident the playbook of its type, if it has it not yet, and
// takes back steps that the incident now forbids.
func (u *unit) bind(ctx context.Context, in *flow.Incident) error {
	plans, err := plansOf(ctx, u.tx, in.ID)
	if err != nil {
		return err
	}
	for _, plan := range plans {
		p, ok := u.playbooks.Get(plan.Playbook)
		if ok && withdraw(u.snapshot, p, plan, in) {
			if err := u.keep(ctx, plan); err != nil {
				return err
			}
		}
	}
	if p, ok := u.playbooks.forType(in); ok {
		return u.begin(ctx, in, p)
	}
	return nil
}

// likely is from which likelihood on the playbooks for lost care are bound.
const likely = 0.3

func (u *unit) bindServices(ctx context.Context, in *flow.Incident, services []flow.ServiceImpact) error {
	for _, s := range services {
		a, ok := u.snapshot.Asset(s.Service)
		if !ok || s.State != flow.ThreatLost || s.Likelihood < likely {
			continue
		}
		for _, p := range u.playbooks.forService(a, in) {
			if err := u.begin(ctx, in, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin starts a plan, unless the incident has it.
func (u *unit) begin(ctx context.Context, in *flow.Incident, p *Playbook) error {
	plan := newPlan(u.snapshot, p, in, u.at)
	_, err := planByID(ctx, u.tx, plan.ID)
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return err
	}
	u.entry(in.ID, "plan", flow.Text{Code: "plan.started", Params: map[string]string{"plan": p.Title["en"], "plan_code": p.titleCode()}}, "", plan.ID)
	return u.write(ctx, plan)
}

// keep writes a changed plan as its next version.
func (u *unit) keep(ctx context.Context, plan *flow.Plan) error {
	plan.Version++
	return u.write(ctx, plan)
}

func (u *unit) write(ctx context.Context, plan *flow.Plan) error {
	body, err := json.Marshal(plan)
	if err != nil {
		return fmt.Errorf("write plan %s: %w", plan.ID, err)
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO respond_plan (id, incident, playbook, started, version, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`,
		plan.ID, plan.Incident, plan.Playbook, store.Micros(plan.Started), plan.Version, string(body))
	if err != nil {
		return fmt.Errorf("write plan %s: %w", plan.ID, err)
	}
	u.tx.Emit("change", plan.Incident, flow.Change{Kind: "plan", ID: plan.ID, Body: plan})
	return nil
}

func planByID(ctx context.Context, r store.Reader, plan string) (*flow.Plan, error) {
	var body string
	err := r.QueryRowContext(ctx, `SELECT body FROM respond_plan WHERE id = $1`, plan).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no plan %q", plan)
	}
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", plan, err)
	}
	p := new(flow.Plan)
	if err := json.Unmarshal([]byte(body), p); err != nil {
		return nil, fmt.Errorf("read plan %s: %w", plan, err)
	}
	return p, nil
}

// plansOf lists an incident's plans, the newest first: a plan is added when the
// incident gets graver, so what matters most now comes first.
func plansOf(ctx context.Context, r store.Reader, incident string) ([]*flow.Plan, error) {
	rows, err := r.QueryContext(ctx, `SELECT body FROM respond_plan WHERE incident = $1 ORDER BY started DESC, id`, incident)
	if err != nil {
		return nil, fmt.Errorf("read the plans of incident %s: %w", incident, err)
	}
	defer rows.Close()
	var out []*flow.Plan
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("read the plans of incident %s: %w", incident, err)
		}
		p := new(flow.Plan)
		if err := json.Unmarshal([]byte(body), p); err != nil {
			return nil, fmt.Errorf("read the plans of incident %s: %w", incident, err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
