package exchangetest

import (
	"testing"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
)

func buried(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	mustAppend(t, l, "a", "1", "2", "3")
	for _, m := range mustRead(t, l, "a", 0, 10, 0) {
		must(t, l.Bury(ctx, "a", "c", m, "cannot handle "+string(m.Body)))
	}
	all, err := l.Buried(ctx, "a", 10)
	must(t, err)
	want(t, "dead letters", len(all), 3)
	for i, d := range all {
		offset := uint64(3 - i)
		body := string(rune('0' + offset))
		if d.ID == "" || d.Buried.IsZero() {
			t.Errorf("dead letter %d has no id or no time: %+v", i, d)
		}
		d.ID, d.Buried = "", all[0].Buried
		want(t, "dead letter", d, exchange.DeadLetter{
			Topic: "a", Consumer: "c", Offset: offset, Key: "k" + body, Reason: "cannot handle " + body, Buried: all[0].Buried, Size: 1,
		})
	}
	two, err := l.Buried(ctx, "a", 2)
	must(t, err)
	want(t, "at most two", two, all[:2])
	none, err := l.Buried(ctx, "b", 10)
	must(t, err)
	want(t, "of another topic", len(none), 0)
}

func buriedOnce(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	mustAppend(t, l, "a", "1")
	m := mustRead(t, l, "a", 0, 1, 0)[0]
	must(t, l.Bury(ctx, "a", "c", m, "first"))
	must(t, l.Bury(ctx, "a", "c", m, "second"))
	must(t, l.Bury(ctx, "a", "d", m, "other consumer"))
	list, err := l.Buried(ctx, "a", 10)
	must(t, err)
	want(t, "dead letters", len(list), 2)
	status, err := l.Status(ctx)
	must(t, err)
	want(t, "counted", status[0].Dead, 2)
}

func exhumed(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	mustAppend(t, l, "a", "1", "2")
	m := mustRead(t, l, "a", 0, 1, 0)[0]
	must(t, l.Bury(ctx, "a", "c", m, "why"))
	list, err := l.Buried(ctx, "a", 1)
	must(t, err)
	must(t, l.Exhume(ctx, "a", list[0].ID))
	msgs := mustRead(t, l, "a", 0, 10, 0)
	want(t, "bodies", bodies(msgs), []string{"1", "2", "1"})
	want(t, "key", msgs[2].Key, "k1")
	left, err := l.Buried(ctx, "a", 10)
	must(t, err)
	want(t, "left", len(left), 0)
	for _, id := range []string{list[0].ID, "nonsense", ""} {
		if err := l.Exhume(ctx, "a", id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("exhume %q: got %v, want a fault of kind not-found", id, err)
		}
	}
}

// oneBuried puts two messages on a topic, buries the first and returns its letter.
func oneBuried(t *testing.T, l exchange.Log) exchange.DeadLetter {
	t.Helper()
	mustAppend(t, l, "a", "1", "2")
	must(t, l.Bury(t.Context(), "a", "c", mustRead(t, l, "a", 0, 1, 0)[0], "why"))
	list, err := l.Buried(t.Context(), "a", 1)
	must(t, err)
	d, err := l.Letter(t.Context(), "a", list[0].ID)
	must(t, err)
	list[0].Body = []byte("1")
	want(t, "the letter by itself", d, list[0])
	return d
}

// nothingDead sees that a letter is gone, in the list, the count and by its id.
func nothingDead(t *testing.T, l exchange.Log, id string) {
	t.Helper()
	left, err := l.Buried(t.Context(), "a", 10)
	must(t, err)
	want(t, "left", len(left), 0)
	status, err := l.Status(t.Context())
	must(t, err)
	want(t, "counted", status[0].Dead, 0)
	if _, err := l.Letter(t.Context(), "a", id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("its letter: got %v, want a fault of kind not-found", err)
	}
}

func mended(t *testing.T, l exchange.Log) {
	d := oneBuried(t, l)
	must(t, l.Mend(t.Context(), "a", d.ID, []byte("one")))
	msgs := mustRead(t, l, "a", 0, 10, 0)
	want(t, "bodies", bodies(msgs), []string{"1", "2", "one"})
	want(t, "key", msgs[2].Key, "k1")
	nothingDead(t, l, d.ID)
	if err := l.Mend(t.Context(), "a", d.ID, []byte("one")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("mended twice: got %v, want a fault of kind not-found", err)
	}
	want(t, "published once", len(mustRead(t, l, "a", 0, 10, 0)), 3)
}

func discarded(t *testing.T, l exchange.Log) {
	d := oneBuried(t, l)
	gone, err := l.Discard(t.Context(), "a", d.ID)
	must(t, err)
	want(t, "what was discarded", gone, d)
	want(t, "bodies", bodies(mustRead(t, l, "a", 0, 10, 0)), []string{"1", "2"})
	nothingDead(t, l, d.ID)
}

func trimmed(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	mustAppend(t, l, "a", "1", "2", "3", "4")
	must(t, l.Trim(ctx, "a", 2))
	must(t, l.Trim(ctx, "a", 1))
	want(t, "from the start", bodies(mustRead(t, l, "a", 0, 10, 0)), []string{"3", "4"})
	want(t, "from within", bodies(mustRead(t, l, "a", 3, 10, 0)), []string{"4"})
	must(t, l.Trim(ctx, "a", 4))
	want(t, "all forgotten", len(mustRead(t, l, "a", 0, 10, 0)), 0)
	last, err := l.Last(ctx, "a")
	must(t, err)
	want(t, "last", last, 4)
	want(t, "offsets go on", mustAppend(t, l, "a", "5"), 5)
	want(t, "the new one", bodies(mustRead(t, l, "a", 0, 10, 0)), []string{"5"})
}

func trimAhead(t *testing.T, l exchange.Log) {
	mustAppend(t, l, "a", "1")
	must(t, l.Trim(t.Context(), "a", 100))
	want(t, "offset", mustAppend(t, l, "a", "2"), 2)
	want(t, "bodies", bodies(mustRead(t, l, "a", 0, 10, 0)), []string{"2"})
}

func status(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	mustAppend(t, l, "b", "1", "2", "3")
	mustAppend(t, l, "a", "1")
	must(t, l.Save(ctx, "b", "slow", exchange.Checkpoint{Offset: 1}))
	must(t, l.Save(ctx, "b", "quick", exchange.Checkpoint{Offset: 3}))
	must(t, l.Trim(ctx, "b", 1))
	got, err := l.Status(ctx)
	must(t, err)
	for i := range got {
		got[i].Bytes = 0
	}
	want(t, "status", got, []exchange.TopicStatus{
		{Topic: "a", First: 1, Last: 1, Consumers: []exchange.ConsumerStatus{}},
		{Topic: "b", First: 2, Last: 3, Consumers: []exchange.ConsumerStatus{
			{Name: "quick", Offset: 3}, {Name: "slow", Offset: 1, Lag: 2},
		}},
	})
}
