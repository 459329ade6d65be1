package correlate

import (
	"context"
	"slices"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// ofSource makes an alert about a source: medium when it is silent, info when
// it speaks again.
func ofSource(id, source string, severity flow.Severity, at time.Duration) flow.Alert {
	a := alert(id, flow.ThreatSourceSilent, severity, at)
	a.Detector, a.Source = "health", source
	return a
}

// TestRecoveryJoinsOnly is about the news that a source speaks again.
func TestRecoveryJoinsOnly(t *testing.T) {
	s := corridor(t, 3)
	silent := func(id string, at time.Duration) flow.Alert { return ofSource(id, "fire", flow.SeverityMedium, at) }
	again := func(id string, at time.Duration) flow.Alert { return ofSource(id, "fire", info, at) }
	unread := silent("u", time.Minute)
	unread.Threat = flow.ThreatPipeline
	for _, c := range []struct {
		name   string
		alerts []flow.Alert
		want   string
		status []flow.Status
	}{
		{"nothing is open", []flow.Alert{again("b", 0)}, "waiting: b", nil},
		{"within the window", []flow.Alert{silent("a", 0), again("b", time.Minute)}, "a b", []flow.Status{flow.StatusResolved}},
		{"after days", []flow.Alert{silent("a", 0), again("b", 72*time.Hour)}, "a b", []flow.Status{flow.StatusResolved}},
		{"another source", []flow.Alert{silent("a", 0), ofSource("b", "doors", info, time.Minute)}, "a | waiting: b", []flow.Status{flow.StatusNew}},
		{"graver trouble", []flow.Alert{silent("a", 0), unread, again("b", 2*time.Minute)}, "a b u", []flow.Status{flow.StatusNew}},
		{"an older silence", []flow.Alert{silent("a", time.Hour), again("b", 0)}, "a | waiting: b", []flow.Status{flow.StatusNew}},
		{"the next silence takes none up", []flow.Alert{again("b", 0), silent("a", time.Minute)}, "a | waiting: b", []flow.Status{flow.StatusNew}},
		{"silent anew", []flow.Alert{silent("a", 0), again("b", time.Minute), silent("c", 2*time.Minute)}, "a b | c",
			[]flow.Status{flow.StatusNew, flow.StatusResolved}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := feed(t, s, Limits{}, c.alerts...)
			if got := b.partition(); got != c.want {
				t.Errorf("partition %q, want %q", got, c.want)
			}
			var status []flow.Status
			for _, c := range b.incidents() {
				status = append(status, c.Incident.Status)
			}
			slices.Sort(status)
			if !slices.Equal(status, c.status) {
				t.Errorf("statuses %v, want %v", status, c.status)
			}
		})
	}
}

// TestRecoveryIsTold looks at the tables: the end is in the timeline, by nobody,
// and what finds no open incident is listed.
func TestRecoveryIsTold(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		first, news := ofSource("a", "fire", flow.SeverityMedium, 0), ofSource("b", "fire", info, 5*time.Hour)
		b.give(first, news)
		in := b.all("all")[0]
		if in.Status != flow.StatusResolved || in.Closed == nil || in.Ack != nil || in.Alerts != 2 {
			t.Errorf("untouched: %+v", in)
		}
		if story := b.story(in.ID); !slices.Contains(story, "timeline.recovered") {
			t.Errorf("timeline: %v", story)
		}
		b.give(ofSource("c", "doors", flow.SeverityMedium, 0))
		open := b.all("open")[0]
		if _, err := b.acknowledge(ctx, body[acknowledgeIn](open.ID, nil)); err != nil {
			t.Fatal(err)
		}
		b.give(ofSource("d", "doors", info, time.Hour))
		if open = b.all("open")[0]; open.Status != flow.StatusAcknowledged || open.Alerts != 2 {
			t.Errorf("somebody works on it: %+v", open)
		}
		closing := body(open.ID, func(in *statusIn) { in.Body.Status, in.Body.Reason = flow.StatusClosed, "seen to" })
		if _, err := b.status(ctx, closing); err != nil {
			t.Fatal(err)
		}
		b.give(ofSource("e", "doors", info, 61*time.Minute))
		waiting, err := b.listWaiting(ctx, &waitingIn{})
		if err != nil || len(waiting.Items) != 1 || waiting.Items[0].ID != "e" || len(b.all("all")) != 2 {
			t.Errorf("after the close: %+v, %v", waiting, err)
		}
	})
}

// TestOverIsOver: what asks somebody to act is refused where nobody is at work.
func TestOverIsOver(t *testing.T) {
	eachEngine(t, Limits{}, func(t *testing.T, b *bench, ctx context.Context) {
		b.give(alert("a", flow.ThreatFire, high, 0, "room-0"))
		id := b.all("open")[0].ID
		become := func(to flow.Status) {
			if _, err := b.status(ctx, body(id, func(in *statusIn) { in.Body.Status, in.Body.Reason = to, "it is out" })); err != nil {
				t.Fatal(err)
			}
		}
		acts := map[string]func() error{
			"acknowledge": func() error { _, err := b.acknowledge(ctx, body[acknowledgeIn](id, nil)); return err },
			"dispatch": func() error {
				_, err := b.dispatch(ctx, body(id, func(in *dispatchIn) { in.Body.Who = "guard 2" }))
				return err
			},
			"escalate": func() error {
				_, err := b.escalate(ctx, body(id, func(in *escalateIn) { in.Body.Reason = "smoke" }))
				return err
			},
			"verdict": func() error {
				_, err := b.verdict(ctx, body(id, func(in *verdictIn) {
					in.Body.Asset, in.Body.Threat, in.Body.Verdict, in.Body.Why = "pc-0", flow.ThreatLost, flow.VerdictConfirmed, "it is dark"
				}))
				return err
			},
			"comment": func() error {
				_, err := b.comment(ctx, body(id, func(in *commentIn) { in.Body.Text = "looked again" }))
				return err
			},
		}
		allowed := map[flow.Status][]string{
			flow.StatusResolved: {"comment", "verdict"}, flow.StatusClosed: {"comment"},
			flow.StatusInProgress: {"acknowledge", "comment", "dispatch", "escalate", "verdict"},
		}
		for _, status := range []flow.Status{flow.StatusResolved, flow.StatusClosed, flow.StatusInProgress} {
			become(status)
			for name, do := range acts {
				err := do()
				if slices.Contains(allowed[status], name) && err != nil || !slices.Contains(allowed[status], name) && fault.KindOf(err) != fault.Conflict {
					t.Errorf("%s when %s: %v", name, status, err)
				}
			}
			if in := b.all("all")[0]; in.Status != status {
				t.Errorf("%s became %s", status, in.Status)
			}
		}
	})
}
