package exercise

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warder/internal/kit/id"
)

// poster sends to the ingest route, many records in a request.
type poster struct {
	base, token string
	client      *http.Client
}

// Bounds of one request and of trying it again.
const (
	postRecords = 500
	postBytes   = 1 << 20
	postTries   = 20
	firstPause  = 100 * time.Millisecond
	longPause   = 5 * time.Second
)

func newPoster(to Targets) *poster {
	client := to.Client
	if client == nil {
		client = &http.Client{Timeout: 2 * time.Minute}
	}
	return &poster{base: strings.TrimSuffix(to.HTTP, "/"), token: to.Token, client: client}
}

func (p *poster) close() error {
	p.client.CloseIdleConnections()
	return nil
}

// send groups what follows each other on one channel.
func (p *poster) send(ctx context.Context, msgs []message) (refusals, error) {
	var all refusals
	for len(msgs) > 0 {
		n, body := 0, bytes.Buffer{}
		for n < len(msgs) && n < postRecords && body.Len() < postBytes && msgs[n].channel == msgs[0].channel {
			body.WriteString(msgs[n].payload + "\n")
			n++
		}
		r, err := p.insist(ctx, msgs[0], body.Bytes())
		if err != nil {
			return all, err
		}
		all.add(r)
		msgs = msgs[n:]
	}
	return all, nil
}

// insist posts until the listener has answered. All tries carry the same key, so
// that no record is taken twice.
func (p *poster) insist(ctx context.Context, like message, body []byte) (refusals, error) {
	key, wait := id.New(), firstPause
	for try := 1; ; try++ {
		r, again, err := p.post(ctx, like, key, body)
		if err == nil || again < 0 || try == postTries || ctx.Err() != nil {
			return r, err
		}
		timer := time.NewTimer(max(wait, again))
		select {
		case <-ctx.Done():
			timer.Stop()
			return r, ctx.Err()
		case <-timer.C:
		}
		wait = min(2*wait, longPause)
	}
}

// post sends once. again says how long to wait at least before another try;
// below zero means that another try would not help.
func (p *poster) post(ctx context.Context, like message, key string, body []byte) (r refusals, again time.Duration, err error) {
	format, mapping, _ := strings.Cut(like.channel, "/")
	address := p.base + "/api/v1/ingest/" + format
	if mapping != "" {
		address += "?mapping=" + url.QueryEscape(mapping)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return r, -1, err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Idempotency-Key", key)
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	if like.mark != "" {
		req.Header.Set(markHeader, like.mark)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return r, 0, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return r, 0, err
	}
	switch resp.StatusCode {
	case http.StatusAccepted:
		r, err = readAnswer(answer)
		return r, -1, err
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return r, retryAfter(resp), fmt.Errorf("the ingest route is busy: %s", problem(resp, answer))
	}
	return r, -1, fmt.Errorf("the ingest route refused %s: %s", like.channel, problem(resp, answer))
}

func readAnswer(body []byte) (r refusals, err error) {
	var a struct {
		Refused []struct {
			Line   int    `json:"line"`
			Reason string `json:"reason"`
		} `json:"refused"`
		More int `json:"more_refused"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return r, fmt.Errorf("read the ingest route's answer: %w", err)
	}
	if len(a.Refused) > 0 {
		r = refusals{count: len(a.Refused) + a.More, first: a.Refused[0].Reason}
	}
	return r, nil
}

func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, time.Minute)
}

// problem is what an error answer says for people (RFC 9457).
func problem(resp *http.Response, body []byte) string {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &p) == nil && p.Title+p.Detail != "" {
		return resp.Status + ", " + strings.TrimSpace(p.Title+" "+p.Detail)
	}
	return resp.Status
}
