package exchange_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
	"warder/internal/kit/fault"
)

// TestLikeTheModel does the same random things to the embedded log, which is
// closed and opened again now and then, and to the model in memory.
func TestLikeTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := vfs.NewMem()
		reopen := func() *exchange.Embedded {
			l, err := exchange.OpenEmbedded(exchange.Options{Dir: "x", FS: fs})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		p := &pair{log: reopen(), model: exchangetest.NewMemory()}
		defer func() { _ = p.log.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"append":     p.append,
			"read":       p.read,
			"save":       p.save,
			"bury":       p.bury,
			"exhume":     p.exhume,
			"trim":       p.trim,
			"checkpoint": p.checkpoint,
			"reopen": func(t *rapid.T) {
				if rapid.IntRange(0, 4).Draw(t, "rarely") > 0 { // it takes long
					return
				}
				if err := p.log.Close(); err != nil {
					t.Fatal(err)
				}
				p.log = reopen()
			},
			"": p.same,
		})
	})
}

type pair struct {
	log   *exchange.Embedded
	model *exchangetest.Memory
}

func topicName(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b"}).Draw(t, "topic") }

func consumerName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"one", "two"}).Draw(t, "consumer")
}

func offset(t *rapid.T) uint64 { return rapid.Uint64Range(0, 40).Draw(t, "offset") }

// agree fails unless both did the same; errors are compared by kind.
func agree(t *rapid.T, what string, got, want any, gotErr, wantErr error) {
	t.Helper()
	if (gotErr == nil) != (wantErr == nil) || gotErr != nil && fault.KindOf(gotErr) != fault.KindOf(wantErr) {
		t.Fatalf("%s: got error %v, want %v", what, gotErr, wantErr)
	}
	ownTime := cmp.FilterPath(func(p cmp.Path) bool {
		switch p.Last().String() {
		case ".Time", ".Buried", ".Writer", ".Bytes":
			return true
		}
		return false
	}, cmp.Ignore())
	empty := cmp.Transformer("empty", func(b []byte) string { return string(b) })
	if diff := cmp.Diff(want, got, ownTime, empty); diff != "" {
		t.Fatalf("%s (-model +log):\n%s", what, diff)
	}
}

func (p *pair) append(t *rapid.T) {
	topic, n := topicName(t), rapid.IntRange(1, 5).Draw(t, "messages")
	var out []exchange.Outgoing
	for range n {
		out = append(out, exchange.Outgoing{
			Key: rapid.StringN(0, 5, -1).Draw(t, "key"), Body: rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "body"),
		})
	}
	got, gotErr := p.log.Append(t.Context(), topic, out)
	want, wantErr := p.model.Append(t.Context(), topic, out)
	agree(t, "append", got, want, gotErr, wantErr)
}

func (p *pair) read(t *rapid.T) {
	topic, after := topicName(t), offset(t)
	count, size := rapid.IntRange(0, 10).Draw(t, "max"), rapid.IntRange(0, 100).Draw(t, "bytes")
	got, gotErr := p.log.Read(t.Context(), topic, after, count, size)
	want, wantErr := p.model.Read(t.Context(), topic, after, count, size)
	agree(t, "read", got, want, gotErr, wantErr)
}

// save stays within the topic, as consumers do: a checkpoint beyond its end
// means loss to the log, and nothing to the model.
func (p *pair) save(t *rapid.T) {
	topic, consumer := topicName(t), consumerName(t)
	last, _ := p.model.Last(t.Context(), topic)
	cp := exchange.Checkpoint{Offset: min(offset(t), last), State: rapid.SliceOfN(rapid.Byte(), 0, 10).Draw(t, "state")}
	agree(t, "save", nil, nil, p.log.Save(t.Context(), topic, consumer, cp), p.model.Save(t.Context(), topic, consumer, cp))
}

func (p *pair) bury(t *rapid.T) {
	topic, consumer := topicName(t), consumerName(t)
	m := exchange.Message{Offset: offset(t), Key: "k", Body: []byte(fmt.Sprint(time.Now().Nanosecond()))}
	agree(t, "bury", nil, nil, p.log.Bury(t.Context(), topic, consumer, m, "why"), p.model.Bury(t.Context(), topic, consumer, m, "why"))
}

func (p *pair) exhume(t *rapid.T) {
	topic, id := topicName(t), fmt.Sprintf("%d.%s", offset(t), consumerName(t))
	agree(t, "exhume", nil, nil, p.log.Exhume(t.Context(), topic, id), p.model.Exhume(t.Context(), topic, id))
}

func (p *pair) trim(t *rapid.T) {
	topic, through := topicName(t), offset(t)
	agree(t, "trim", nil, nil, p.log.Trim(t.Context(), topic, through), p.model.Trim(t.Context(), topic, through))
}

func (p *pair) checkpoint(t *rapid.T) {
	topic, consumer := topicName(t), consumerName(t)
	got, gotErr := p.log.Checkpoint(t.Context(), topic, consumer)
	want, wantErr := p.model.Checkpoint(t.Context(), topic, consumer)
	agree(t, "checkpoint", got, want, gotErr, wantErr)
}

// same compares everything that can be seen.
func (p *pair) same(t *rapid.T) {
	got, gotErr := p.log.Status(t.Context())
	want, wantErr := p.model.Status(t.Context())
	agree(t, "status", got, want, gotErr, wantErr)
	for _, topic := range []string{"a", "b"} {
		got, gotErr := p.log.Read(t.Context(), topic, 0, 1000, 1<<30)
		want, wantErr := p.model.Read(t.Context(), topic, 0, 1000, 1<<30)
		agree(t, "topic "+topic, got, want, gotErr, wantErr)
		dead, deadErr := p.log.Buried(t.Context(), topic, 1000)
		wantDead, wantDeadErr := p.model.Buried(t.Context(), topic, 1000)
		agree(t, "dead letters of "+topic, dead, wantDead, deadErr, wantDeadErr)
	}
}
