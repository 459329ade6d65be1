package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"warder/internal/events"
	"warder/internal/flow"
)

// question is one that is put to the store; its time is the mean of some askings.
type question struct {
	name  string
	times int
	ask   func(context.Context) error
}

func (b *storeBench) questions(store *events.Store, rnd *rand.Rand) []question {
	million := b.lastMillion()
	inWindow := func(text func(flow.Event) string) func(context.Context) error {
		return func(ctx context.Context) error {
			e := b.some(rnd)
			q := events.Query{Text: text(e), From: e.Time.Add(-storeWindow / 2), To: e.Time.Add(storeWindow / 2)}
			return b.find(ctx, store, q, 1)
		}
	}
	million.Text = ""
	sought := func(text string, least int) func(context.Context) error {
		return func(ctx context.Context) error {
			q := million
			q.Text = text
			return b.find(ctx, store, q, least)
		}
	}
	top := func(fields ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			t, err := store.Top(ctx, events.TopQuery{Query: million, Fields: fields, Limit: 10})
			if err == nil && (t.Total < min(b.seeds.have, storeMillion)*9/10 || len(t.Values) == 0) {
				err = fmt.Errorf("%d events were counted", t.Total)
			}
			return err
		}
	}
	return []question{
		{"store.window_query", storeQueries, inWindow(func(e flow.Event) string {
			return fmt.Sprintf("%s:%q %s:%s", flow.AttrHost, e.Attributes[flow.AttrHost], flow.AttrEventID, e.Attributes[flow.AttrEventID])
		})},
		{"store.exact_query", storeQueries, inWindow(func(e flow.Event) string {
			return fmt.Sprintf("%s:%q", flow.AttrUser, e.Attributes[flow.AttrUser])
		})},
		{"store.count_by", 1, top(flow.AttrEventID)},
		{"store.top_pairs", 1, top(flow.AttrHost, flow.AttrProcess)},
		{"store.substring", 1, sought(strings.ToUpper(needle), min(b.seeds.have, storeMillion)/needleEvery)},
		{"store.substring_absent", 1, sought("zerologon-"+fmt.Sprint(rnd.IntN(1000)), 0)},
		{"store.substring_of_guid", 1, sought(fmt.Sprintf("%08x-%04x", rnd.Uint32(), rnd.Uint32()&0xffff), 0)},
	}
}

// some returns an event that was stored and names a host, a user and its kind.
func (b *storeBench) some(rnd *rand.Rand) flow.Event {
	for {
		n := rnd.IntN(b.seeds.have)
		e := b.batch(n, n+1)[0]
		if e.Attributes[flow.AttrHost] != "" && e.Attributes[flow.AttrUser] != "" && e.Attributes[flow.AttrEventID] != "" {
			return e
		}
	}
}

// find asks for a page and sees that as many came as must.
func (b *storeBench) find(ctx context.Context, store *events.Store, q events.Query, least int) error {
	r, err := store.Search(ctx, q)
	if err == nil && (len(r.Events) < least || r.Damaged > 0) {
		err = fmt.Errorf("%q found %d events of at least %d", q.Text, len(r.Events), least)
	}
	return err
}

// lastMillion is the time of the newest million events.
func (b *storeBench) lastMillion() events.Query {
	return events.Query{From: b.seeds.at(max(0, b.seeds.have-storeMillion)), To: b.seeds.start.Add(b.seeds.span + time.Hour)}
}
