package respond

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Summary is a playbook as a list shows it.
type Summary struct {
	ID      string            `json:"id"`
	Title   map[string]string `json:"title" doc:"by locale"`
	Threats []flow.Threat     `json:"threats" doc:"incident types that it is for; none for those that no other is for"`
	Steps   int               `json:"steps"`
}

func (m *Module) listPlaybooks(_ context.Context, _ *module.None) (*module.List[Summary], error) {
	list := &module.List[Summary]{Items: []Summary{}}
	for _, p := range m.playbooks.All() {
		list.Items = append(list.Items, Summary{ID: p.ID, Title: p.Title, Threats: append([]flow.Threat{}, p.Threats...), Steps: len(p.Steps)})
	}
	return list, nil
}

// ByIncident names an incident.
type ByIncident struct {
	ID string `path:"id" doc:"incident id"`
}

func (m *Module) listPlans(ctx context.Context, in *ByIncident) (*module.List[flow.Plan], error) {
	plans, err := plansOf(ctx, m.space, in.ID)
	if err != nil {
		return nil, err
	}
	list := &module.List[flow.Plan]{Items: []flow.Plan{}}
	for _, p := range plans {
		list.Items = append(list.Items, *p)
	}
	return list, nil
}

type addIn struct {
	ByIncident
	Body struct {
		Playbook string `json:"playbook" minLength:"1" doc:"playbook id"`
	}
}

func (m *Module) addPlan(ctx context.Context, in *addIn) (*flow.Plan, error) {
	p, ok := m.playbooks.Get(in.Body.Playbook)
	if !ok {
		return nil, fault.New(fault.Invalid, "there is no playbook %q", in.Body.Playbook)
	}
	var plan *flow.Plan
	err := m.work(ctx, func(ctx context.Context, u *unit) error {
		mem, err := u.recall(ctx, in.ID)
		if err != nil {
			return err
		}
		if mem.Incident == nil {
			return fault.New(fault.NotFound, "there is no incident %q", in.ID)
		}
		if !mem.Incident.Status.Open() {
			return fault.New(fault.Conflict, "incident #%d is %s: plans are added to open incidents", mem.Incident.Number, mem.Incident.Status)
		}
		plan = newPlan(u.snapshot, p, mem.Incident, u.at)
		before, err := planByID(ctx, u.tx, plan.ID)
		if err == nil {
			plan = before
			return nil
		}
		if fault.KindOf(err) != fault.NotFound {
			return err
		}
		who := module.Caller(ctx)
		text := flow.Text{Code: "plan.added", Params: map[string]string{"by": personOf(who), "plan": p.Title["en"], "plan_code": p.titleCode()}}
		u.entry(in.ID, "plan", text, personOf(who), plan.ID)
		if err := u.audit(ctx, "plan.add", plan.ID, map[string]any{"incident": in.ID, "playbook": p.ID}); err != nil {
			return err
		}
		return u.write(ctx, plan)
	})
	if err != nil {
		return nil, err
	}
	return plan, nil
}

type taskIn struct {
	ID   string `path:"id" doc:"plan id"`
	Task string `path:"task" doc:"task id"`
	Body struct {
		State   flow.TaskState `json:"state" enum:"open,doing,done,skipped"`
		Note    string         `json:"note,omitempty" maxLength:"2000" doc:"required to skip: why"`
		Version int64          `json:"version,omitempty" doc:"the plan's version that you saw; 409 when it has changed meanwhile"`
	}
}

func (m *Module) setTask(ctx context.Context, in *taskIn) (*flow.Plan, error) {
	if in.Body.State == flow.TaskSkipped && strings.TrimSpace(in.Body.Note) == "" {
		return nil, fault.New(fault.Invalid, "say why the task is skipped")
	}
	var plan *flow.Plan
	err := m.work(ctx, func(ctx context.Context, u *unit) (err error) {
		if plan, err = planByID(ctx, u.tx, in.ID); err != nil {
			return err
		}
		if in.Body.Version != 0 && in.Body.Version != plan.Version {
			return fault.New(fault.Conflict, "the plan was changed meanwhile (version %d, you saw %d): look at it again and repeat", plan.Version, in.Body.Version)
		}
		k := slices.IndexFunc(plan.Tasks, func(t flow.Task) bool { return t.ID == in.Task })
		if k < 0 {
			return fault.New(fault.NotFound, "the plan has no task %q", in.Task)
		}
		return u.setTask(ctx, plan, &plan.Tasks[k], in.Body.State, in.Body.Note)
	})
	if err != nil {
		return nil, err
	}
	return plan, nil
}

func (u *unit) setTask(ctx context.Context, plan *flow.Plan, t *flow.Task, state flow.TaskState, note string) error {
	who := module.Caller(ctx)
	t.State, t.By, t.At, t.Note = state, personOf(who), new(u.at), note
	plan.Done = nil
	if !slices.ContainsFunc(plan.Tasks, func(t flow.Task) bool { return t.State == flow.TaskOpen || t.State == flow.TaskDoing }) {
		plan.Done = new(u.at)
	}
	if err := u.keep(ctx, plan); err != nil {
		return err
	}
	text := flow.Text{Code: "plan.task-" + string(state), Params: map[string]string{
		"by": t.By, "note": note, "task": u.words(plan, t), "task_code": t.Text.Code,
	}}
	u.entry(plan.Incident, "plan", text, t.By, plan.ID, t.ID, string(state), u.at.String())
	return u.audit(ctx, "plan.task", plan.ID, map[string]any{"task": t.ID, "state": state, "note": note})
}

// words is a task in English, for timelines of readers without the catalogue.
func (u *unit) words(plan *flow.Plan, t *flow.Task) string {
	if p, ok := u.playbooks.Get(plan.Playbook); ok {
		for _, st := range p.Steps {
			if st.ID == t.Step {
				return st.Text["en"]
			}
		}
	}
	return t.ID
}

// work runs a person's act in one transaction.
func (m *Module) work(ctx context.Context, fn func(context.Context, *unit) error) error {
	return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return fn(ctx, &unit{Module: m, tx: tx, snapshot: m.model.Snapshot(), at: m.now()})
	})
}

func (u *unit) audit(ctx context.Context, action, subject string, detail map[string]any) error {
	who := module.Caller(ctx)
	return u.tx.Audit(ctx, store.Entry{Time: u.at, By: who.ID, Name: who.Name, Action: action, Subject: subject, Detail: detail})
}

func personOf(p module.Principal) string { return cmp.Or(p.Name, p.ID, "Warder") }
