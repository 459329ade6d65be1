package exchange

import (
	"context"

	"github.com/cockroachdb/pebble/v2"

	"warder/internal/kit/fault"
)

// Largest parts of an append, in bytes.
const (
	largestAppend = 32 << 20
	largestKey    = 4 << 10
)

// Append adds messages in one durable batch. A context that ends while the batch
// is on its way to the disk does not call it back.
func (l *Embedded) Append(ctx context.Context, topic string, msgs []Outgoing) (uint64, error) {
	size, err := checkAppend(topic, msgs)
	if err != nil {
		return 0, err
	}
	if err := l.enter(ctx); err != nil {
		return 0, err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return 0, err
	}
	var first uint64
	err = l.commit.submit(&write{
		size: size, grows: true,
		fill: func(b *pebble.Batch) (err error) { first, err = l.fill(b, t, msgs); return err },
		done: func() { l.acknowledge(t, first+uint64(len(msgs))-1) },
	})
	if err != nil {
		return 0, err
	}
	return first, nil
}

func checkAppend(topic string, msgs []Outgoing) (size int, err error) {
	if len(msgs) == 0 {
		return 0, fault.New(fault.Invalid, "nothing to append to topic %s", topic)
	}
	for _, m := range msgs {
		if len(m.Key) > largestKey {
			return 0, fault.New(fault.TooLarge, "a key of %d bytes on topic %s is over the limit of %d", len(m.Key), topic, largestKey)
		}
		size += len(m.Body) + len(m.Key)
	}
	if size > largestAppend {
		return 0, fault.New(fault.TooLarge, "%d bytes at once on topic %s are over the limit of %d", size, topic, largestAppend)
	}
	return size, nil
}

// fill gives messages their offsets and puts them into the group's batch; only
// the committer runs it.
func (l *Embedded) fill(b *pebble.Batch, t *topicState, msgs []Outgoing) (first uint64, err error) {
	if err := l.keep(b, t); err != nil {
		return 0, err
	}
	first = t.next
	now := l.now()
	var buf []byte
	for _, m := range msgs {
		place := messageKey(t.name, t.next)
		buf = encodeMessage(buf[:0], place, Message{
			Seq: t.next, Writer: l.writer, Key: m.Key, Time: now, Body: m.Body,
		})
		if err := b.Set(place, buf, nil); err != nil {
			return 0, err
		}
		t.next++
	}
	return first, nil
}

// acknowledge makes durable messages visible; only the committer runs it.
func (l *Embedded) acknowledge(t *topicState, through uint64) {
	if err := l.tide.mark(t.name, through); err != nil {
		l.log.Warn("a tide mark could not be written", "topic", t.name, "error", err)
	}
	t.advance(through)
}
