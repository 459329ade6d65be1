// Package exchangetest holds the tests that every exchange.Log must pass.
package exchangetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
)

// Run runs the conformance suite. open returns an empty log, which open itself
// closes at the end of the test.
func Run(t *testing.T, open func(t *testing.T) exchange.Log) {
	for name, test := range map[string]func(*testing.T, exchange.Log){
		"offsets count up from 1":                 offsets,
		"messages come back as they were":         roundTrip,
		"topics are apart":                        apart,
		"reading keeps its bounds":                bounds,
		"writers at the same time get one order":  concurrent,
		"waiting ends with a message":             waitWakes,
		"waiting ends with its context":           waitEnds,
		"checkpoints are kept per consumer":       checkpoints,
		"dead letters are listed, newest first":   buried,
		"a message is buried once per consumer":   buriedOnce,
		"an exhumed letter is published again":    exhumed,
		"a mended letter is published instead":    mended,
		"a discarded letter is gone":              discarded,
		"trimming forgets the old":                trimmed,
		"trimming does not reach into the future": trimAhead,
		"status tells every topic":                status,
		"an ended context is refused":             ended,
		"wrong names are refused":                 names,
		"a closed log says so":                    closed,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const patience = 10 * time.Second

func texts(bodies ...string) []exchange.Outgoing {
	out := make([]exchange.Outgoing, len(bodies))
	for i, b := range bodies {
		out[i] = exchange.Outgoing{Key: keyOf(b), Body: []byte(b)}
	}
	return out
}

func keyOf(body string) string { return "k" + body[:min(len(body), 8)] }

func mustAppend(t *testing.T, l exchange.Log, topic string, bodies ...string) uint64 {
	t.Helper()
	first, err := l.Append(t.Context(), topic, texts(bodies...))
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return first
}

func mustRead(t *testing.T, l exchange.Log, topic string, after uint64, max, maxBytes int) []exchange.Message {
	t.Helper()
	msgs, err := l.Read(t.Context(), topic, after, max, maxBytes)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return msgs
}

func bodies(msgs []exchange.Message) []string {
	var out []string
	for _, m := range msgs {
		out = append(out, string(m.Body))
	}
	return out
}

func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func offsets(t *testing.T, l exchange.Log) {
	last, err := l.Last(t.Context(), "a")
	must(t, err)
	want(t, "last of an empty topic", last, 0)
	want(t, "first offset", mustAppend(t, l, "a", "1", "2"), 1)
	want(t, "next offset", mustAppend(t, l, "a", "3"), 3)
	last, err = l.Last(t.Context(), "a")
	must(t, err)
	want(t, "last", last, 3)
	if _, err := l.Append(t.Context(), "a", nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("appending nothing: got %v, want a fault of kind invalid", err)
	}
}

func roundTrip(t *testing.T, l exchange.Log) {
	before := time.Now().Add(-time.Minute)
	big := string(make([]byte, 3<<20))
	mustAppend(t, l, "a", "", "x", big)
	msgs := mustRead(t, l, "a", 0, 10, 1<<30)
	want(t, "bodies", bodies(msgs), []string{"", "x", big})
	for i, m := range msgs {
		want(t, "offset", m.Offset, uint64(i+1))
		want(t, "key", m.Key, keyOf(string(m.Body)))
		if m.Writer == "" || m.Seq == 0 || m.Time.Before(before) {
			t.Errorf("message %d lacks its origin: writer %q, sequence %d, time %s", i, m.Writer, m.Seq, m.Time)
		}
		if i > 0 && (m.Writer != msgs[0].Writer || m.Seq != msgs[0].Seq+uint64(i)) {
			t.Errorf("message %d: the writer's sequence is not dense: %s.%d", i, m.Writer, m.Seq)
		}
	}
}

func apart(t *testing.T, l exchange.Log) {
	mustAppend(t, l, "a", "1")
	mustAppend(t, l, "a.b", "2")
	mustAppend(t, l, "ab", "3")
	mustAppend(t, l, "a", "4")
	want(t, "topic a", bodies(mustRead(t, l, "a", 0, 10, 0)), []string{"1", "4"})
	want(t, "topic a.b", bodies(mustRead(t, l, "a.b", 0, 10, 0)), []string{"2"})
	want(t, "topic ab", bodies(mustRead(t, l, "ab", 0, 10, 0)), []string{"3"})
	want(t, "a topic that nobody wrote", len(mustRead(t, l, "none", 0, 10, 0)), 0)
}

func bounds(t *testing.T, l exchange.Log) {
	mustAppend(t, l, "a", "1111", "2222", "3333", "4444")
	want(t, "at most two", bodies(mustRead(t, l, "a", 1, 2, 0)), []string{"2222", "3333"})
	want(t, "at least one, however big", bodies(mustRead(t, l, "a", 0, 10, 1)), []string{"1111"})
	want(t, "the end", len(mustRead(t, l, "a", 4, 10, 0)), 0)
	want(t, "beyond the end", len(mustRead(t, l, "a", 99, 10, 0)), 0)
}

func concurrent(t *testing.T, l exchange.Log) {
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				body := fmt.Sprintf("%d.%d", w, i)
				if _, err := l.Append(context.Background(), "a", texts(body, body+"+")); err != nil {
					t.Errorf("append: %v", err)
				}
			}
		})
	}
	wg.Wait()
	msgs := mustRead(t, l, "a", 0, 2*writers*each+1, 1<<30)
	want(t, "messages", len(msgs), 2*writers*each)
	next := make([]int, writers)
	for i := 0; i+1 < len(msgs); i += 2 {
		var w, n int
		if _, err := fmt.Sscanf(string(msgs[i].Body), "%d.%d", &w, &n); err != nil || next[w] != n {
			t.Fatalf("message %d is %q; want number %d of its writer", i, msgs[i].Body, next[w])
		}
		want(t, "the second of a batch", string(msgs[i+1].Body), string(msgs[i].Body)+"+")
		next[w]++
	}
}

