package notify_test

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/content"
	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/correlate"
	"warder/internal/stage/impact"
	"warder/internal/stage/notify"
	"warder/internal/stage/respond"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

const secret = "a secret of sixteen"

// way is the second half of the way of an event, with everything real but the
// log.
type way struct {
	log       exchange.Log
	alerts    exchange.Topic[flow.Alert]
	incidents exchange.Topic[flow.IncidentChange]
	impacts   exchange.Topic[flow.Assessment]
	notices   exchange.Topic[flow.Notice]
	changes   exchange.Topic[flow.Change]
	seen      uint64 // offset on change
}

func reference(t testing.TB) *hospital.Holder {
	t.Helper()
	sub, err := fs.Sub(content.FS, "hospitals/reference")
	if err != nil {
		t.Fatal(err)
	}
	m, problems := hospital.LoadFolder(sub)
	if len(problems) > 0 {
		t.Fatalf("reference hospital: %v", problems[0])
	}
	s, problems := hospital.Build(m)
	if len(problems) > 0 {
		t.Fatalf("reference hospital: %v", problems[0])
	}
	return hospital.NewHolder(s)
}

func start(t testing.TB, s *store.Store, log exchange.Log, model hospital.Source, hooks ...notify.Webhook) *way {
	t.Helper()
	w := &way{
		log:       log,
		alerts:    exchange.NewTopic(log, "alert", exchange.JSON[flow.Alert]()),
		incidents: exchange.NewTopic(log, "incident", exchange.JSON[flow.IncidentChange]()),
		impacts:   exchange.NewTopic(log, "impact", exchange.JSON[flow.Assessment]()),
		notices:   exchange.NewTopic(log, "notice", exchange.JSON[flow.Notice]()),
		changes:   exchange.NewTopic(log, "change", exchange.JSON[flow.Change]()),
	}
	rules, err := impact.LoadRules(content.FS, "dependencies")
	if err != nil {
		t.Fatal(err)
	}
	playbooks, err := respond.LoadPlaybooks(content.FS, "playbooks")
	if err != nil {
		t.Fatal(err)
	}
	config := notify.Config{Instance: "test", Webhooks: hooks}
	quiet := slog.New(slog.DiscardHandler)
	n, err := notify.New(notify.Options{
		Space: s.Space("notify"), Config: config, Notices: w.notices, Log: quiet,
		Texts: map[string]string{"notice.opened": "New incident #{number} ({threat}): {place}", "threat.fire": "Fire"},
	})
	if err != nil {
		t.Fatal(err)
	}
	modules := []interface{ Run(context.Context) error }{
		correlate.New(correlate.Options{
			Space: s.Space("correlate"), Model: model, Log: quiet, Alerts: w.alerts, Impacts: w.impacts,
			Timeline: exchange.NewTopic(log, "timeline", exchange.JSON[flow.TimelineEntry]()),
		}),
		impact.New(impact.Options{
			Space: s.Space("impact"), Model: model, Engine: impact.NewSpread(rules), Log: quiet, Incidents: w.incidents,
			Models: exchange.NewTopic(log, hospital.Topic, exchange.JSON[hospital.Changed]()),
		}),
		respond.New(respond.Options{
			Space: s.Space("respond"), Model: model, Playbooks: playbooks, Channels: config.Channels(), Log: quiet,
			Incidents: w.incidents, Impacts: w.impacts,
		}),
		n,
	}
	ctx, cancel := context.WithCancel(context.Background())
	g, ctx := errgroup.WithContext(ctx)
	for _, m := range modules {
		g.Go(func() error { return m.Run(ctx) })
	}
	g.Go(func() error { return s.Relay(ctx, log) })
	t.Cleanup(func() {
		cancel()
		if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the way stopped: %v", err)
		}
	})
	return w
}

// await reads changes until one satisfies want.
func (w *way) await(t testing.TB, what string, want func(kind string, body json.RawMessage) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		if err := w.log.Wait(ctx, "change", w.seen); err != nil {
			t.Fatalf("%s did not come", what)
		}
		msgs, err := w.log.Read(ctx, "change", w.seen, 1, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range msgs {
			w.seen = m.Offset
			var c struct {
				Kind string
				Body json.RawMessage
			}
			if err := json.Unmarshal(m.Body, &c); err != nil {
				t.Fatal(err)
			}
			if want(c.Kind, c.Body) {
				return
			}
		}
	}
}

