package respond

import (
	"cmp"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/id"
)

// newPlan makes the checklist of a playbook for an incident.
func newPlan(m *hospital.Snapshot, p *Playbook, in *flow.Incident, at time.Time) *flow.Plan {
	plan := &flow.Plan{
		ID: id.Derive("pl", in.ID, p.ID), Incident: in.ID, Playbook: p.ID, Title: p.title(), Started: at, Version: 1, Tasks: []flow.Task{},
	}
	for i := range p.Steps {
		st := &p.Steps[i]
		task := flow.Task{ID: st.ID, Step: st.ID, Text: p.text(st), For: st.For, State: flow.TaskOpen}
		if asset := protected(m, st, in); asset != nil {
			task.Text = flow.Text{Code: "plan.keep-open", Params: map[string]string{"asset": cmp.Or(asset.Name, asset.ID), "asset_id": asset.ID}}
		}
		plan.Tasks = append(plan.Tasks, task)
	}
	return plan
}

// withdraw takes back steps that turned out to block what must never be blocked,
// as long as nobody has done them. It tells whether anything changed.
func withdraw(m *hospital.Snapshot, p *Playbook, plan *flow.Plan, in *flow.Incident) bool {
	changed := false
	for i := range plan.Tasks {
		t := &plan.Tasks[i]
		k := slices.IndexFunc(p.Steps, func(st Step) bool { return st.ID == t.Step })
		if k < 0 || t.State == flow.TaskDone || t.State == flow.TaskSkipped || t.Text.Code == "plan.keep-open" {
			continue
		}
		if asset := protected(m, &p.Steps[k], in); asset != nil {
			t.Text = flow.Text{Code: "plan.keep-open", Params: map[string]string{"asset": cmp.Or(asset.Name, asset.ID), "asset_id": asset.ID}}
			t.State, t.By, t.At = flow.TaskOpen, "", nil
			changed = true
		}
	}
	return changed
}

// protected finds an asset of the incident that a step would block and that is
// an escape route or keeps somebody alive, itself or by what it holds or feeds.
func protected(m *hospital.Snapshot, st *Step, in *flow.Incident) *hospital.Asset {
	for _, a := range in.Assets {
		for _, asset := range reach(m, a.Asset) {
			if slices.Contains(st.Blocks, asset.Kind) && sacred(m, asset) {
				return asset
			}
		}
	}
	return nil
}

// reach is an affected asset with what stands in it or leads into it: a fire in
// a room concerns the room's doors and devices.
func reach(m *hospital.Snapshot, id string) []*hospital.Asset {
	var out []*hospital.Asset
	add := func(id string) {
		if a, ok := m.Asset(id); ok {
			out = append(out, a)
		}
	}
	add(id)
	for _, d := range m.Out(id) {
		if d.Relation == hospital.Hosts || d.Relation == hospital.LeadsTo || d.Relation == hospital.Controls {
			add(d.To)
		}
	}
	for _, d := range m.In(id) {
		if d.Relation == hospital.LeadsTo {
			add(d.From)
		}
	}
	return out
}

// sacred tells what nothing may block: escape routes, the doors on them, what
// keeps somebody alive, and what directly feeds or carries that.
func sacred(m *hospital.Snapshot, a *hospital.Asset) bool {
	if tagged(a) {
		return true
	}
	for _, d := range m.Out(a.ID) {
		b, ok := m.Asset(d.To)
		if !ok || !tagged(b) {
			continue
		}
		if d.Relation == hospital.LeadsTo || d.Relation == hospital.Supplies || d.Relation == hospital.Controls {
			return true
		}
	}
	return false
}

func tagged(a *hospital.Asset) bool {
	return slices.Contains(a.Tags, "escape-route") || slices.Contains(a.Tags, "life-support")
}
