package correlate

import (
	"context"
	"fmt"
	"slices"
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
	offset uint64
}

func newBench(t *testing.T, s *store.Store, model *hospital.Snapshot, l Limits) *bench {
	t.Helper()
	log := exchangetest.NewMemory()
	b := &bench{t: t, clock: noon}
	b.Module = New(Options{
		Space: s.Space("correlate"), Model: hospital.NewHolder(model), Limits: l, Now: func() time.Time { return b.clock },
		Alerts:   exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		Impacts:  exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		Timeline: exchange.NewTopic(log, "timeline", exchange.JSON[flow.TimelineEntry]()),
	})
	return b
}

// each runs a test on both engines, on a hospital of 20 rooms.
func eachEngine(t *testing.T, l Limits, fn func(t *testing.T, b *bench, ctx context.Context)) {
	model := corridor(t, 20)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := module.WithCaller(t.Context(), module.Principal{ID: "u-1", Name: "Claire Moreau", Role: "lead"})
		fn(t, newBench(t, s, model, l), ctx)
	})
}

func (b *bench) give(alerts ...flow.Alert) {
	b.t.Helper()
	if err := b.takeAlerts().Handle(b.t.Context(), deliveries(&b.offset, alerts)); err != nil {
		b.t.Fatal(err)
	}
}

func deliveries[T any](offset *uint64, values []T) []exchange.Delivery[T] {
	var batch []exchange.Delivery[T]
	for _, v := range values {
		*offset++
		batch = append(batch, exchange.Delivery[T]{Message: exchange.Message{Offset: *offset}, Value: v})
	}
	return batch
}

func (b *bench) all(status string) []flow.Incident {
	b.t.Helper()
	list, err := b.list(b.t.Context(), &listIn{Status: status, Sort: "opened"})
	if err != nil {
		b.t.Fatal(err)
	}
	slices.SortFunc(list.Items, func(x, y flow.Incident) int { return int(x.Number - y.Number) })
	return list.Items
}

func (b *bench) story(incident string) []string {
	b.t.Helper()
	in := &storyIn{}
	in.ID = incident
	list, err := b.listTimeline(b.t.Context(), in)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		out = append(out, e.Text.Code)
	}
	return out
}

func body[T any](incident string, fill func(*T)) *T {
	in := new(T)
	switch v := any(in).(type) {
	case *acknowledgeIn:
		v.ID = incident
	case *statusIn:
		v.ID = incident
	case *shelveIn:
		v.ID = incident
	case *verdictIn:
		v.ID = incident
	case *mergeIn:
		v.ID = incident
	case *splitIn:
		v.ID = incident
	case *escalateIn:
		v.ID = incident
	case *commentIn:
		v.ID = incident
	case *dispatchIn:
		v.ID = incident
	case *ownerIn:
		v.ID = incident
	}
	if fill != nil {
		fill(in)
	}
	return in
}

// TestStoredLikeInMemory compares the tables with the book in maps.
func TestStoredLikeInMemory(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		alerts := []flow.Alert{
			alert("a", flow.ThreatScan, high, 0, "pc-0"), alert("b", flow.ThreatScan, high, time.Minute, "pc-5"),
			alert("c", flow.ThreatNoise, low, 2*time.Minute, "pc-9"), alert("d", flow.ThreatFire, high, 3*time.Minute, "pc-0", "pc-5"),
			alert("e", flow.ThreatTheft, high, 4*time.Minute, "pc-9"), alert("f", flow.ThreatNoise, info, 5*time.Minute, "pc-15"),
		}
		b.give(alerts[:2]...)
		b.give(alerts...)
		b.give(alerts[3:]...)
		var got []string
		for _, in := range b.all("all") {
			joins, err := readJoins(ctx, b.space, in.ID)
			if err != nil {
				t.Fatal(err)
			}
			if in.MergedIn != "" {
				continue
			}
			if len(joins) != in.Alerts {
				t.Errorf("#%d says %d alerts and has %d", in.Number, in.Alerts, len(joins))
			}
			line := ""
			for _, j := range joins {
				line += j.Alert.ID
			}
			got = append(got, line)
		}
		if fmt.Sprint(got) != "[abd ce]" {
			t.Errorf("incidents: %v", got)
		}
		waiting, err := b.listWaiting(ctx, &waitingIn{})
		if err != nil || len(waiting.Items) != 1 || waiting.Items[0].ID != "f" {
			t.Errorf("waiting: %+v, %v", waiting, err)
		}
		if at, err := b.space.Cursor(ctx, "alert"); err != nil || at != b.offset {
			t.Errorf("cursor %d, %v", at, err)
		}
	})
}

