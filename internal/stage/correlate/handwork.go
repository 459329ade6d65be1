package correlate

import (
	"context"
	"slices"
	"strconv"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

type verdictIn struct {
	ByID
	Body struct {
		Asset   string       `json:"asset" minLength:"1" maxLength:"200"`
		Threat  flow.Threat  `json:"threat" minLength:"1" maxLength:"40"`
		Verdict flow.Verdict `json:"verdict" enum:"confirmed,refuted"`
		Why     string       `json:"why" minLength:"3" maxLength:"2000"`
		Seen
	}
}

// verdict records what a person says of an alert's or a prediction's asset. The
// impact is computed again with it.
func (m *Module) verdict(ctx context.Context, in *verdictIn) (*flow.Incident, error) {
	b := in.Body
	snapshot := m.model.Snapshot()
	if _, ok := snapshot.Asset(b.Asset); !ok {
		return nil, fault.New(fault.Invalid, "there is no asset %q in the hospital model", b.Asset)
	}
	if !slices.Contains(flow.Threats(), b.Threat) {
		return nil, fault.New(fault.Invalid, "there is no threat %q", b.Threat)
	}
	return m.perform(ctx, act{incident: in.ID, version: b.Version, name: "verdict", relevant: true, refused: []flow.Status{flow.StatusClosed},
		params: map[string]string{"asset": nameOf(snapshot, b.Asset), "asset_id": b.Asset, "threat": string(b.Threat),
			"verdict": string(b.Verdict), "why": b.Why},
		do: func(_ context.Context, u *unit, c *Case, who module.Principal) error {
			acknowledge(c, u, who)
			c.judged(flow.Affected{Asset: b.Asset, Threat: b.Threat, Since: u.now, Verdict: b.Verdict})
			return nil
		}})
}

// judged puts a verdict on an asset that alerts named, or adds the asset.
func (c *Case) judged(v flow.Affected) {
	for i, a := range c.Incident.Assets {
		if a.Asset == v.Asset && a.Threat == v.Threat {
			if a.Alert == "" {
				c.Incident.Assets[i].Since = v.Since
			}
			c.Incident.Assets[i].Verdict = v.Verdict
			return
		}
	}
	c.affect(v)
}

type mergeIn struct {
	ByID
	Body struct {
		Into   string `json:"into" minLength:"1" doc:"the incident that goes on"`
		Reason string `json:"reason" minLength:"3" maxLength:"2000"`
		Seen
	}
}

// merge answers with the incident that goes on.
func (m *Module) merge(ctx context.Context, in *mergeIn) (*flow.Incident, error) {
	if in.Body.Into == in.ID {
		return nil, fault.New(fault.Invalid, "an incident cannot be merged into itself")
	}
	var into *Case
	_, err := m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "merge", relevant: true,
		params: map[string]string{"reason": in.Body.Reason, "into": in.Body.Into},
		do: func(ctx context.Context, u *unit, from *Case, who module.Principal) (err error) {
			if into, err = u.load(ctx, in.Body.Into); err != nil {
				return err
			}
			if !into.Incident.Status.Open() || into.Incident.Exercise != from.Incident.Exercise {
				return fault.New(fault.Conflict, "incident #%d cannot take others in: it must be open, and exercises stay apart from what is real", into.Incident.Number)
			}
			into.Touched = true
			into.absorb(u.model, from)
			return u.merge(ctx, from, into, flow.Text{Code: "incident.merged-by-hand", Params: map[string]string{
				"by": personOf(who), "reason": in.Body.Reason,
			}})
		}})
	if err != nil {
		return nil, err
	}
	return &into.Incident, nil
}

type splitIn struct {
	ByID
	Body struct {
		Alerts []string `json:"alerts" minItems:"1" maxItems:"500" doc:"ids of the alerts that make an incident of their own"`
		Reason string   `json:"reason" minLength:"3" maxLength:"2000"`
		Seen
	}
}

// split answers with the new incident.
func (m *Module) split(ctx context.Context, in *splitIn) (*flow.Incident, error) {
	var other *Case
	_, err := m.perform(ctx, act{incident: in.ID, version: in.Body.Version, name: "split", relevant: true,
		params: map[string]string{"reason": in.Body.Reason, "alerts": strconv.Itoa(len(in.Body.Alerts))},
		do: func(ctx context.Context, u *unit, c *Case, who module.Principal) error {
			joins, err := readJoins(ctx, u.tx, c.Incident.ID)
			if err != nil {
				return err
			}
			away, err := chosen(joins, in.Body.Alerts)
			if err != nil {
				return err
			}
			reason := flow.Text{Code: "join.hand", Params: map[string]string{"by": personOf(who), "reason": in.Body.Reason}}
			if other, err = u.part(ctx, c, joins, away, reason, personOf(who), m.limits); err != nil {
				return err
			}
			return u.noteBoth(ctx, c, other, flow.Text{Code: "incident.split-by-hand", Params: map[string]string{"by": personOf(who)}})
		}})
	if err != nil {
		return nil, err
	}
	return &other.Incident, nil
}

// chosen checks that the alerts are the incident's and that some stay.
func chosen(joins []flow.Join, alerts []string) (map[string]bool, error) {
	away := map[string]bool{}
	for _, a := range alerts {
		if !slices.ContainsFunc(joins, func(j flow.Join) bool { return j.Alert.ID == a }) {
			return nil, fault.New(fault.Invalid, "alert %q is not in this incident", a)
		}
		away[a] = true
	}
	if len(away) == len(joins) {
		return nil, fault.New(fault.Invalid, "all alerts were chosen: leave at least one in the incident")
	}
	return away, nil
}
