package notify

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

type listIn struct {
	module.Page
	Channel string `query:"channel" doc:"only of this channel, for example console"`
	Open    bool   `query:"open" doc:"only those that nobody has acknowledged"`
}

func (m *Module) listNotices(ctx context.Context, in *listIn) (*module.List[flow.Notice], error) {
	at, last, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(in.Page)
	items, err := list(ctx, m.space, `SELECT body FROM notify_notice WHERE ($1 = '' OR channel = $1) AND (NOT $2 OR NOT acked)
		AND (made < $3 OR made = $3 AND id < $4) ORDER BY made DESC, id DESC LIMIT $5`, in.Channel, in.Open, at, last, limit+1)
	return page(items, limit), err
}

type ofIncidentIn struct {
	ID string `path:"id" doc:"incident id"`
	module.Page
}

func (m *Module) listOfIncident(ctx context.Context, in *ofIncidentIn) (*module.List[flow.Notice], error) {
	at, last, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(in.Page)
	items, err := list(ctx, m.space, `SELECT body FROM notify_notice WHERE incident = $1
		AND (made < $2 OR made = $2 AND id < $3) ORDER BY made DESC, id DESC LIMIT $4`, in.ID, at, last, limit+1)
	return page(items, limit), err
}

func limitOf(p module.Page) int {
	if p.Limit <= 0 {
		return 100
	}
	return min(p.Limit, 500)
}

func page(items []flow.Notice, limit int) *module.List[flow.Notice] {
	l := &module.List[flow.Notice]{Items: items}
	if len(items) > limit {
		l.Items = items[:limit]
		last := l.Items[limit-1]
		l.Next = strconv.FormatInt(store.Micros(last.Made), 10) + "_" + last.ID
	}
	return l
}

func readCursor(s string) (at int64, last string, err error) {
	if s == "" {
		return math.MaxInt64, "", nil
	}
	first, last, _ := strings.Cut(s, "_")
	at, err = strconv.ParseInt(first, 10, 64)
	if err != nil || last == "" {
		return 0, "", fault.New(fault.Invalid, "the cursor %q is none of this list", s)
	}
	return at, last, nil
}

type acknowledgeIn struct {
	ID string `path:"id" doc:"notice id"`
}

// acknowledge notes who took notice first, and when; a second person changes
// nothing. It silences nothing either: other notices and channels go on.
func (m *Module) acknowledge(ctx context.Context, in *acknowledgeIn) (*flow.Notice, error) {
	var out *flow.Notice
	err := m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if out, err = byID(ctx, tx, in.ID); err != nil || out.Ack != nil {
			return err
		}
		who, now := module.Caller(ctx), m.now().UTC()
		out.Ack = &flow.Ack{By: who.ID, Name: cmp.Or(who.Name, who.ID, "Warder"), At: now}
		if err := change(ctx, tx, out); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Time: now, By: who.ID, Name: who.Name, Action: "notice.acknowledge", Subject: out.ID, Detail: map[string]any{"incident": out.Incident},
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// WebhookState is how deliveries to a webhook stand.
type WebhookState struct {
	Name     string     `json:"name"`
	State    string     `json:"state" doc:"ok: nothing waits; busy: something waits for its first attempt; failing: attempts fail"`
	Waiting  int        `json:"waiting"`
	Failed   int        `json:"failed" doc:"given up"`
	Attempts int        `json:"attempts,omitempty" doc:"of the notice at the head"`
	Next     *time.Time `json:"next,omitempty" doc:"when it is tried again"`
	Error    string     `json:"error,omitempty" doc:"of the last attempt"`
}

func (m *Module) listWebhooks(ctx context.Context, _ *module.None) (*module.List[WebhookState], error) {
	out := &module.List[WebhookState]{Items: []WebhookState{}}
	for _, c := range m.couriers {
		s := WebhookState{Name: c.hook.Name, State: "ok"}
		err := m.space.QueryRowContext(ctx, `SELECT count(CASE WHEN state = 'waiting' THEN 1 END), count(CASE WHEN state = 'failed' THEN 1 END)
			FROM notify_notice WHERE channel = $1`, c.hook.Channel()).Scan(&s.Waiting, &s.Failed)
		if err != nil {
			return nil, fmt.Errorf("count the notices of webhook %s: %w", c.hook.Name, err)
		}
		n, err := head(ctx, m.space, c.hook.Channel())
		if err != nil {
			return nil, err
		}
		if n != nil {
			s.State, s.Attempts, s.Next, s.Error = "busy", n.Delivery.Attempts, n.Delivery.Next, n.Delivery.Error
			if s.Attempts > 0 {
				s.State = "failing"
			}
		}
		out.Items = append(out.Items, s)
	}
	return out, nil
}