// TestActs walks an incident through what people do to it.
func TestActs(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		b.give(alert("a", flow.ThreatFire, high, 0, "room-0"))
		id := b.all("open")[0].ID
		in, err := b.acknowledge(ctx, body(id, func(in *acknowledgeIn) { in.Body.Version = 1 }))
		if err != nil || in.Status != flow.StatusAcknowledged || in.Ack.Name != "Claire Moreau" || !in.Ack.At.Equal(noon) {
			t.Fatalf("acknowledge: %+v, %v", in, err)
		}
		_, err = b.acknowledge(ctx, body(id, func(in *acknowledgeIn) { in.Body.Version = 1 }))
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version: %v", err)
		}
		if _, err := b.owner(ctx, body(id, func(in *ownerIn) { in.Body.Owner = "C. Moreau" })); err != nil {
			t.Fatal(err)
		}
		if in, err = b.dispatch(ctx, body(id, func(in *dispatchIn) { in.Body.Who = "guard 2" })); err != nil || in.Status != flow.StatusInProgress {
			t.Fatalf("dispatch: %+v, %v", in, err)
		}
		if _, err := b.comment(ctx, body(id, func(in *commentIn) { in.Body.Text = "smell of smoke" })); err != nil {
			t.Fatal(err)
		}
		if in, err = b.escalate(ctx, body(id, func(in *escalateIn) { in.Body.Reason = "oxygen" })); err != nil || in.Severity != flow.SeverityCritical {
			t.Fatalf("escalate: %+v, %v", in, err)
		}
		in, err = b.verdict(ctx, body(id, func(in *verdictIn) {
			in.Body.Asset, in.Body.Threat, in.Body.Verdict, in.Body.Why = "pc-0", flow.ThreatLost, flow.VerdictConfirmed, "it is dark"
		}))
		if err != nil || !slices.ContainsFunc(in.Assets, func(a flow.Affected) bool { return a.Asset == "pc-0" && a.Verdict == flow.VerdictConfirmed }) {
			t.Fatalf("verdict: %+v, %v", in, err)
		}
		_, err = b.status(ctx, body(id, func(in *statusIn) { in.Body.Status = flow.StatusResolved }))
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("resolved without a reason: %v", err)
		}
		operator := module.WithCaller(ctx, module.Principal{ID: "u-2", Name: "Op", Role: "operator"})
		closing := body(id, func(in *statusIn) { in.Body.Status, in.Body.Reason = flow.StatusClosed, "out" })
		if _, err := b.status(operator, closing); fault.KindOf(err) != fault.Denied {
			t.Errorf("an operator closes: %v", err)
		}
		if in, err = b.status(ctx, closing); err != nil || in.Closed == nil {
			t.Fatalf("close: %+v, %v", in, err)
		}
		b.give(alert("b", flow.ThreatFire, high, time.Minute, "room-0"))
		if open := b.all("open"); len(open) != 1 || open[0].ID == id {
			t.Fatalf("a closed incident was joined: %+v", open)
		}
		if _, err := b.status(ctx, body(id, func(in *statusIn) { in.Body.Status = flow.StatusAcknowledged })); fault.KindOf(err) != fault.Conflict {
			t.Errorf("closed to acknowledged: %v", err)
		}
		if in, err = b.status(ctx, body(id, func(in *statusIn) { in.Body.Status = flow.StatusInProgress })); err != nil || in.Closed != nil {
			t.Fatalf("reopen: %+v, %v", in, err)
		}
		want := []string{"alert.test", "timeline.acknowledge", "timeline.comment", "timeline.dispatch", "timeline.escalate", "timeline.owner",
			"timeline.status", "timeline.status", "timeline.verdict"}
		got := b.story(id)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("timeline %v, want %v", got, want)
		}
	})
}

