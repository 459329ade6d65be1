package respond

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/id"
	"warder/internal/store"
)

// unit is the work of one transaction.
type unit struct {
	*Module
	tx       *store.Tx
	snapshot *hospital.Snapshot
	at       time.Time
}

// memory is what this stage knows of an incident, to tell what is new.
type memory struct {
	Incident *flow.Incident         `json:"incident,omitempty"` // nil: only an assessment came so far
	Told     flow.Severity          `json:"told,omitempty"`     // the greatest severity that people were told
	Services map[string]flow.Threat `json:"services,omitempty"` // care services of which people were told, with the state
	Waiting  []flow.ServiceImpact   `json:"waiting,omitempty"`  // of an assessment that came before the incident
}

func (u *unit) recall(ctx context.Context, incident string) (*memory, error) {
	var body string
	mem := &memory{Services: map[string]flow.Threat{}}
	err := u.tx.QueryRowContext(ctx, `SELECT body FROM respond_incident WHERE id = $1`, incident).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return mem, nil
	}
	if err != nil {
		return nil, fmt.Errorf("recall incident %s: %w", incident, err)
	}
	if err := json.Unmarshal([]byte(body), mem); err != nil {
		return nil, fmt.Errorf("recall incident %s: %w", incident, err)
	}
	if mem.Services == nil {
		mem.Services = map[string]flow.Threat{}
	}
	return mem, nil
}

func (u *unit) memorise(ctx context.Context, incident string, mem *memory) error {
	body, err := json.Marshal(mem)
	if err != nil {
		return fmt.Errorf("keep incident %s: %w", incident, err)
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO respond_incident (id, body) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`, incident, string(body))
	if err != nil {
		return fmt.Errorf("keep incident %s: %w", incident, err)
	}
	return nil
}

// incident takes a change in: it binds playbooks and tells people what is new.
func (u *unit) incident(ctx context.Context, c flow.IncidentChange) error {
	in := &c.Incident
	mem, err := u.recall(ctx, in.ID)
	if err != nil || mem.Incident != nil && in.Version <= mem.Incident.Version {
		return err
	}
	first := mem.Incident == nil
	mem.Incident = in
	if in.Status.Open() {
		if err := u.bind(ctx, in); err != nil {
			return err
		}
		u.tellOf(mem, first, c.Cause)
		if err := u.tellServices(ctx, mem, mem.Waiting); err != nil {
			return err
		}
		mem.Waiting = nil
	}
	return u.memorise(ctx, in.ID, mem)
}

// assessment takes a prediction in: it tells of care services newly threatened.
func (u *unit) assessment(ctx context.Context, a flow.Assessment) error {
	mem, err := u.recall(ctx, a.Incident)
	if err != nil {
		return err
	}
	if mem.Incident == nil {
		mem.Waiting = a.Services
		return u.memorise(ctx, a.Incident, mem)
	}
	if !mem.Incident.Status.Open() {
		return nil
	}
	if err := u.tellServices(ctx, mem, a.Services); err != nil {
		return err
	}
	return u.memorise(ctx, a.Incident, mem)
}

// tellOf makes the notices about the incident itself. Escalating lifts the
// severity too; people are told once, and that a person asked for it.
func (u *unit) tellOf(mem *memory, first bool, cause string) {
	in := mem.Incident
	risen := in.Severity.Rank() > mem.Told.Rank()
	switch {
	case first:
		u.notify(in, in.Severity, u.about(in, "notice.opened"), "opened")
	case cause == "escalate":
		u.notify(in, in.Severity, u.about(in, "notice.escalated"), "escalated", strconv.FormatInt(in.Version, 10))
	case risen:
		u.notify(in, in.Severity, u.about(in, "notice.severity"), "severity", string(in.Severity))
	}
	if risen {
		mem.Told = in.Severity
	}
}

// worthTelling is the likelihood from which on a threatened care service is news.
const worthTelling = 0.1

// tellServices makes one notice about the care services that are newly
// threatened, or threatened worse than people were told.
func (u *unit) tellServices(ctx context.Context, mem *memory, services []flow.ServiceImpact) error {
	var news []flow.ServiceImpact
	for _, s := range services {
		before := mem.Services[s.Service]
		if s.Likelihood < worthTelling || before == s.State || before == flow.ThreatLost {
			continue
		}
		mem.Services[s.Service] = s.State
		news = append(news, s)
	}
	if len(news) == 0 {
		return nil
	}
	in, s := mem.Incident, news[0] // the soonest
	text := u.about(in, "notice.service-"+string(s.State))
	text.Params["service"], text.Params["service_id"], text.Params["at"] = u.name(s.Service), s.Service, s.HarmAt
	text.Params["likelihood"] = strconv.FormatFloat(100*s.Likelihood, 'f', 0, 64)
	if more := others(news); more > 0 {
		text.Code = "notice.services-" + string(s.State)
		text.Params["more"] = strconv.Itoa(more)
	}
	severity := in.Severity
	for _, n := range news {
		if n.Severity.Rank() > severity.Rank() {
			severity = n.Severity
		}
	}
	u.notify(in, severity, text, "service", s.Service, string(s.State))
	return u.bindServices(ctx, in, news)
}

// others counts the services beside the first.
func others(news []flow.ServiceImpact) int {
	seen := map[string]bool{}
	for _, s := range news {
		seen[s.Service] = true
	}
	return len(seen) - 1
}

// about fills a notice. Where the incident has no place of its own its title says
// best what it is about: a source, say.
func (u *unit) about(in *flow.Incident, code string) flow.Text {
	place := u.name(cmp.Or(in.Place, in.Site))
	if titled := in.Title.Params["place"]; in.Place == "" && titled != "" {
		place = titled
	}
	return flow.Text{Code: code, Params: map[string]string{
		"number": strconv.FormatInt(in.Number, 10), "place": place, "threat": string(in.Type), "severity": string(in.Severity),
	}}
}

func (u *unit) name(asset string) string {
	if a, ok := u.snapshot.Asset(asset); ok && a.Name != "" {
		return a.Name
	}
	if asset == "" {
		return u.snapshot.Name()
	}
	return asset
}

// notify makes a notice for each channel. An exercise's stay in the house.
func (u *unit) notify(in *flow.Incident, severity flow.Severity, text flow.Text, causes ...string) {
	u.send(in, Console, severity, text, causes)
	for _, c := range u.channels {
		if in.Exercise == "" && severity.Rank() >= c.Least.Rank() {
			u.send(in, c.Name, severity, text, causes)
		}
	}
}

func (u *unit) send(in *flow.Incident, channel string, severity flow.Severity, text flow.Text, causes []string) {
	n := flow.Notice{
		ID: id.Derive("no", append([]string{in.ID, channel}, causes...)...), Incident: in.ID, Channel: channel, Text: text,
		Severity: severity, Made: u.at, Delivery: flow.Delivery{State: "waiting"}, Exercise: in.Exercise,
	}
	u.tx.Emit("notice", in.ID, n)
	if channel == Console {
		u.entry(in.ID, "notice", text, "", n.ID)
	}
}

// entry adds to the incident's timeline, which another stage keeps.
func (u *unit) entry(incident, kind string, text flow.Text, by string, causes ...string) {
	u.tx.Emit("timeline", incident, flow.TimelineEntry{
		ID: id.Derive("tl", append([]string{incident, kind, text.Code}, causes...)...), Incident: incident, Time: u.at,
		Kind: kind, Text: text, By: by,
	})
}
