package respond

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ward is a hospital with an escape route, life support and an ordinary office.
func ward(t *testing.T) *hospital.Snapshot {
	t.Helper()
	s, problems := hospital.Build(&hospital.Model{Name: "Ward", TimeZone: "UTC",
		Assets: []hospital.Asset{
			{ID: "site", Kind: hospital.Site, Name: "Site"}, {ID: "house", Kind: hospital.Building, Name: "House", Place: "site"},
			{ID: "floor", Kind: hospital.Floor, Name: "Floor", Place: "house"},
			{ID: "stairs", Kind: hospital.Room, Name: "Stairs", Place: "floor", Tags: []string{"escape-route"}},
			{ID: "ward", Kind: hospital.Room, Name: "Ward room", Place: "floor"},
			{ID: "store", Kind: hospital.Room, Name: "Drug store", Place: "floor"},
			{ID: "exit", Kind: hospital.Door, Name: "Way out", Place: "ward"}, {ID: "cupboard", Kind: hospital.Door, Name: "Store door", Place: "store"},
			{ID: "ventilator", Kind: hospital.MedicalDevice, Name: "Ventilator", Place: "ward", Tags: []string{"life-support"}},
			{ID: "feeder", Kind: hospital.Host, Name: "Ventilator gateway", Place: "ward"}, {ID: "pc", Kind: hospital.Host, Name: "Office PC", Place: "store"},
			{ID: "icu", Kind: hospital.CareService, Name: "Intensive care", Place: "site"},
		},
		Dependencies: []hospital.Dependency{
			{From: "ward", To: "exit", Relation: hospital.LeadsTo}, {From: "exit", To: "stairs", Relation: hospital.LeadsTo},
			{From: "ward", To: "cupboard", Relation: hospital.LeadsTo}, {From: "cupboard", To: "store", Relation: hospital.LeadsTo},
			{From: "feeder", To: "ventilator", Relation: hospital.Supplies},
		}})
	if len(problems) > 0 {
		t.Fatalf("test model: %v", problems)
	}
	return s
}

// bench is the module on a store whose outbox is gathered.
type bench struct {
	*Module
	t      *testing.T
	ctx    context.Context
	store  *store.Store
	offset uint64
	seen   int // notices
}

func eachEngine(t *testing.T, fn func(t *testing.T, b *bench)) {
	playbooks, model := shipped(t), ward(t)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		log := exchangetest.NewMemory()
		b := &bench{t: t, store: s, ctx: module.WithCaller(t.Context(), module.Principal{ID: "u-1", Name: "Claire Moreau", Role: "operator"})}
		b.Module = New(Options{
			Space: s.Space("respond"), Model: hospital.NewHolder(model), Playbooks: playbooks, Now: func() time.Time { return noon },
			Channels:  []flow.Channel{{Name: "webhook:desk"}, {Name: "webhook:chief", Least: flow.SeverityCritical}},
			Incidents: exchange.NewTopic(log, "incident", exchange.JSON[flow.IncidentChange]()),
			Impacts:   exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		})
		fn(t, b)
	})
}

func give[T any](b *bench, topic string, take func(*unit, context.Context, T) error, v T) {
	b.t.Helper()
	b.offset++
	batch := []exchange.Delivery[T]{{Message: exchange.Message{Offset: b.offset}, Value: v}}
	if err := subscription(b.Module, topic, take).Handle(b.t.Context(), batch); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) incident(version int64, threat flow.Threat, severity flow.Severity, cause string, assets ...string) {
	b.t.Helper()
	b.change(flow.Incident{ID: "in-1", Number: 7, Version: version, Type: threat, Severity: severity, Status: flow.StatusNew, Place: "ward",
		Domains: []string{"physical"}}, cause, assets...)
}

func (b *bench) change(in flow.Incident, cause string, assets ...string) {
	b.t.Helper()
	for _, a := range assets {
		in.Assets = append(in.Assets, flow.Affected{Asset: a, Threat: in.Type, Since: noon, Alert: "al"})
	}
	give(b, "incident", (*unit).incident, flow.IncidentChange{Incident: in, Cause: cause})
}

func (b *bench) assessment(services ...flow.ServiceImpact) {
	b.t.Helper()
	give(b, "impact", (*unit).assessment, flow.Assessment{Incident: "in-1", Services: services})
}

// collector takes what the outbox relays.
type collector struct {
	mu      sync.Mutex
	notices []flow.Notice
	done    func()
	left    int
}