func waitWakes(t *testing.T, l exchange.Log) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	woken := make(chan error, 2)
	go func() { woken <- l.Wait(ctx, "a", 0) }()
	go func() { woken <- l.Wait(ctx, "a", 1) }()
	mustAppend(t, l, "a", "1", "2")
	must(t, <-woken)
	must(t, <-woken)
	must(t, l.Wait(ctx, "a", 1))
	want(t, "read after waiting", bodies(mustRead(t, l, "a", 1, 10, 0)), []string{"2"})
}

func waitEnds(t *testing.T, l exchange.Log) {
	mustAppend(t, l, "a", "1")
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan error, 1)
	go func() { woken <- l.Wait(ctx, "a", 1) }()
	cancel()
	if err := <-woken; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
}

func checkpoints(t *testing.T, l exchange.Log) {
	ctx := t.Context()
	cp, err := l.Checkpoint(ctx, "a", "one")
	must(t, err)
	want(t, "no checkpoint yet", cp, exchange.Checkpoint{})
	mustAppend(t, l, "a", "1", "2", "3")
	must(t, l.Save(ctx, "a", "one", exchange.Checkpoint{Offset: 1}))
	must(t, l.Save(ctx, "a", "two", exchange.Checkpoint{Offset: 3, State: []byte("st\x00ate")}))
	must(t, l.Save(ctx, "a", "one", exchange.Checkpoint{Offset: 2}))
	for name, wanted := range map[string]exchange.Checkpoint{
		"one": {Offset: 2}, "two": {Offset: 3, State: []byte("st\x00ate")}, "three": {},
	} {
		cp, err := l.Checkpoint(ctx, "a", name)
		must(t, err)
		want(t, "checkpoint of "+name, cp, wanted)
	}
}

func ended(t *testing.T, l exchange.Log) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Append(ctx, "a", texts("1")); !errors.Is(err, context.Canceled) {
		t.Errorf("append: got %v, want the context's end", err)
	}
	if _, err := l.Read(ctx, "a", 0, 1, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("read: got %v, want the context's end", err)
	}
	want(t, "messages", len(mustRead(t, l, "a", 0, 10, 0)), 0)
}

func names(t *testing.T, l exchange.Log) {
	for _, topic := range []string{"", "a b", "a\x00b", "é", string(make([]byte, 200))} {
		if _, err := l.Append(t.Context(), topic, texts("1")); fault.KindOf(err) != fault.Invalid {
			t.Errorf("topic %q: got %v, want a fault of kind invalid", topic, err)
		}
	}
	if err := l.Save(t.Context(), "a", "b c", exchange.Checkpoint{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("consumer %q: got %v, want a fault of kind invalid", "b c", err)
	}
}

func closed(t *testing.T, l exchange.Log) {
	mustAppend(t, l, "a", "1")
	woken := make(chan error, 1)
	go func() { woken <- l.Wait(context.Background(), "a", 1) }()
	must(t, l.Close())
	if err := <-woken; fault.KindOf(err) != fault.Unavailable {
		t.Errorf("wait: got %v, want a fault of kind unavailable", err)
	}
	if _, err := l.Append(t.Context(), "a", texts("1")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("append: got %v, want a fault of kind unavailable", err)
	}
	if _, err := l.Read(t.Context(), "a", 0, 1, 0); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("read: got %v, want a fault of kind unavailable", err)
	}
	must(t, l.Close())
}
