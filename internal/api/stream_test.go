package api

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"strings"
	"testing"
	"time"

	"warder/internal/exchange"
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

func streamServer(t *testing.T, log ChangeLog) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(NewStream(log, changes).serve))
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
	stream := NewStream(changeLog(t, 1), "change")
	w := httptest.NewRecorder()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		stream.serve(w, httptest.NewRequest(http.MethodGet, "/stream", nil))
	}()
	stream.End()
	<-ended
}
