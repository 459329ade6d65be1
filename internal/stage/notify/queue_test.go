package notify

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// about gives notices about an incident.
func (b *bench) about(incident string, severity flow.Severity, ids ...string) {
	b.t.Helper()
	b.incident, b.severity = incident, severity
	b.give(ids...)
}

// refuses answers 503 for the notices whose id begins with a prefix.
func (o *office) refuses(prefix string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Idempotency-Key"), prefix) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

// TestOneIncidentHoldsUpNoOther runs a courier by the real clock against a
// receiver that takes everything but what is about one incident.
func TestOneIncidentHoldsUpNoOther(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	o := newOffice(t)
	o.refuses("a")
	b := newBench(t, s, noon, Webhook{Name: "desk", URL: o.URL, SecretFile: secretFile(t)})
	b.now = time.Now
	b.clock = time.Now()
	b.about("in-a", flow.SeverityCritical, "a1", "a2")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.couriers[0].run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	await(t, func() bool { return strings.Contains(o.ids(), "a1/1") })
	b.about("in-b", flow.SeverityCritical, "b1")
	b.about("in-c", flow.SeverityMedium, "c1")
	start := time.Now()
	await(t, func() bool {
		return b.notice("b1").Delivery.State == delivered && b.notice("c1").Delivery.State == delivered
	})
	if took := time.Since(start); took > time.Second {
		t.Errorf("the others waited %v", took)
	}
	if strings.Contains(o.ids(), "a2") {
		t.Errorf("order within the incident: %s", o.ids())
	}
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come")
		}
	}
}

// TestReceiverComesBack goes through an outage of an hour.
func TestReceiverComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t)
		o.refuses("")
		b := newBench(t, s, noon, Webhook{Name: "desk", URL: o.URL, SecretFile: secretFile(t)})
		b.about("in-a", flow.SeverityCritical, "a1", "a2")
		b.about("in-b", flow.SeverityHigh, "b1")
		b.about("in-c", flow.SeverityMedium, "c1")
		for b.clock.Before(noon.Add(time.Hour)) {
			rest := b.work(0)
			if rest > probePause {
				t.Fatalf("rests %v while urgent notices wait", rest)
			}
			b.clock = b.clock.Add(rest)
		}
		if attempts := len(o.got); attempts > 200 {
			t.Errorf("%d attempts within an hour", attempts)
		}
		if strings.Contains(o.ids(), "a2") {
			t.Error("a2 before a1")
		}
		o.refuses("none")
		b.clock = b.clock.Add(probePause)
		if rest := b.work(0); rest != idle {
			t.Errorf("rests %v", rest)
		}
		for _, id := range []string{"a1", "a2", "b1", "c1"} {
			if n := b.notice(id); n.Delivery.State != delivered {
				t.Errorf("%s is %+v", id, n.Delivery)
			}
		}
	})
}

// TestNewNoticeProbes is an outage without urgent notices, which a new notice
// ends early, even one that stands behind another.
func TestNewNoticeProbes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t)
		o.refuses("")
		b := newBench(t, s, noon, Webhook{Name: "desk", URL: o.URL, SecretFile: secretFile(t)})
		b.about("in-a", flow.SeverityMedium, "a1")
		b.about("in-b", flow.SeverityMedium, "b1")
		for range 20 {
			b.clock = b.clock.Add(b.work(0))
		}
		b.work(0)
		o.refuses("none")
		b.about("in-b", flow.SeverityMedium, "b2")
		if rest := b.work(0); rest != idle {
			t.Errorf("rests %v", rest)
		}
		if ids := o.ids(); strings.LastIndex(ids, "b1/") > strings.LastIndex(ids, "b2/") {
			t.Errorf("order: %s", ids)
		}
	})
}

// TestPickIsFair checks what holds whatever waits: an urgent new notice comes
// first, and an urgent one that failed is not followed by another that failed
// while others are due.
func TestPickIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := &queue{alive: rapid.Bool().Draw(t, "alive"), yields: rapid.Bool().Draw(t, "yields"), last: noon}
		var all []front
		for i := range rapid.IntRange(1, 8).Draw(t, "n") {
			f := front{id: string(rune('a' + i)), seq: int64(i), newest: int64(i), urgent: rapid.Bool().Draw(t, "urgent")}
			if rapid.Bool().Draw(t, "failed") {
				f.next = noon.Add(time.Duration(rapid.IntRange(-60, 900).Draw(t, "next")) * time.Second)
			}
			all = append(all, f)
		}
		now := noon.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "since")) * time.Second)
		got, rest := q.pick(all, now)
		if (got == nil) != (rest > 0) {
			t.Fatalf("%v and rest %v", got, rest)
		}
		for _, f := range all {
			switch {
			case f.urgent && got == nil && rest > probePause:
				t.Fatalf("rests %v while an urgent one waits", rest)
			case f.fresh() && got == nil:
				t.Fatal("a new one is not tried")
			case f.urgent && f.fresh() && !(got.urgent && got.fresh()):
				t.Fatalf("%+v before an urgent new one", got)
			case q.yields && !f.urgent && q.due(&f, now) && got.urgent && !got.fresh():
				t.Fatalf("%+v again before one of the others", got)
			}
		}
	})
}

func TestTextsSayTimesOfTheSite(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(Options{
		Instance: "Sainte-Aurélie", Zone: func() *time.Location { return paris },
		Texts: map[string]string{"notice.service-lost": "{service} is predicted to be lost at {at}"},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := m.render(flow.Text{Code: "notice.service-lost", Params: map[string]string{"service": "Theatres", "at": "2026-11-22T09:49:17Z"}})
	if text != "Theatres is predicted to be lost at 22 Nov 2026 10:49 CET" {
		t.Error(text)
	}
	if m.config.Instance != "Sainte-Aurélie" {
		t.Errorf("instance %q", m.config.Instance)
	}
}
