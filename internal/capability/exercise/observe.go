package exercise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"warder/internal/flow"
	"warder/internal/module"
)

// Observer looks at what came of a play.
type Observer interface {
	Observe(ctx context.Context) ([]Observed, error)
}

// Client observes through the API, as a program with a token of role viewer.
type Client struct {
	Base  string // of the API's address: http://127.0.0.1:8080
	Token string
	HTTP  *http.Client // nil means http.DefaultClient
	// Exercise is the id of the exercise to look at; empty means what is live.
	Exercise string
}

var _ Observer = (*Client)(nil)

// Observe reads every incident, open or not, and what belongs to it.
func (c *Client) Observe(ctx context.Context) ([]Observed, error) {
	incidents, err := pages[flow.Incident](ctx, c, "/incidents", url.Values{"status": {"all"}, "exercise": {fmt.Sprint(c.Exercise != "")}})
	if err != nil {
		return nil, err
	}
	var all []Observed
	for _, in := range incidents {
		if in.Exercise != c.Exercise {
			continue
		}
		o, err := c.incident(ctx, in)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

func (c *Client) incident(ctx context.Context, in flow.Incident) (o Observed, err error) {
	o.Incident = in
	at := "/incidents/" + url.PathEscape(in.ID)
	if o.Joins, err = pages[flow.Join](ctx, c, at+"/alerts", nil); err != nil {
		return o, err
	}
	var plans module.List[flow.Plan] // whole: there are no pages of it
	if err = c.get(ctx, at+"/plan", nil, &plans); err != nil {
		return o, err
	}
	o.Plans = plans.Items
	err = c.get(ctx, at+"/impact", nil, &o.Assessment)
	if errors.Is(err, errNotFound) { // nothing was computed yet
		err = nil
	}
	return o, err
}

// pages reads a list to its end.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	var all []T
	q := url.Values{"limit": {"200"}}
	for key, v := range query {
		q[key] = v
	}
	for {
		var page module.List[T]
		if err := c.get(ctx, path, q, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" || page.Next == q.Get("cursor") {
			return all, nil
		}
		q.Set("cursor", page.Next)
	}
}

var errNotFound = errors.New("there is no such thing")

// largestAnswer bounds what is read of one answer, in bytes.
const largestAnswer = 64 << 20

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Base, "/")+"/api/v1"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return fmt.Errorf("read %s: %w", path, errNotFound)
	default:
		return fmt.Errorf("read %s: %s", path, problem(resp, body))
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
