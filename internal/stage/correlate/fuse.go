package correlate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"warder/internal/flow"
	"warder/internal/store"
)

// merge moves alerts, traces and timeline of one incident into another, which
// already holds the sum of both, and closes the first.
func (u *unit) merge(ctx context.Context, from, into *Case, why flow.Text) error {
	a, b := from.Incident.ID, into.Incident.ID
	if err := u.move(ctx, a, b); err != nil {
		return err
	}
	in := &from.Incident
	in.Status, in.MergedIn, in.Shelved = flow.StatusClosed, b, nil
	in.Closed = new(u.now)
	u.touch(from, "merged", "", false)
	u.touch(into, "merged", "", true)
	// The next alert of this transaction must find one open incident only.
	for _, c := range []*Case{from, into} {
		if err := u.save(ctx, c); err != nil {
			return err
		}
	}
	return u.noteBoth(ctx, from, into, why)
}

func (u *unit) noteBoth(ctx context.Context, a, b *Case, why flow.Text) error {
	for _, pair := range [][2]*Case{{a, b}, {b, a}} {
		here, other := pair[0], pair[1]
		text := flow.Text{Code: why.Code, Params: map[string]string{"incident": fmt.Sprint(other.Incident.Number), "incident_id": other.Incident.ID}}
		for k, v := range why.Params {
			text.Params[k] = v
		}
		if err := u.write(ctx, u.entry(here, "act", text, other.Incident.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (u *unit) relate(ctx context.Context, a, b *Case, why flow.Text) error {
	return u.noteBoth(ctx, a, b, flow.Text{Code: "incident.related", Params: why.Params})
}

func (u *unit) move(ctx context.Context, from, into string) error {
	joins, err := readJoins(ctx, u.tx, from)
	if err != nil {
		return err
	}
	for _, j := range joins {
		j.Incident = into
		if err := u.keep(ctx, into, j); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`INSERT INTO correlate_trace (trace, incident) SELECT trace, $2 FROM correlate_trace WHERE incident = $1 ON CONFLICT DO NOTHING`,
		`UPDATE correlate_timeline SET incident = $2 WHERE incident = $1`,
	} {
		if _, err := u.tx.ExecContext(ctx, statement, from, into); err != nil {
			return fmt.Errorf("merge incident %s into %s: %w", from, into, err)
		}
	}
	return u.untrace(ctx, from)
}

func (u *unit) untrace(ctx context.Context, incident string) error {
	if _, err := u.tx.ExecContext(ctx, `DELETE FROM correlate_trace WHERE incident = $1`, incident); err != nil {
		return fmt.Errorf("take incident %s from the index: %w", incident, err)
	}
	return nil
}

// part moves some alerts of an incident into a new one, by a person's hand. Both
// sums are made anew from their alerts.
func (u *unit) part(ctx context.Context, c *Case, joins []flow.Join, away map[string]bool, reason flow.Text, by string, l Limits) (*Case, error) {
	var leaving, staying []flow.Join
	for _, j := range joins {
		if away[j.Alert.ID] {
			leaving = append(leaving, j)
		} else {
			staying = append(staying, j)
		}
	}
	other := newCase(&leaving[0].Alert, c.Incident.ID, fmt.Sprint(c.Incident.Version))
	other.Incident.Opened, other.Touched = u.now, true
	if err := u.untrace(ctx, c.Incident.ID); err != nil {
		return nil, err
	}
	if err := u.forget(ctx, c.Incident.ID, away); err != nil {
		return nil, err
	}
	u.resum(c, staying)
	u.resum(other, leaving)
	if err := u.open(ctx, other); err != nil {
		return nil, err
	}
	for _, j := range leaving {
		j.Incident, j.Reason, j.With, j.By, j.At = other.Incident.ID, reason, c.Incident.ID, by, u.now
		if err := u.attach(ctx, other, j, l.look(u.model, j.Alert).traces()); err != nil {
			return nil, err
		}
	}
	return other, u.retrace(ctx, c, staying, l)
}

// forget takes alerts from an incident's timeline; they appear in another's.
func (u *unit) forget(ctx context.Context, incident string, alerts map[string]bool) error {
	entries, err := readTimeline(ctx, u.tx, incident, cursor{}, 1<<20)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !alerts[e.Alert] {
			continue
		}
		if _, err := u.tx.ExecContext(ctx, `DELETE FROM correlate_timeline WHERE id = $1`, e.ID); err != nil {
			return fmt.Errorf("write the timeline of incident %s: %w", incident, err)
		}
	}
	return nil
}

// retrace indexes an incident by those of its alerts that are not quiet, or by
// all when every one is.
func (u *unit) retrace(ctx context.Context, c *Case, joins []flow.Join, l Limits) error {
	loud := false
	for pass := 0; pass < 2 && !loud; pass++ {
		for _, j := range joins {
			s := l.look(u.model, j.Alert)
			if pass == 0 && s.quiet() {
				continue
			}
			loud = true
			if err := u.trace(ctx, c.Incident.ID, s.traces()); err != nil {
				return err
			}
		}
	}
	return nil
}

// resum makes an incident's sum anew from alerts, keeping people's verdicts.
func (u *unit) resum(c *Case, joins []flow.Join) {
	verdicts := c.Incident.Assets
	c.First, c.Placed, c.Sited, c.Gravest, c.ByAlerts = Origin{}, Origin{}, Origin{}, Worst{}, ""
	in := &c.Incident
	in.Alerts, in.Assets, in.Domains, in.LastAlert = 0, []flow.Affected{}, []string{}, time.Time{}
	for _, v := range verdicts {
		if v.Alert == "" && v.Verdict != flow.VerdictNone {
			c.affect(v)
		}
	}
	for _, j := range joins {
		c.fold(u.model, &j.Alert)
	}
	for _, v := range verdicts {
		for i := range in.Assets {
			if in.Assets[i].Asset == v.Asset && in.Assets[i].Threat == v.Threat {
				in.Assets[i].Verdict = v.Verdict
			}
		}
	}
}

// readJoins lists an incident's alerts in the order of their times.
func readJoins(ctx context.Context, r store.Reader, incident string) ([]flow.Join, error) {
	var out []flow.Join
	err := each(ctx, r, `SELECT body FROM correlate_alert WHERE incident = $1 ORDER BY happened, id`, []any{incident}, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		var j flow.Join
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			return err
		}
		out = append(out, j)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the alerts of incident %s: %w", incident, err)
	}
	return out, nil
}
