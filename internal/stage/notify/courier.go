package notify

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/id"
	"warder/internal/store"
)

// Pauses between two attempts, doubled from first to longest, and for how long
// it is tried at all.
const (
	firstPause   = 2 * time.Second
	longestPause = 15 * time.Minute
	patience     = 24 * time.Hour
)

// courier brings one webhook its notices, one at a time, those about an incident
// in order.
type courier struct {
	*Module
	hook  Webhook
	wake  chan struct{} // a token when there may be something new
	queue queue
}

// run works until the context ends. Errors of the database are logged and tried
// again, as a courier that stops would silently delay notices.
func (c *courier) run(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, err := c.step(ctx)
		if err != nil && ctx.Err() == nil {
			c.log.Error("a courier stumbles", "webhook", c.hook.Name, "error", err)
			wait = firstPause
		}
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-c.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// idle is how long a courier rests when nothing waits; it is woken before that.
const idle = time.Hour

// step tries the notice whose turn it is, if there is one, and returns how long to
// rest.
func (c *courier) step(ctx context.Context) (time.Duration, error) {
	queued, err := fronts(ctx, c.space, c.hook.Channel())
	if err != nil {
		return 0, err
	}
	now := c.now()
	next, rest := c.queue.pick(queued, now)
	if next == nil {
		return rest, nil
	}
	n, err := byID(ctx, c.space, next.id)
	if err != nil {
		return 0, err
	}
	failure := c.hook.post(ctx, c.client, c.payload(n, now))
	if ctx.Err() != nil {
		return 0, nil // the attempt was cut off by the end of the program: it does not count
	}
	c.queue.note(next, failure == nil || errors.Is(failure, errRefused), c.now())
	return 0, c.settle(ctx, n.ID, failure)
}

func (c *courier) payload(n *flow.Notice, now time.Time) Payload {
	p := Payload{
		Schema: Schema, Instance: c.config.Instance, Sent: now.UTC(), Attempt: n.Delivery.Attempts + 1, Text: c.render(n.Text),
		Notice:   NoticeBody{ID: n.ID, Severity: n.Severity, Made: n.Made, Text: n.Text},
		Incident: IncidentRef{ID: n.Incident},
	}
	if c.config.Address != "" {
		p.Incident.URL = strings.TrimSuffix(c.config.Address, "/") + "/incidents/" + n.Incident
	}
	return p
}

// settle writes down how an attempt went. The notice is read again: somebody may
// have acknowledged it meanwhile.
func (c *courier) settle(ctx context.Context, notice string, failure error) error {
	return c.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := byID(ctx, tx, notice)
		if err != nil || n.Delivery.State != waiting {
			return err
		}
		now := c.now().UTC()
		n.Delivery.Attempts++
		switch {
		case failure == nil:
			deliver(n, now)
		case errors.Is(failure, errRefused) || now.Sub(n.Made) >= patience:
			n.Delivery.State, n.Delivery.Next, n.Delivery.Error = failed, nil, failure.Error()
			if err := c.complain(ctx, tx, n); err != nil {
				return err
			}
		default:
			n.Delivery.Next, n.Delivery.Error = new(now.Add(pause(n.Delivery.Attempts))), failure.Error()
		}
		return change(ctx, tx, n)
	})
}

// complain tells on the console that a webhook could not be reached.
func (c *courier) complain(ctx context.Context, tx *store.Tx, n *flow.Notice) error {
	now := c.now().UTC()
	complaint := &flow.Notice{
		ID: id.Derive("no", n.ID, "failed"), Incident: n.Incident, Channel: console, Severity: n.Severity, Made: now, Exercise: n.Exercise,
		Text: flow.Text{Code: "notice.failed", Params: map[string]string{"channel": c.hook.Name, "error": n.Delivery.Error}},
	}
	deliver(complaint, now)
	fresh, err := keep(ctx, tx, complaint)
	if fresh {
		tell(tx, complaint)
	}
	return err
}

// pause grows with the attempts; half of it is left to chance, so that many
// notices that failed together do not come back together.
func pause(attempts int) time.Duration {
	full := firstPause << min(attempts-1, 20)
	full = min(full, longestPause)
	return full/2 + rand.N(full/2)
}

// render puts a text into words, in the instance's language.
func (m *Module) render(t flow.Text) string {
	var pairs []string
	for name, value := range t.Params {
		value = m.local(value)
		// Codes among the parameters have words of their own.
		pairs = append(pairs, "{"+name+"}", cmp.Or(m.texts[name+"."+value], value))
	}
	return strings.NewReplacer(pairs...).Replace(m.texts[t.Code])
}

// local gives a time among the parameters as people at the hospital say it; what
// is none stays as it is.
func (m *Module) local(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	return at.In(m.zone()).Format("2 Jan 2006 15:04 MST")
}