// assessment reads the newest one.
func (w *way) assessment(t testing.TB) flow.Assessment {
	t.Helper()
	last, err := w.log.Last(t.Context(), "impact")
	if err != nil {
		t.Fatal(err)
	}
	msgs, err := w.log.Read(t.Context(), "impact", last-1, 1, 1<<24)
	if err != nil || len(msgs) != 1 {
		t.Fatalf("read the assessment: %v", err)
	}
	var a flow.Assessment
	if err := json.Unmarshal(msgs[0].Body, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func is[T any](kind string, check func(T) bool) func(string, json.RawMessage) bool {
	return func(k string, body json.RawMessage) bool {
		var v T
		return k == kind && json.Unmarshal(body, &v) == nil && check(v)
	}
}

func fire(id string) flow.Alert {
	now := time.Now().UTC()
	return flow.Alert{
		ID: id, Rule: "fire-alarm", Detector: "sigma", Text: flow.Text{Code: "alert.fire"}, Threat: flow.ThreatFire,
		Severity: flow.SeverityCritical, Time: now, Received: now, Source: "fire",
		Assets: []flow.AssetRef{
			{ID: "a-fp-a", Role: flow.RoleObserver, By: flow.ByPanel, Value: "FP-A"},
			{ID: "a-r-e2014", Role: flow.RoleTarget, By: flow.ByPoint, Value: "FP-A/2-014"},
		},
	}
}

// TestFireBecomesANotice takes scenario S3 from the alert on: a fire in a plant
// room becomes an incident, a predicted loss of the theatres, a plan, and notices
// on the console and at a signed webhook.
func TestFireBecomesANotice(t *testing.T) {
	model := reference(t)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		got := &receiver{}
		server := httptest.NewServer(got)
		t.Cleanup(server.Close)
		w := start(t, s, exchangetest.NewMemory(), model, notify.Webhook{Name: "desk", URL: server.URL, SecretFile: secretFile(t)})
		if _, err := w.alerts.Publish(t.Context(), "al-fire-1", fire("al-fire-1")); err != nil {
			t.Fatal(err)
		}
		w.await(t, "the incident", is("incident", func(in flow.Incident) bool {
			return in.Type == flow.ThreatFire && in.Place == "a-r-e2014" && in.Severity == flow.SeverityCritical
		}))
		w.await(t, "the assessment", func(kind string, _ json.RawMessage) bool { return kind == "assessment" })
		if a := w.assessment(t); !slices.ContainsFunc(a.Services, func(s flow.ServiceImpact) bool {
			return s.Service == "a-cs-theatres" && s.State == flow.ThreatLost && s.TimeToHarm <= 3600
		}) {
			t.Errorf("the theatres are not predicted to be lost within the hour: %v", a.Services)
		}
		w.seen = 0
		w.await(t, "the plan", is("plan", func(p flow.Plan) bool { return p.Playbook == "fire" && len(p.Tasks) > 3 }))
		w.seen = 0
		w.await(t, "the console notice", is("notice", func(n flow.Notice) bool {
			return n.Channel == "console" && n.Text.Code == "notice.opened" && n.Delivery.State == "delivered"
		}))
		w.seen = 0
		w.await(t, "the webhook's delivery", is("notice", func(n flow.Notice) bool {
			return n.Channel == "webhook:desk" && n.Delivery.State == "delivered" && n.Delivery.Attempts == 1
		}))
		w.seen = 0
		w.await(t, "the outlook", is("incident", func(in flow.Incident) bool { return in.Outlook != nil && in.Outlook.Services > 0 }))
		p := got.first(t)
		if p.Schema != notify.Schema || p.Text == "" || p.Notice.Severity != flow.SeverityCritical {
			t.Errorf("the webhook got %+v", p)
		}
	})
}

// receiver is a webhook's other end, which verifies signatures.
type receiver struct {
	mu     sync.Mutex
	bodies []notify.Payload
	forged int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	var p notify.Payload
	if err != nil || json.Unmarshal(body, &p) != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	want := notify.Sign([]byte(secret), p.Sent, body)
	if !hmac.Equal([]byte(req.Header.Get(notify.SignatureHeader)), []byte(want)) {
		r.forged++
		http.Error(w, "forged", http.StatusForbidden)
		return
	}
	r.bodies = append(r.bodies, p)
}

func (r *receiver) first(t *testing.T) notify.Payload {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forged > 0 || len(r.bodies) == 0 {
		t.Fatalf("%d deliveries, %d forged", len(r.bodies), r.forged)
	}
	return r.bodies[0]
}

func secretFile(t testing.TB) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// BenchmarkAlertToAssessment measures what a person waits for: from an alert
// that was published to its assessment on the live stream, on the real log and
// the default database.
func BenchmarkAlertToAssessment(b *testing.B) {
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := log.Close(); err != nil {
			b.Error(err)
		}
	})
	s := storetest.Open(b, storetest.SQLite(b))
	w := start(b, s, log, reference(b))
	n := 0
	for b.Loop() {
		n++
		a := fire(fmt.Sprintf("al-%d", n))
		a.Time = a.Time.Add(time.Duration(n) * 48 * time.Hour) // each a story of its own
		if _, err := w.alerts.Publish(b.Context(), a.ID, a); err != nil {
			b.Fatal(err)
		}
		w.await(b, "the assessment", func(kind string, _ json.RawMessage) bool { return kind == "assessment" })
	}
}