func TestShelving(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		b.give(alert("a", flow.ThreatFire, high, 0, "room-0"))
		id := b.all("open")[0].ID
		past := body(id, func(in *shelveIn) { in.Body.Why, in.Body.Until = "test", noon.Add(-time.Minute) })
		if _, err := b.shelve(ctx, past); fault.KindOf(err) != fault.Invalid {
			t.Errorf("shelved into the past: %v", err)
		}
		in, err := b.shelve(ctx, body(id, func(in *shelveIn) { in.Body.Why, in.Body.Until = "welding until one", noon.Add(time.Hour) }))
		if err != nil || in.Shelved == nil || in.Shelved.Name != "Claire Moreau" || in.Shelved.Why != "welding until one" {
			t.Fatalf("shelve: %+v, %v", in, err)
		}
		if next, err := b.unshelveDue(ctx); err != nil || next != time.Hour {
			t.Errorf("next in %v, %v", next, err)
		}
		b.clock = noon.Add(time.Hour)
		if _, err := b.unshelveDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if in := b.all("open")[0]; in.Shelved != nil {
			t.Errorf("still shelved: %+v", in.Shelved)
		}
		if story := b.story(id); !slices.Contains(story, "timeline.unshelve") {
			t.Errorf("timeline: %v", story)
		}
	})
}

func TestMergeAndSplitByHand(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		b.give(alert("a", flow.ThreatScan, high, 0, "pc-0"), alert("b", flow.ThreatFire, high, time.Minute, "pc-5"), alert("c", flow.ThreatScan, high, 2*time.Minute, "pc-0"))
		one, two := b.all("open")[0], b.all("open")[1]
		into, err := b.merge(ctx, body(one.ID, func(in *mergeIn) { in.Body.Into, in.Body.Reason = two.ID, "same man" }))
		if err != nil || into.ID != two.ID || into.Alerts != 3 || into.Type != flow.ThreatFire {
			t.Fatalf("merge: %+v, %v", into, err)
		}
		if gone, err := b.get(ctx, &ByID{ID: one.ID}); err != nil || gone.MergedIn != two.ID || gone.Status != flow.StatusClosed {
			t.Fatalf("merged: %+v, %v", gone, err)
		}
		if _, err := b.acknowledge(ctx, body[acknowledgeIn](one.ID, nil)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("worked on what was merged: %v", err)
		}
		b.give(alert("d", flow.ThreatScan, high, 3*time.Minute, "pc-0"))
		if open := b.all("open"); len(open) != 1 || open[0].Alerts != 4 {
			t.Fatalf("after the merge: %+v", open)
		}
		_, err = b.split(ctx, body(two.ID, func(in *splitIn) { in.Body.Alerts, in.Body.Reason = []string{"a", "b", "c", "d"}, "no" }))
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("split everything off: %v", err)
		}
		off, err := b.split(ctx, body(two.ID, func(in *splitIn) { in.Body.Alerts, in.Body.Reason = []string{"b"}, "another story" }))
		if err != nil || off.Alerts != 1 || off.Type != flow.ThreatFire || off.ID == two.ID {
			t.Fatalf("split: %+v, %v", off, err)
		}
		rest, err := b.get(ctx, &ByID{ID: two.ID})
		if err != nil || rest.Alerts != 3 || rest.Type != flow.ThreatScan {
			t.Errorf("rest: %+v, %v", rest, err)
		}
		if story := b.story(off.ID); !slices.Contains(story, "alert.test") || !slices.Contains(story, "incident.split-by-hand") {
			t.Errorf("timeline of the new one: %v", story)
		}
		b.give(alert("e", flow.ThreatFire, high, 4*time.Minute, "pc-5"), alert("f", flow.ThreatScan, high, 4*time.Minute, "pc-0"))
		for _, in := range b.all("open") {
			if want := map[string]int{two.ID: 4, off.ID: 2}[in.ID]; in.Alerts != want {
				t.Errorf("#%d has %d alerts, want %d", in.Number, in.Alerts, want)
			}
		}
	})
}

