package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// office is a receiver that answers as it is told and keeps what it got.
type office struct {
	*httptest.Server
	answer func(w http.ResponseWriter, r *http.Request)
	mu     sync.Mutex
	got    []Payload
}

func newOffice(t *testing.T) *office {
	o := &office{answer: func(http.ResponseWriter, *http.Request) {}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var p Payload
		if err != nil || json.Unmarshal(body, &p) != nil {
			t.Errorf("unreadable delivery: %s", body)
		}
		if r.Header.Get(SignatureHeader) != Sign([]byte("a secret of sixteen"), p.Sent, body) {
			t.Errorf("wrong signature %q", r.Header.Get(SignatureHeader))
		}
		if r.Header.Get("Idempotency-Key") != p.Notice.ID {
			t.Errorf("key %q of %s", r.Header.Get("Idempotency-Key"), p.Notice.ID)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.got = append(o.got, p)
		o.answer(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *office) ids() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ids []string
	for _, p := range o.got {
		ids = append(ids, fmt.Sprintf("%s/%d", p.Notice.ID, p.Attempt))
	}
	return strings.Join(ids, " ")
}

func answer(status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the test looks at what arrives
	}
}

// bench is the module on a store, with a clock that the test moves.
type bench struct {
	*Module
	t      *testing.T
	clock  time.Time
	offset uint64
	// of the notices that are given
	severity flow.Severity
	incident string
}

func newBench(t *testing.T, s *store.Store, clock time.Time, hooks ...Webhook) *bench {
	t.Helper()
	log := exchangetest.NewMemory()
	b := &bench{t: t, clock: clock, severity: flow.SeverityHigh, incident: "in-1"}
	m, err := New(Options{
		Space: s.Space("notify"), Config: Config{Instance: "test", Address: "https://warder.example/", Webhooks: hooks},
		Texts: map[string]string{"notice.opened": "New incident ({threat}): {place}", "threat.fire": "Fire"},
		Now:   func() time.Time { return b.clock }, Notices: exchange.NewTopic(log, "notice", exchange.JSON[flow.Notice]()),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Module = m
	return b
}

func secretFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(" a secret of sixteen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func (b *bench) give(ids ...string) {
	b.t.Helper()
	var batch []exchange.Delivery[flow.Notice]
	for _, id := range ids {
		channel := "webhook:desk"
		if c, rest, ok := strings.Cut(id, "@"); ok {
			id, channel = c, rest
		}
		b.offset++
		batch = append(batch, exchange.Delivery[flow.Notice]{Message: exchange.Message{Offset: b.offset}, Value: flow.Notice{
			ID: id, Incident: b.incident, Channel: channel, Severity: b.severity, Made: b.clock,
			Text: flow.Text{Code: "notice.opened", Params: map[string]string{"threat": "fire", "place": "Ward"}},
		}})
	}
	if err := b.takeNotices().Handle(b.t.Context(), batch); err != nil {
		b.t.Fatal(err)
	}
}

// work lets the courier step until it wants to rest, and says for how long.
func (b *bench) work(courier int) time.Duration {
	b.t.Helper()
	for {
		rest, err := b.couriers[courier].step(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if rest > 0 {
			return rest
		}
	}
}

func (b *bench) notice(id string) *flow.Notice {
	b.t.Helper()
	n, err := byID(b.t.Context(), b.space, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestDelivery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t)
		b := newBench(t, s, noon, Webhook{Name: "desk", URL: o.URL, SecretFile: secretFile(t)})
		b.give("n1", "n2", "n1", "n3@console", "n4@webhook:gone")
		if rest := b.work(0); rest != idle {
			t.Errorf("rests %v", rest)
		}
		if o.ids() != "n1/1 n2/1" {
			t.Errorf("delivered %s", o.ids())
		}
		p := o.got[0]
		if p.Schema != Schema || p.Instance != "test" || p.Text != "New incident (Fire): Ward" || p.Incident.URL != "https://warder.example/incidents/in-1" {
			t.Errorf("payload %+v", p)
		}
		for id, want := range map[string]string{"n1": delivered, "n2": delivered, "n3": delivered, "n4": failed} {
			if n := b.notice(id); n.Delivery.State != want {
				t.Errorf("%s: %+v, want %s", id, n.Delivery, want)
			}
		}
	})
}

// TestRetries goes through an outage with a restart in its middle: order is
// kept, nothing is lost, and another webhook is not held up.
func TestRetries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, other := newOffice(t), newOffice(t)
		o.answer = answer(http.StatusServiceUnavailable, "tired")
		hooks := []Webhook{{Name: "desk", URL: o.URL, SecretFile: secretFile(t)}, {Name: "chief", URL: other.URL, SecretFile: secretFile(t)}}
		b := newBench(t, s, noon, hooks...)
		b.severity = flow.SeverityMedium
		b.give("n1", "n2", "c1@webhook:chief")
		rest := b.work(0)
		if rest <= 0 || rest > firstPause {
			t.Errorf("first pause %v", rest)
		}
		n := b.notice("n1")
		if n.Delivery.State != waiting || n.Delivery.Attempts != 1 || !strings.Contains(n.Delivery.Error, "503 tired") {
			t.Errorf("after one failure: %+v", n.Delivery)
		}
		b.work(1)
		if other.ids() != "c1/1" {
			t.Errorf("the other webhook got %s", other.ids())
		}
		states, err := b.listWebhooks(t.Context(), nil)
		if err != nil || states.Items[0].State != "failing" || states.Items[0].Waiting != 2 || states.Items[1].State != "ok" {
			t.Errorf("states: %+v, %v", states, err)
		}
		for range 8 {
			b.clock = b.clock.Add(rest)
			rest = b.work(0)
		}
		if rest < 100*time.Second || rest > longestPause {
			t.Errorf("pause after nine failures: %v", rest)
		}
		if err := b.Check(t.Context()); (err != nil) != (b.clock.Sub(noon) > late) {
			t.Errorf("check after %v: %v", b.clock.Sub(noon), err)
		}
		again := newBench(t, s, b.clock.Add(rest), hooks...)
		o.answer = answer(http.StatusNoContent, "")
		again.work(0)
		if !strings.HasSuffix(o.ids(), "n1/9 n1/10 n2/1") {
			t.Errorf("after the restart: %s", o.ids())
		}
	})
}

func TestGivingUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t)
		b := newBench(t, s, noon, Webhook{Name: "desk", URL: o.URL, SecretFile: secretFile(t)})
		o.answer = func(w http.ResponseWriter, r *http.Request) {
			if len(o.got) == 1 {
				answer(http.StatusUnprocessableEntity, "what is this?")(w, r)
			}
		}
		b.give("n1", "n2")
		b.work(0)
		if o.ids() != "n1/1 n2/1" {
			t.Errorf("a refused notice held up the next: %s", o.ids())
		}
		if n := b.notice("n1"); n.Delivery.State != failed || !strings.Contains(n.Delivery.Error, "what is this?") {
			t.Errorf("refused: %+v", n.Delivery)
		}
		o.answer = answer(http.StatusInternalServerError, "")
		b.severity = flow.SeverityMedium
		b.give("n3")
		for tries := 0; b.notice("n3").Delivery.State == waiting; tries++ {
			if tries > 500 {
				t.Fatal("it is tried for ever")
			}
			if rest := b.work(0); rest != idle {
				b.clock = b.clock.Add(rest)
			}
		}
		if after := b.clock.Sub(noon); after < patience || after > patience+longestPause {
			t.Errorf("given up after %v", after)
		}
		list, err := b.listNotices(t.Context(), &listIn{Channel: "console"})
		if err != nil || len(list.Items) != 2 || list.Items[0].Text.Code != "notice.failed" {
			t.Errorf("complaints: %+v, %v", list, err)
		}
	})
}

