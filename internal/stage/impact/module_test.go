package impact

import (
	"context"
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

// bench is the module on a store, with a clock that the test moves.
type bench struct {
	*Module
	t      *testing.T
	clock  time.Time
	holder *hospital.Holder
	offset uint64
}

func eachEngine(t *testing.T, fn func(t *testing.T, b *bench)) {
	engine := shippedEngine(t)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		log := exchangetest.NewMemory()
		b := &bench{t: t, clock: epoch, holder: hospital.NewHolder(snapshotOf(theatre()))}
		b.Module = New(Options{
			Space: s.Space("impact"), Model: b.holder, Engine: engine, Now: func() time.Time { return b.clock },
			Incidents: exchange.NewTopic(log, "incident", exchange.JSON[flow.IncidentChange]()),
			Models:    exchange.NewTopic(log, hospital.Topic, exchange.JSON[hospital.Changed]()),
		})
		fn(t, b)
	})
}

func (b *bench) give(changes ...flow.IncidentChange) {
	b.t.Helper()
	var batch []exchange.Delivery[flow.IncidentChange]
	for _, c := range changes {
		b.offset++
		batch = append(batch, exchange.Delivery[flow.IncidentChange]{Message: exchange.Message{Offset: b.offset}, Value: c})
	}
	if err := b.takeIncidents().Handle(b.t.Context(), batch); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) tile(service string) flow.CareState {
	b.t.Helper()
	list, err := b.listCare(b.t.Context(), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range list.Items {
		if c.Service == service {
			return c
		}
	}
	b.t.Fatalf("no tile for %s", service)
	return flow.CareState{}
}

func incident(version int64, status flow.Status, hit ...string) flow.IncidentChange {
	in := flow.Incident{ID: "in-1", Number: 1, Version: version, Status: status, Domains: []string{"physical"}}
	for _, h := range hit {
		in.Assets = append(in.Assets, at(h, epoch))
	}
	return flow.IncidentChange{Incident: in, Cause: "joined", Relevant: true}
}

func TestCareStrip(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		if c := b.tile("dentist"); c.State != "unknown" || c.Why != "not-modelled" {
			t.Errorf("a service without supplies: %+v", c)
		}
		if c := b.tile("surgery"); c.State != "normal" {
			t.Errorf("in peace: %+v", c)
		}
		b.give(incident(1, flow.StatusNew, "board lost"))
		c := b.tile("surgery")
		if c.State != "threatened" || c.Incident != "in-1" || c.TimeToHarm != 600 || c.HarmAt != "2026-03-01T09:10:00Z" || c.Likelihood != 0.5 {
			t.Errorf("threatened: %+v", c)
		}
		b.clock = epoch.Add(11 * time.Minute)
		if c := b.tile("surgery"); c.State != "lost" {
			t.Errorf("after its time: %+v", c)
		}
		exercise := incident(1, flow.StatusNew, "theatre lost", "surgery lost")
		exercise.Incident.ID, exercise.Incident.Exercise = "in-2", "ex-1"
		b.give(incident(2, flow.StatusClosed, "board lost"), exercise)
		if c := b.tile("surgery"); c.State != "normal" {
			t.Errorf("an exercise moved the strip: %+v", c)
		}
	})
}

func TestSilenceMakesCareUnknown(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		silent := incident(1, flow.StatusNew, "board source-silent")
		silent.Incident.Domains, silent.Incident.Type = []string{"health"}, flow.ThreatSourceSilent
		b.give(silent)
		if c := b.tile("surgery"); c.State != "unknown" || c.Why != "feed-silent" {
			t.Errorf("what surgery rests on is not heard: %+v", c)
		}
		silent.Incident.Version, silent.Incident.Status = 2, flow.StatusResolved
		b.give(silent)
		if c := b.tile("surgery"); c.State != "normal" {
			t.Errorf("heard again: %+v", c)
		}
	})
}

func (b *bench) newest() *flow.Assessment {
	b.t.Helper()
	a, err := b.get(b.t.Context(), &ByIncident{ID: "in-1"})
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func TestAssessmentsAreKept(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		if _, err := b.get(t.Context(), &ByIncident{ID: "in-1"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before the first: %v", err)
		}
		b.give(incident(1, flow.StatusNew, "ups-1 lost"), incident(2, flow.StatusNew, "ups-1 lost", "ups-2 lost"))
		if a := b.newest(); a.IncidentVersion != 2 || len(a.Services) != 1 {
			t.Errorf("of a batch only the last counts: %+v", a)
		}
		quiet := incident(3, flow.StatusAcknowledged, "ups-1 lost", "ups-2 lost")
		quiet.Relevant = false
		b.give(quiet, incident(1, flow.StatusNew, "ups-1 lost"))
		b.give(incident(2, flow.StatusNew, "ups-1 lost"))
		if a := b.newest(); a.IncidentVersion != 2 {
			t.Errorf("an irrelevant or old change was assessed: %+v", a)
		}
		b.give(incident(4, flow.StatusAcknowledged, "board lost"))
		in := &historyIn{ByIncident: ByIncident{ID: "in-1"}, Page: module.Page{Limit: 1}}
		var versions []int64
		for {
			list, err := b.history(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range list.Items {
				versions = append(versions, a.IncidentVersion)
			}
			if in.Cursor = list.Next; in.Cursor == "" {
				break
			}
		}
		if len(versions) != 2 || versions[0] != 4 || versions[1] != 2 {
			t.Errorf("history: %v", versions)
		}
	})
}

func TestNewModelNewAssessments(t *testing.T) {
	eachEngine(t, func(t *testing.T, b *bench) {
		b.give(incident(1, flow.StatusNew, "ups-1 lost"))
		if a := b.newest(); len(a.Services) != 0 {
			t.Errorf("redundant: %+v", a.Services)
		}
		before := b.holder.Snapshot().Version()
		m := theatre()
		m.Dependencies[0].Group, m.Dependencies[1].Group = "", ""
		b.holder.Swap(snapshotOf(m))
		changed := hospital.Changed{Version: b.holder.Snapshot().Version(), Replaced: before}
		err := b.takeModels().Handle(t.Context(), []exchange.Delivery[hospital.Changed]{{Message: exchange.Message{Offset: 1}, Value: changed}})
		if err != nil {
			t.Fatal(err)
		}
		if a := b.newest(); len(a.Services) != 1 || a.Model != changed.Version {
			t.Errorf("after the redundancy was taken out: %+v", a)
		}
	})
}

func TestAwaitSwapGivesUp(t *testing.T) {
	h := hospital.NewHolder(snapshotOf(theatre()))
	m := New(Options{Model: h})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.awaitSwap(ctx, hospital.Changed{Version: "next", Replaced: h.Snapshot().Version()})
}
