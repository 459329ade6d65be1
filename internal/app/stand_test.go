package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"warder/internal/api"
)

// stand is a whole Warder at work, and an administrator's way into it.
type stand struct {
	*App
	caller
	halt func() // ends it as SIGTERM does, and returns when it is closed
}

// serve runs a Warder until the test ends or halt is called; before is done
// when it is open and does not serve yet.
func serve(t *testing.T, cfg Config, before func(*App) error) *stand {
	t.Helper()
	return serveAt(t, cfg, time.Now, before)
}

// serveAt is serve with a clock.
func serveAt(t *testing.T, cfg Config, now func() time.Time, before func(*App) error) *stand {
	t.Helper()
	a, err := openAt(t.Context(), cfg, "test", slog.New(slog.DiscardHandler), now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	begun, halted := false, false
	s := &stand{App: a, halt: func() {
		if halted {
			return
		}
		halted = true
		cancel()
		if begun {
			err = <-ended
		}
		if err := errors.Join(err, a.Close()); err != nil {
			t.Error(err)
		}
	}}
	t.Cleanup(s.halt)
	token, err := a.house.people.MakeToken(t.Context(), "test", api.RoleAdmin, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s.caller = caller{base: a.URL() + api.Prefix, token: token.Secret}
	if before != nil {
		if err := before(a); err != nil {
			t.Fatal(err)
		}
	}
	begun = true
	go func() { ended <- a.Run(ctx) }()
	return s
}

// caller speaks to the API of a Warder.
type caller struct {
	base, token string
	client      http.Client
}

// call returns the status and the body of an answer.
func (c *caller) call(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.do(&c.client, req)
}

// post is call with a client and a sender's key; no key when it is empty.
func (c *caller) post(client *http.Client, path string, body []byte, key string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return c.do(client, req)
}

func (c *caller) do(client *http.Client, req *http.Request) (int, []byte, error) {
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// must is call for what has to succeed.
func (c *caller) must(t *testing.T, method, path, body string) []byte {
	t.Helper()
	var in []byte
	if body != "" {
		in = []byte(body)
	}
	status, answer, err := c.call(t.Context(), method, path, in)
	if err != nil || status >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s %v", method, path, status, answer, err)
	}
	return answer
}

// list reads a list to its end.
func list[T any](t *testing.T, c *caller, path string) (all []T) {
	t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []T    `json:"items"`
			Next  string `json:"next"`
		}
		at := path
		if cursor != "" {
			at = fmt.Sprintf("%s&cursor=%s", path, cursor)
		}
		if err := json.Unmarshal(c.must(t, http.MethodGet, at, ""), &page); err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

// until waits for something that is on its way.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute until %s", what)
		}
	}
}