func (c *collector) Append(_ context.Context, topic string, msgs []exchange.Outgoing) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range msgs {
		if topic == "notice" {
			var n flow.Notice
			if err := json.Unmarshal(m.Body, &n); err != nil {
				return 0, err
			}
			c.notices = append(c.notices, n)
		}
		c.left--
	}
	if c.left <= 0 {
		c.done()
	}
	return 1, nil
}

// told says which notices were made since the last call. The relay ends before
// it forgets what it moved, so it always begins with the first.
func (b *bench) told() []string {
	b.t.Helper()
	waiting, err := b.store.Waiting(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	if waiting == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	c := &collector{done: cancel, left: waiting}
	if err := b.store.Relay(ctx, c); err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, n := range c.notices[b.seen:] {
		out = append(out, n.Channel+" "+n.Text.Code)
	}
	b.seen = len(c.notices)
	return out
}

func (b *bench) plans() []flow.Plan {
	b.t.Helper()
	list, err := b.listPlans(b.ctx, &ByIncident{ID: "in-1"})
	if err != nil {
		b.t.Fatal(err)
	}
	return list.Items
}

func TestWhoIsToldOfWhat(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		step := func(what string, want ...string) {
			t.Helper()
			if got := b.told(); !slices.Equal(got, want) {
				t.Errorf("%s: told %v, want %v", what, got, want)
			}
		}
		b.assessment(flow.ServiceImpact{Service: "icu", State: flow.ThreatDegraded, Likelihood: 0.5, Severity: flow.SeverityHigh})
		step("an assessment before its incident")
		b.incident(1, flow.ThreatLoitering, flow.SeverityMedium, "opened", "ward")
		step("opened", "console notice.opened", "webhook:desk notice.opened", "console notice.service-degraded", "webhook:desk notice.service-degraded")
		b.incident(1, flow.ThreatLoitering, flow.SeverityMedium, "opened", "ward")
		step("the same again")
		b.incident(2, flow.ThreatLoitering, flow.SeverityMedium, "joined", "ward")
		step("nothing new")
		b.incident(3, flow.ThreatFire, flow.SeverityCritical, "joined", "ward")
		step("risen", "console notice.severity", "webhook:desk notice.severity", "webhook:chief notice.severity")
		b.assessment(flow.ServiceImpact{Service: "icu", State: flow.ThreatLost, Likelihood: 0.05})
		step("too unlikely to tell")
		b.assessment(flow.ServiceImpact{Service: "icu", State: flow.ThreatLost, Likelihood: 0.5}, flow.ServiceImpact{Service: "lab", State: flow.ThreatLost, Likelihood: 0.4})
		step("care lost", "console notice.services-lost", "webhook:desk notice.services-lost", "webhook:chief notice.services-lost")
		b.assessment(flow.ServiceImpact{Service: "icu", State: flow.ThreatLost, Likelihood: 0.6})
		step("known")
		b.incident(4, flow.ThreatFire, flow.SeverityCritical, "escalate", "ward")
		step("escalated", "console notice.escalated", "webhook:desk notice.escalated", "webhook:chief notice.escalated")
		b.change(flow.Incident{ID: "in-2", Number: 8, Version: 1, Type: flow.ThreatFire, Severity: flow.SeverityCritical, Status: flow.StatusNew, Exercise: "ex-1"}, "opened")
		step("exercise", "console notice.opened")
	})
}

func TestPlansFollowTheIncident(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		b.incident(1, flow.ThreatLoitering, flow.SeverityMedium, "opened", "ward")
		b.incident(2, flow.ThreatFire, flow.SeverityCritical, "joined", "ward")
		b.assessment(flow.ServiceImpact{Service: "icu", State: flow.ThreatLost, Likelihood: 0.5})
		var got []string
		for _, p := range b.plans() {
			got = append(got, p.Playbook)
		}
		slices.Sort(got)
		if want := []string{"care-continuity", "fire", "intrusion"}; !slices.Equal(got, want) {
			t.Errorf("plans %v, want %v", got, want)
		}
		add := &addIn{ByIncident: ByIncident{ID: "in-1"}}
		add.Body.Playbook = "flood"
		for range 2 {
			if p, err := b.addPlan(b.ctx, add); err != nil || p.Version != 1 {
				t.Fatalf("add: %+v, %v", p, err)
			}
		}
		if n := len(b.plans()); n != 4 {
			t.Errorf("%d plans", n)
		}
		add.ID = "in-unknown"
		if _, err := b.addPlan(b.ctx, add); fault.KindOf(err) != fault.NotFound {
			t.Errorf("unknown incident: %v", err)
		}
		b.change(flow.Incident{ID: "in-1", Number: 7, Version: 9, Type: flow.ThreatFire, Status: flow.StatusClosed}, "status")
		add.ID, add.Body.Playbook = "in-1", "generic"
		if _, err := b.addPlan(b.ctx, add); fault.KindOf(err) != fault.Conflict {
			t.Errorf("closed incident: %v", err)
		}
	})
}