// TestReceiversThatMisbehave needs no database.
func TestReceiversThatMisbehave(t *testing.T) {
	w := Webhook{Name: "desk", SecretFile: secretFile(t)}
	elsewhere := newOffice(t)
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "redirects are not followed"},
		{"endless body", func(w http.ResponseWriter, r *http.Request) {
			for w.WriteHeader(http.StatusBadGateway); r.Context().Err() == nil; {
				if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		}, "502 xxx"},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client is gone
			<-r.Context().Done()
		}, "Timeout"},
		{"hangs up", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, "reach the receiver"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			hook := w
			hook.URL = server.URL + "/token-in-the-address"
			client := newClient(&http.Transport{DisableKeepAlives: true}, 300*time.Millisecond)
			err := hook.post(t.Context(), client, Payload{Schema: Schema, Sent: noon})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "token-in-the-address") {
				t.Errorf("the error shows the address: %v", err)
			}
		})
	}
	if len(elsewhere.got) > 0 {
		t.Error("a redirect was followed")
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer server.Close()
	server.Config.ErrorLog = nil
	w := Webhook{Name: "desk", URL: server.URL, SecretFile: secretFile(t)}
	err := w.post(t.Context(), newClient(&http.Transport{DisableKeepAlives: true}, time.Second), Payload{Sent: noon})
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate: %v", err)
	}
}

func TestAcknowledge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s, noon)
		b.give("n1@console", "n2@console")
		first := module.WithCaller(t.Context(), module.Principal{ID: "u-1", Name: "Claire Moreau"})
		second := module.WithCaller(t.Context(), module.Principal{ID: "u-2", Name: "Louise Garnier"})
		n, err := b.acknowledge(first, &acknowledgeIn{ID: "n1"})
		if err != nil || n.Ack.Name != "Claire Moreau" || !n.Ack.At.Equal(noon) {
			t.Fatalf("%+v, %v", n, err)
		}
		if n, err = b.acknowledge(second, &acknowledgeIn{ID: "n1"}); err != nil || n.Ack.Name != "Claire Moreau" {
			t.Errorf("a second one: %+v, %v", n, err)
		}
		if _, err := b.acknowledge(first, &acknowledgeIn{ID: "n9"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("unknown: %v", err)
		}
		open, err := b.listNotices(t.Context(), &listIn{Open: true})
		if err != nil || len(open.Items) != 1 || open.Items[0].ID != "n2" {
			t.Errorf("open: %+v, %v", open, err)
		}
		in := &ofIncidentIn{ID: "in-1", Page: module.Page{Limit: 1}}
		page, err := b.listOfIncident(t.Context(), in)
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != "n2" || page.Next == "" {
			t.Fatalf("page: %+v, %v", page, err)
		}
		in.Cursor = page.Next
		if page, err = b.listOfIncident(t.Context(), in); err != nil || len(page.Items) != 1 || page.Items[0].ID != "n1" || page.Next != "" {
			t.Errorf("last page: %+v, %v", page, err)
		}
	})
}

func TestValidate(t *testing.T) {
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := Webhook{Name: "desk", URL: "https://desk.example/hook", SecretFile: secretFile(t)}
	c := Config{Timeout: time.Hour, Webhooks: []Webhook{good, good, {Name: "De sk", URL: "desk", Least: "grave", SecretFile: short}, {Name: "x", URL: "ftp://x", SecretFile: "absent"}}}
	err := c.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"timeout 1h", `two of the name "desk"`, `name "De sk"`, "want an http or https address", `least "grave"`, "shorter than 16", "absent"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among:\n%v", want, err)
		}
	}
	if err := (&Config{Webhooks: []Webhook{good}}).Validate(); err != nil {
		t.Errorf("good settings: %v", err)
	}
}
