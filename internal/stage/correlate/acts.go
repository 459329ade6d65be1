package correlate

import (
	"context"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// ByID is the part of an input that names the incident.
type ByID struct {
	ID string `path:"id" doc:"incident id"`
}

// Seen is the part of a body that says which version of the incident a person saw.
type Seen struct {
	Version int64 `json:"version,omitempty" doc:"the incident's version that you saw; 409 when it has changed meanwhile"`
}

type acknowledgeIn struct {
	ByID
	Body struct{ Seen }
}

func (m *Module) acknowledge(ctx context.Context, in *acknowledgeIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "acknowledge", refused: over(),
		do: func(_ context.Context, u *unit, c *Case, who module.Principal) error {
			acknowledge(c, u, who)
			return nil
		}})
}

type statusIn struct {
	ByID
	Body struct {
		Status flow.Status `json:"status" enum:"acknowledged,in-progress,resolved,closed" doc:"where the incident shall stand"`
		Reason string      `json:"reason,omitempty" maxLength:"2000" doc:"why; required to resolve or close"`
		Seen
	}
}

func (m *Module) status(ctx context.Context, in *statusIn) (*flow.Incident, error) {
	to, reason := in.Body.Status, strings.TrimSpace(in.Body.Reason)
	if !to.Open() && reason == "" {
		return nil, fault.New(fault.Invalid, "say why the incident is %s", to)
	}
	who := module.Caller(ctx)
	if to == flow.StatusClosed && (who.Role == "viewer" || who.Role == "operator") {
		return nil, fault.New(fault.Denied, "only a lead closes an incident; resolve it instead")
	}
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "status", relevant: true,
		params: map[string]string{"status": string(to), "reason": reason},
		do: func(ctx context.Context, u *unit, c *Case, who module.Principal) error {
			return m.moveTo(ctx, u, c, who, to)
		}})
}

func (m *Module) moveTo(ctx context.Context, u *unit, c *Case, who module.Principal, to flow.Status) error {
	in := &c.Incident
	if !slices.Contains(steps(in.Status), to) {
		return fault.New(fault.Conflict, "incident #%d is %s and cannot become %s", in.Number, in.Status, to)
	}
	reopened := !in.Status.Open() && to.Open()
	acknowledge(c, u, who)
	in.Status, in.Closed = to, nil
	if !to.Open() {
		in.Closed, in.Shelved = new(u.now), nil
		return u.untrace(ctx, in.ID)
	}
	if reopened {
		joins, err := readJoins(ctx, u.tx, in.ID)
		if err != nil {
			return err
		}
		return u.retrace(ctx, c, joins, m.limits)
	}
	return nil
}

type ownerIn struct {
	ByID
	Body struct {
		Owner string `json:"owner" maxLength:"200" doc:"who works on it; empty for nobody"`
		Seen
	}
}

func (m *Module) owner(ctx context.Context, in *ownerIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "owner", params: map[string]string{"owner": in.Body.Owner},
		do: func(_ context.Context, _ *unit, c *Case, _ module.Principal) error {
			c.Incident.Owner = in.Body.Owner
			return nil
		}})
}

type shelveIn struct {
	ByID
	Body struct {
		Why   string    `json:"why" minLength:"3" maxLength:"2000" doc:"why it can wait"`
		Until time.Time `json:"until" doc:"when it comes back by itself; at most seven days ahead"`
		Seen
	}
}

// longestShelving keeps incidents from being shelved into oblivion.
const longestShelving = 7 * 24 * time.Hour

func (m *Module) shelve(ctx context.Context, in *shelveIn) (*flow.Incident, error) {
	now := m.now()
	if !in.Body.Until.After(now) || in.Body.Until.After(now.Add(longestShelving)) {
		return nil, fault.New(fault.Invalid, "shelve until a time between now and seven days ahead")
	}
	defer m.wakeShelf()
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "shelve",
		params: map[string]string{"why": in.Body.Why, "until": in.Body.Until.UTC().Format(time.RFC3339)},
		do: func(_ context.Context, u *unit, c *Case, who module.Principal) error {
			if !c.Incident.Status.Open() {
				return fault.New(fault.Conflict, "incident #%d is %s: only open incidents are shelved", c.Incident.Number, c.Incident.Status)
			}
			acknowledge(c, u, who)
			c.Incident.Shelved = &flow.Shelving{By: who.ID, Name: personOf(who), Why: in.Body.Why, At: u.now, Until: in.Body.Until.UTC()}
			return nil
		}})
}

func (m *Module) unshelve(ctx context.Context, in *acknowledgeIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "unshelve",
		do: func(_ context.Context, _ *unit, c *Case, _ module.Principal) error {
			c.Incident.Shelved = nil
			return nil
		}})
}

type commentIn struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
	}
}

func (m *Module) comment(ctx context.Context, in *commentIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, name: "comment", params: map[string]string{"text": in.Body.Text}})
}

type escalateIn struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"3" maxLength:"2000"`
		Seen
	}
}

// escalate lifts the severity by one and thereby tells people again.
func (m *Module) escalate(ctx context.Context, in *escalateIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "escalate", refused: over(), params: map[string]string{"reason": in.Body.Reason},
		do: func(_ context.Context, u *unit, c *Case, who module.Principal) error {
			acknowledge(c, u, who)
			levels := []flow.Severity{flow.SeverityInfo, flow.SeverityLow, flow.SeverityMedium, flow.SeverityHigh, flow.SeverityCritical}
			c.Lifted = levels[min(len(levels)-1, c.Incident.Severity.Rank()+1)]
			c.settle(u.model)
			return nil
		}})
}

type dispatchIn struct {
	ByID
	Body struct {
		Who  string `json:"who" minLength:"1" maxLength:"200" doc:"who goes"`
		Note string `json:"note,omitempty" maxLength:"2000"`
		Seen
	}
}

func (m *Module) dispatch(ctx context.Context, in *dispatchIn) (*flow.Incident, error) {
	return m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "dispatch", refused: over(),
		params: map[string]string{"who": in.Body.Who, "note": in.Body.Note},
		do: func(_ context.Context, u *unit, c *Case, who module.Principal) error {
			start(c, u, who)
			return nil
		}})
}
