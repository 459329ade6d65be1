package correlate

import (
	"context"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// likely is from which likelihood on a predicted harm to a care service raises
// an incident's severity.
const likely = 0.3

// look takes an assessment back into its incident: the outlook for the queue,
// and the severity when care is likely to suffer. Nothing that the assessment
// rests on changes, so the change is not relevant and no loop comes of it.
func (u *unit) look(ctx context.Context, a flow.Assessment) error {
	c, err := u.load(ctx, a.Incident)
	if fault.KindOf(err) == fault.NotFound {
		return nil // of an incident that this database never had
	}
	if err != nil || c.Incident.MergedIn != "" {
		return err
	}
	before := c.Incident.Outlook
	c.Incident.Outlook = outlook(&a)
	c.Raised = raised(&a)
	c.settle(u.model)
	u.touch(c, "outlook", "", false)
	after := c.Incident.Outlook
	if after.Next == "" || before != nil && before.Next == after.Next && before.NextState == after.NextState {
		return nil
	}
	e := u.entry(c, "impact", flow.Text{Code: "timeline.outlook-" + string(after.NextState), Params: map[string]string{
		"service": nameOf(u.model, after.Next), "at": after.HarmAt,
		"likelihood": strconv.FormatFloat(100*after.Likelihood, 'f', 0, 64), "assets": strconv.Itoa(after.Assets),
	}}, strconv.FormatInt(a.IncidentVersion, 10), a.Model, after.Next)
	e.Time, e.Asset = a.Computed, after.Next
	return u.write(ctx, e)
}

func outlook(a *flow.Assessment) *flow.Outlook {
	o := &flow.Outlook{}
	hit := map[string]bool{}
	for _, s := range a.Starts {
		hit[s.Asset] = true
	}
	reached := map[string]bool{}
	for _, i := range a.Impacts {
		if !hit[i.Asset] {
			reached[i.Asset] = true
		}
	}
	services := map[string]bool{}
	for _, s := range a.Services {
		services[s.Service] = true
	}
	o.Assets, o.Services = len(reached), len(services)
	if len(a.Services) > 0 {
		first := a.Services[0] // they come soonest first
		o.Next, o.NextState, o.TimeToHarm, o.HarmAt, o.Likelihood = first.Service, first.State, first.TimeToHarm, first.HarmAt, first.Likelihood
	}
	return o
}

// raised is the gravest harm to care that is likely, and comes within a shift.
func raised(a *flow.Assessment) flow.Severity {
	const shift = 8 * time.Hour
	worst := flow.SeverityInfo
	for _, s := range a.Services {
		if s.Likelihood >= likely && s.TimeToHarm <= shift.Seconds() {
			worst = graver(worst, s.Severity)
		}
	}
	return worst
}