func TestOutlookComesBack(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		b.give(alert("a", flow.ThreatFire, flow.SeverityMedium, 0, "room-0"))
		id := b.all("open")[0].ID
		a := flow.Assessment{Incident: id, IncidentVersion: 1, Computed: noon, Services: []flow.ServiceImpact{
			{Service: "pc-3", State: flow.ThreatLost, Likelihood: 0.8, TimeToHarm: 600, HarmAt: "2026-03-01T12:10:00Z", Severity: flow.SeverityCritical},
		}}
		var offset uint64
		if err := b.takeImpacts().Handle(ctx, deliveries(&offset, []flow.Assessment{a, {Incident: "in-unknown"}})); err != nil {
			t.Fatal(err)
		}
		in := b.all("open")[0]
		if in.Outlook == nil || in.Outlook.Next != "pc-3" || in.Severity != flow.SeverityCritical || in.Version != 2 {
			t.Errorf("incident: %+v", in)
		}
		if story := b.story(id); !slices.Contains(story, "timeline.outlook-lost") {
			t.Errorf("timeline: %v", story)
		}
		a.Services = nil
		if err := b.takeImpacts().Handle(ctx, deliveries(&offset, []flow.Assessment{a})); err != nil {
			t.Fatal(err)
		}
		if in := b.all("open")[0]; in.Severity != flow.SeverityMedium || in.Outlook.Next != "" {
			t.Errorf("after the all-clear: %+v", in)
		}
	})
}

func TestListing(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		for i := range 5 {
			b.clock = noon.Add(time.Duration(i) * time.Second)
			a := alert(fmt.Sprintf("a%d", i), flow.ThreatFire, high, 0, fmt.Sprintf("pc-%d", 4*i))
			if i == 4 {
				a.Exercise = "ex-1"
			}
			b.give(a)
		}
		var got []int64
		in := &listIn{Status: "open", Page: module.Page{Limit: 2}}
		for {
			list, err := b.list(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			if list.Total != 5 {
				t.Errorf("total %d", list.Total)
			}
			for _, i := range list.Items {
				got = append(got, i.Number)
			}
			if list.Next == "" {
				break
			}
			in.Cursor = list.Next
		}
		if fmt.Sprint(got) != "[5 4 3 2 1]" {
			t.Errorf("pages: %v", got)
		}
		for _, c := range []struct {
			in   listIn
			want int
		}{
			{listIn{Status: "open", Exercise: "true"}, 1}, {listIn{Status: "all", Exercise: "false"}, 4}, {listIn{Status: "closed"}, 0},
			{listIn{Q: "ROOM-8"}, 1}, {listIn{Q: "#3"}, 1}, {listIn{Q: "fire pc-12"}, 1}, {listIn{Q: "100%"}, 0}, {listIn{Q: "pc_1"}, 0},
			{listIn{Severity: "critical"}, 0}, {listIn{Severity: "low"}, 5}, {listIn{Site: "site"}, 5}, {listIn{Owner: "x"}, 0},
		} {
			list, err := b.list(ctx, &c.in)
			if err != nil || len(list.Items) != c.want {
				t.Errorf("%+v: %d items, %v; want %d", c.in, len(list.Items), err, c.want)
			}
		}
		if _, err := b.list(ctx, &listIn{Page: module.Page{Cursor: "nonsense"}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("bad cursor: %v", err)
		}
	})
}
