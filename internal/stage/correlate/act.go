package correlate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// act is something that a person does to an incident.
type act struct {
	incident string
	version  int64  // that the person saw; 0 does not ask
	name     string // "acknowledge", of the change, the audit and the timeline text
	params   map[string]string
	relevant bool
	aside    bool          // does not count as having worked on the incident
	refused  []flow.Status // in which it is not done, until the incident is taken up again
	do       func(ctx context.Context, u *unit, c *Case, who module.Principal) error
}

// perform does an act in one transaction: the incident, its timeline, the audit
// and the messages change together.
func (m *Module) perform(ctx context.Context, a act) (*flow.Incident, error) {
	var out flow.Incident
	who := module.Caller(ctx)
	err := m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		u := newUnit(tx, m.model.Snapshot(), m.now())
		c, err := u.load(ctx, a.incident)
		if err != nil {
			return err
		}
		if a.version != 0 && a.version != c.Incident.Version {
			return fault.New(fault.Conflict, "incident #%d was changed meanwhile (version %d, you saw %d): look at it again and repeat",
				c.Incident.Number, c.Incident.Version, a.version)
		}
		if c.Incident.MergedIn != "" {
			return fault.New(fault.Conflict, "incident #%d was merged into another: work on that one (%s)", c.Incident.Number, c.Incident.MergedIn)
		}
		if slices.Contains(a.refused, c.Incident.Status) {
			return fault.New(fault.Conflict, "incident #%d is %s: reopen it first, by setting it in progress", c.Incident.Number, c.Incident.Status)
		}
		c.Touched = c.Touched || !a.aside
		u.touch(c, a.name, who.ID, a.relevant)
		if err := u.record(ctx, c, a, who); err != nil {
			return err
		}
		if a.do != nil {
			if err := a.do(ctx, u, c, who); err != nil {
				return err
			}
		}
		if err := u.finish(ctx); err != nil {
			return err
		}
		out = c.Incident
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// record writes an act to the timeline and to the audit.
func (u *unit) record(ctx context.Context, c *Case, a act, who module.Principal) error {
	text := flow.Text{Code: "timeline." + a.name, Params: map[string]string{"by": personOf(who)}}
	maps.Copy(text.Params, a.params)
	e := u.entry(c, "act", text, strconv.FormatInt(c.Incident.Version, 10), who.ID)
	if a.name == "comment" {
		e.Kind = "comment"
	}
	e.By = personOf(who)
	if err := u.write(ctx, e); err != nil {
		return err
	}
	detail := map[string]any{"number": c.Incident.Number}
	for k, v := range a.params {
		detail[k] = v
	}
	err := u.tx.Audit(ctx, store.Entry{
		Time: u.now, By: who.ID, Name: who.Name, Action: "incident." + a.name, Subject: c.Incident.ID, Detail: detail,
	})
	if err != nil {
		return fmt.Errorf("record that %s: %w", a.name, err)
	}
	return nil
}

// over is where nobody is at work any more: what asks somebody to act is refused.
func over() []flow.Status { return []flow.Status{flow.StatusResolved, flow.StatusClosed} }

func personOf(p module.Principal) string { return cmp.Or(p.Name, p.ID, "Warder") }

// steps lists where an incident may go from a status. A resolved or closed one
// can be taken up again; nothing goes back to new.
func steps(from flow.Status) []flow.Status {
	switch from {
	case flow.StatusNew:
		return []flow.Status{flow.StatusAcknowledged, flow.StatusInProgress, flow.StatusResolved, flow.StatusClosed}
	case flow.StatusAcknowledged:
		return []flow.Status{flow.StatusInProgress, flow.StatusResolved, flow.StatusClosed}
	case flow.StatusInProgress:
		return []flow.Status{flow.StatusAcknowledged, flow.StatusResolved, flow.StatusClosed}
	case flow.StatusResolved:
		return []flow.Status{flow.StatusInProgress, flow.StatusClosed}
	}
	return []flow.Status{flow.StatusInProgress}
}

// acknowledge notes who took notice first; a second person changes nothing.
func acknowledge(c *Case, u *unit, who module.Principal) {
	in := &c.Incident
	if in.Ack == nil {
		in.Ack = &flow.Ack{By: who.ID, Name: personOf(who), At: u.now}
	}
	if in.Status == flow.StatusNew {
		in.Status = flow.StatusAcknowledged
	}
}

// start marks that somebody is at work.
func start(c *Case, u *unit, who module.Principal) {
	acknowledge(c, u, who)
	if c.Incident.Status == flow.StatusAcknowledged {
		c.Incident.Status = flow.StatusInProgress
	}
}
