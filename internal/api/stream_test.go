package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store/storetest"
)

const changes = "change"

func changeLog(t *testing.T, n int) *exchange.Embedded {
	t.Helper()
	log, err := exchange.OpenEmbedded(exchange.Options{Dir: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	appendChanges(t, log, 1, n)
	return log
}

func appendChanges(t *testing.T, log *exchange.Embedded, from, to int) {
	t.Helper()
	var msgs []exchange.Outgoing
	for i := from; i <= to; i++ {
		msgs = append(msgs, exchange.Outgoing{Body: fmt.Appendf(nil, `{"kind":"incident","id":"in-%d"}`, i)})
	}
	if len(msgs) == 0 {
		return
	}
	if _, err := log.Append(t.Context(), changes, msgs); err != nil {
		t.Fatal(err)
	}
}

// listen opens the stream and returns a function that reads its next event as
// "id name data".
func listen(t *testing.T, url, lastID string) func() string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	return func() string {
		var id, name, data string
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "id":
				id = value
			case "event":
				name = value
			case "data":
				data = value
			case "":
				return id + " " + name + " " + data
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
}

// anybody may read.
type anybody struct{}

func (anybody) Still(*http.Request, module.Permission) error { return nil }

func streamServer(t *testing.T, log ChangeLog) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(NewStream(log, changes, anybody{}).serve))
	t.Cleanup(server.Close)
	return server.URL
}

func TestStreamSendsWhatChanges(t *testing.T) {
	log := changeLog(t, 3)
	next := listen(t, streamServer(t, log), "")
	if got := next(); got != "3 hello {}" {
		t.Fatalf("greeting: %s", got)
	}
	appendChanges(t, log, 4, 5)
	for i := 4; i <= 5; i++ {
		if got, want := next(), fmt.Sprintf(`%d incident {"kind":"incident","id":"in-%d"}`, i, i); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

func TestStreamResumesWhereTheClientWas(t *testing.T) {
	url := streamServer(t, changeLog(t, 5))
	next := listen(t, url, "3")
	if got := next(); got != "3 hello {}" {
		t.Fatalf("greeting: %s", got)
	}
	for i := 4; i <= 5; i++ {
		if got, want := next(), fmt.Sprintf(`%d incident {"kind":"incident","id":"in-%d"}`, i, i); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

func TestStreamTellsAClientFromAnotherTimeToStartAfresh(t *testing.T) {
	url := streamServer(t, changeLog(t, 2))
	if got := listen(t, url, "99")(); got != "2 reset {}" {
		t.Fatalf("greeting: %s", got)
	}
	res, err := http.DefaultClient.Do(&http.Request{Method: "GET", URL: mustURL(t, url), Header: http.Header{"Last-Event-Id": {"x"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("nonsense as an id is answered with %d", res.StatusCode)
	}
}

func mustURL(t *testing.T, s string) *neturl.URL {
	t.Helper()
	u, err := neturl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestStreamEndsWithItsServer(t *testing.T) {
	stream := NewStream(changeLog(t, 1), changes, anybody{})
	w := httptest.NewRecorder()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		stream.serve(w, httptest.NewRequest(http.MethodGet, "/stream", nil))
	}()
	stream.End()
	<-ended
}

// reader opens the house's stream, as its client or by a token, and returns the
// rest of the stream after the greeting.
func (h *house) reader(token string) *bufio.Reader {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 10*time.Second)
	h.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", h.url+Prefix+"/stream", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := h.client
	if token != "" {
		client = http.DefaultClient
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = res.Body.Close() })
	rest := bufio.NewReader(res.Body)
	for line := ""; line != "\n"; {
		if line, err = rest.ReadString('\n'); err != nil {
			h.t.Fatalf("the greeting ended (status %d): %v", res.StatusCode, err)
		}
	}
	return rest
}

func TestStreamEndsWhenItsReaderMayNoLongerRead(t *testing.T) {
	ends := map[string]struct {
		token bool
		end   func(h *house, id string) // id of the token or of the person
	}{
		"a withdrawn token": {true, func(h *house, id string) { h.want(204, "DELETE", "/api/v1/tokens/"+id, "") }},
		"a sign-out":        {false, func(h *house, _ string) { h.want(204, "DELETE", "/api/v1/session", "") }},
		"a removed person": {false, func(h *house, id string) {
			if _, err := h.people.removeUser(h.t.Context(), &byID{ID: id}); err != nil {
				h.t.Fatal(err)
			}
		}},
	}
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t, storetest.SQLite(t))
			log := changeLog(t, 1)
			var late atomic.Bool // whether answers about readers are too old to be trusted
			people := NewPeople(PeopleOptions{Space: s.Space("api"), Now: time.Now})
			stream := NewStream(log, changes, people)
			began := time.Now()
			stream.now = func() time.Time {
				if late.Load() {
					return began.Add(trusted)
				}
				return began
			}
			h := open(t, s, stream.Routes()...)
			h.signIn(RoleAdmin)
			var session SessionInfo
			if err := json.Unmarshal([]byte(h.want(200, "GET", "/api/v1/session", "")), &session); err != nil {
				t.Fatal(err)
			}
			id, secret := session.User.ID, ""
			if c.token {
				made, err := h.people.MakeToken(t.Context(), "wall", RoleViewer, 0)
				if err != nil {
					t.Fatal(err)
				}
				id, secret = made.ID, made.Secret
			}
			rest := h.reader(secret)
			c.end(h, id)
			late.Store(true)
			appendChanges(t, log, 2, 2)
			text, err := io.ReadAll(rest)
			if err != nil || len(text) > 0 {
				t.Fatalf("after its end the stream said %q, %v", text, err)
			}
		})
	}
}

// quiet is a log in which nothing happens.
type quiet struct{}

func (quiet) Read(context.Context, string, uint64, int, int) ([]exchange.Message, error) {
	return nil, nil
}

func (quiet) Wait(ctx context.Context, _ string, _ uint64) error { <-ctx.Done(); return ctx.Err() }

func (quiet) Last(context.Context, string) (uint64, error) { return 0, nil }

// gone may no longer read.
type gone struct{}

func (gone) Still(*http.Request, module.Permission) error {
	return fault.New(fault.Unknown, "gone")
}

func TestStreamAsksAgainAtEachHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		stream := NewStream(quiet{}, changes, gone{})
		defer stream.End()
		stream.serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/stream", nil))
		if took := time.Since(began); took != heartbeat {
			t.Fatalf("nobody's stream ended after %s", took)
		}
	})
}
