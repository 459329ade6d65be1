package correlate

import (
	"cmp"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/id"
)

// Case is an incident with what its next alert is judged by. Folding alerts in
// is commutative: their order decides nothing.
type Case struct {
	Incident flow.Incident `json:"incident"`
	First    Origin        `json:"first"`   // the earliest alert
	Placed   Origin        `json:"placed"`  // the earliest that knows its place
	Sited    Origin        `json:"sited"`   // the earliest that knows its site
	Gravest  Worst         `json:"gravest"` // gives type and title
	Touched  bool          `json:"touched"` // a person has worked on it
	ByAlerts flow.Severity `json:"by_alerts"`
	Raised   flow.Severity `json:"raised,omitempty"` // by the outlook for care
	Lifted   flow.Severity `json:"lifted,omitempty"` // by a person's escalation
}

// Origin is where and when an incident began.
type Origin struct {
	Time  time.Time `json:"time"`
	Alert string    `json:"alert"`
	Place string    `json:"place,omitempty"`
	Site  string    `json:"site,omitempty"`
	Feed  string    `json:"feed,omitempty"` // the source's name, where the alert is about one
}

// Worst is the gravest alert of an incident, and where that is: a story that
// began with a mail on a server may burn somewhere else.
type Worst struct {
	Severity flow.Severity `json:"severity"`
	Threat   flow.Threat   `json:"threat"`
	At       Origin        `json:"at"` // of several equally grave ones, the earliest that knows its place
}

// newCase begins an incident; its id derives from the alert that opened it.
func newCase(a *flow.Alert, causes ...string) *Case {
	return &Case{Incident: flow.Incident{
		ID: id.Derive("in", append([]string{a.ID}, causes...)...), Status: flow.StatusNew, Exercise: a.Exercise,
		Assets: []flow.Affected{}, Domains: []string{},
	}}
}

// fold takes an alert into the incident's sum.
func (c *Case) fold(m *hospital.Snapshot, a *flow.Alert) {
	c.Incident.Alerts++
	here := Origin{Time: a.Time, Alert: a.ID, Place: placeOf(m, a), Site: siteOf(m, a), Feed: feedOf(a)}
	c.foldOrigin(here)
	w := Worst{Severity: a.Severity, Threat: a.Threat}
	w.At.earliest(here, here.Place != "")
	c.foldWorst(w)
	c.ByAlerts = graver(c.ByAlerts, a.Severity)
	c.addDomain(domain(a))
	for _, asset := range threatened(m, a) {
		c.affect(flow.Affected{Asset: asset, Threat: a.Threat, Since: a.Time, Alert: a.ID})
	}
	if a.Time.After(c.Incident.LastAlert) {
		c.Incident.LastAlert = a.Time
	}
	c.settle(m)
}

// absorb takes another incident's sum into this one.
func (c *Case) absorb(m *hospital.Snapshot, o *Case) {
	c.Incident.Alerts += o.Incident.Alerts
	c.foldOrigin(o.First, o.Placed, o.Sited)
	c.foldWorst(o.Gravest)
	c.ByAlerts = graver(c.ByAlerts, o.ByAlerts)
	c.Lifted = graver(c.Lifted, o.Lifted)
	for _, d := range o.Incident.Domains {
		c.addDomain(d)
	}
	for _, a := range o.Incident.Assets {
		c.affect(a)
	}
	if o.Incident.LastAlert.After(c.Incident.LastAlert) {
		c.Incident.LastAlert = o.Incident.LastAlert
	}
	c.settle(m)
}

func (c *Case) foldOrigin(origins ...Origin) {
	for _, o := range origins {
		c.First.earliest(o, true)
		c.Placed.earliest(o, o.Place != "")
		c.Sited.earliest(o, o.Site != "")
	}
}

func (o *Origin) earliest(p Origin, counts bool) {
	if counts && p.Alert != "" && (o.Alert == "" || cmp.Or(p.Time.Compare(o.Time), cmp.Compare(p.Alert, o.Alert)) < 0) {
		*o = p
	}
}