func TestTasks(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		b.incident(1, flow.ThreatPhishing, flow.SeverityMedium, "opened")
		plan := b.plans()[0]
		set := func(task string, state flow.TaskState, note string, version int64) (*flow.Plan, error) {
			in := &taskIn{ID: plan.ID, Task: task}
			in.Body.State, in.Body.Note, in.Body.Version = state, note, version
			return b.setTask(b.ctx, in)
		}
		p, err := set("ask", flow.TaskDoing, "", 1)
		if err != nil || p.Tasks[1].By != "Claire Moreau" || !p.Tasks[1].At.Equal(noon) || p.Version != 2 {
			t.Fatalf("doing: %+v, %v", p, err)
		}
		if _, err := set("ask", flow.TaskDone, "", 1); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version: %v", err)
		}
		if _, err := set("ask", flow.TaskSkipped, " ", 0); fault.KindOf(err) != fault.Invalid {
			t.Errorf("skipped without a reason: %v", err)
		}
		if _, err := set("dance", flow.TaskDone, "", 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("unknown task: %v", err)
		}
		for i, task := range plan.Tasks {
			if p, err = set(task.ID, flow.TaskDone, "", 0); err != nil {
				t.Fatal(err)
			}
			if done := p.Done != nil; done != (i == len(plan.Tasks)-1) {
				t.Errorf("after %s: done %v", task.ID, done)
			}
		}
		if p, err = set("ask", flow.TaskOpen, "", 0); err != nil || p.Done != nil {
			t.Errorf("reopened: %+v, %v", p, err)
		}
	})
}

// TestNothingVitalIsBlocked binds plans near an escape route and life support.
func TestNothingVitalIsBlocked(t *testing.T) {
	m := ward(t)
	block := Playbook{ID: "block", Steps: []Step{
		{ID: "lock", For: "guard", Blocks: []hospital.Kind{hospital.Door}},
		{ID: "isolate", For: "technician", Blocks: []hospital.Kind{hospital.Host, hospital.MedicalDevice}},
		{ID: "look", For: "operator"},
	}}
	for _, c := range []struct {
		hit  string
		want string // of lock, isolate, look: kept or withheld
	}{
		{"exit", "withheld kept kept"}, {"cupboard", "kept kept kept"}, {"ward", "withheld withheld kept"},
		{"ventilator", "kept withheld kept"}, {"feeder", "kept withheld kept"}, {"pc", "kept kept kept"}, {"unknown", "kept kept kept"},
	} {
		in := &flow.Incident{ID: "in-1", Assets: []flow.Affected{{Asset: c.hit}}}
		var got string
		for _, task := range newPlan(m, &block, in, noon).Tasks {
			state := "kept "
			if task.Text.Code == "plan.keep-open" {
				state = "withheld "
			}
			got += state
		}
		if got != c.want+" " {
			t.Errorf("%s: %s, want %s", c.hit, got, c.want)
		}
	}
}

// TestStepsAreWithdrawn lets the incident grow towards life support.
func TestStepsAreWithdrawn(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		b.incident(1, flow.ThreatMalware, flow.SeverityHigh, "opened", "pc")
		code := func() string {
			p := b.plans()[0]
			i := slices.IndexFunc(p.Tasks, func(t flow.Task) bool { return t.Step == "isolate" })
			return fmt.Sprint(p.Tasks[i].Text.Code, " ", p.Tasks[i].Text.Params["asset"])
		}
		if got := code(); got != "playbook.cyber.isolate " {
			t.Errorf("an office PC: %s", got)
		}
		b.incident(2, flow.ThreatMalware, flow.SeverityHigh, "joined", "pc", "ventilator")
		if got := code(); got != "plan.keep-open Ventilator" {
			t.Errorf("a ventilator: %s", got)
		}
	})
}