func (c *Case) foldWorst(w Worst) {
	switch n := cmp.Or(cmp.Compare(w.Severity.Rank(), c.Gravest.Severity.Rank()), cmp.Compare(gravity(w.Threat), gravity(c.Gravest.Threat))); {
	case n > 0:
		c.Gravest = w
	case n == 0:
		c.Gravest.At.earliest(w.At, true)
	}
}

func (c *Case) addDomain(d string) {
	if !slices.Contains(c.Incident.Domains, d) {
		c.Incident.Domains = append(c.Incident.Domains, d)
		slices.Sort(c.Incident.Domains)
	}
}

// affect adds an asset under a threat, or moves its beginning to an earlier
// alert. A person's verdict stays.
func (c *Case) affect(a flow.Affected) {
	i := slices.IndexFunc(c.Incident.Assets, func(b flow.Affected) bool { return b.Asset == a.Asset && b.Threat == a.Threat })
	if i < 0 {
		c.Incident.Assets = append(c.Incident.Assets, a)
	} else {
		b := &c.Incident.Assets[i]
		verdict := cmp.Or(b.Verdict, a.Verdict)
		if b.Alert == "" || a.Alert != "" && cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Alert, b.Alert)) < 0 {
			*b = a
		}
		b.Verdict = verdict
	}
	slices.SortFunc(c.Incident.Assets, func(x, y flow.Affected) int {
		return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.Asset, y.Asset), cmp.Compare(x.Threat, y.Threat))
	})
}

// settle brings what people see in line with the sum.
func (c *Case) settle(m *hospital.Snapshot) {
	in := &c.Incident
	in.Type = c.Gravest.Threat
	in.Severity = graver(graver(c.ByAlerts, c.Raised), c.Lifted)
	// People are sent to where it is gravest now, which the title names too, not
	// to where it began.
	in.Place, in.Site = cmp.Or(c.Gravest.At.Place, c.Placed.Place), cmp.Or(c.Gravest.At.Site, c.Sited.Site)
	in.Title = title(m, c)
}

func title(m *hospital.Snapshot, c *Case) flow.Text {
	where := cmp.Or(c.Incident.Place, c.Incident.Site)
	if where == "" && len(c.Incident.Assets) > 0 {
		where = c.Incident.Assets[0].Asset
	}
	name := nameOf(m, where)
	if aboutFeed(c.Incident.Type) { // whoever reads it must know which, and the site does not say so
		name = cmp.Or(c.First.Feed, name)
	}
	return flow.Text{Code: "incident.title." + string(c.Incident.Type), Params: map[string]string{"place": name}}
}

// aboutFeed tells whether a threat may be about a source rather than a place.
func aboutFeed(t flow.Threat) bool { return t == flow.ThreatSourceSilent || t == flow.ThreatPipeline }

func feedOf(a *flow.Alert) string {
	if !aboutFeed(a.Threat) {
		return ""
	}
	return a.Text.Params["source"]
}

// nameOf gives an asset's name for people; its id when the model has none.
func nameOf(m *hospital.Snapshot, asset string) string {
	if a, ok := m.Asset(asset); ok {
		return cmp.Or(a.Name, a.ID)
	}
	return cmp.Or(asset, m.Name())
}

// fits tells whether an alert of this time may still join.
func (l Limits) fits(c *Case, t time.Time) bool {
	first, last := c.First.Time, c.Incident.LastAlert
	if t.Before(first.Add(-l.Window)) || t.After(last.Add(l.Window)) || c.Incident.Alerts >= l.Size {
		return false
	}
	return later(last, t).Sub(earlier(first, t)) <= l.Age
}

// mergeable tells whether two incidents together keep the limits.
func (l Limits) mergeable(a, b *Case) bool {
	span := later(a.Incident.LastAlert, b.Incident.LastAlert).Sub(earlier(a.First.Time, b.First.Time))
	return a.Incident.Alerts+b.Incident.Alerts <= l.Size && span <= l.Age
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
