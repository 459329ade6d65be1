package exchange

import (
	"bytes"
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// What one Read returns when its caller sets no bounds.
const (
	defaultBatch = 256
	defaultBytes = 4 << 20
)

// Read returns messages above after, as far as they are durable and sound. When
// the very next message is damaged or missing the error is a *Damage, which says
// where reading can go on.
func (l *Embedded) Read(ctx context.Context, topic string, after uint64, max, maxBytes int) ([]Message, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return nil, err
	}
	if max <= 0 {
		max = defaultBatch
	}
	if maxBytes <= 0 {
		maxBytes = defaultBytes
	}
	for {
		msgs, err := l.read(t, after, max, maxBytes)
		if err == nil {
			return msgs, nil
		}
		// Messages that were trimmed while the read was under way are not damage.
		_, trimmed := t.bounds()
		if trimmed <= after {
			return nil, err
		}
		after = trimmed
	}
}

func (l *Embedded) read(t *topicState, after uint64, max, maxBytes int) ([]Message, error) {
	durable, trimmed := t.bounds()
	if after < trimmed {
		after = trimmed
	}
	if after >= durable {
		return nil, nil
	}
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: messageKey(t.name, after+1), UpperBound: messageKey(t.name, durable+1),
	})
	if err != nil {
		return nil, fmt.Errorf("read topic %s: %w", t.name, err)
	}
	defer it.Close()
	var msgs []Message
	size := 0
	for ok := it.First(); ok && len(msgs) < max && (size < maxBytes || len(msgs) == 0); ok = it.Next() {
		m, err := messageAt(it, t.name, after+1)
		if err != nil {
			break
		}
		msgs, size, after = append(msgs, m), size+len(m.Body)+len(m.Key), m.Offset
	}
	if len(msgs) > 0 {
		return msgs, nil
	}
	if err := l.survey(t.name, after+1, durable); err != nil {
		return nil, err
	}
	return nil, it.Error()
}

// messageAt reads the message under the iterator, which must have the offset.
func messageAt(it *pebble.Iterator, topic string, offset uint64) (Message, error) {
	if got, ok := offsetIn(it.Key(), topic); !ok || got != offset {
		return Message{}, errMissing
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return Message{}, err
	}
	return decodeMessage(it.Key(), bytes.Clone(value), offset)
}

// Wait returns when the topic holds a message above after, or the context ends.
func (l *Embedded) Wait(ctx context.Context, topic string, after uint64) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	t, err := l.topic(topic)
	l.leave()
	if err != nil {
		return err
	}
	return t.wait(ctx, after, l.closing)
}

// Last returns the offset of the newest durable message, 0 for none.
func (l *Embedded) Last(ctx context.Context, topic string) (uint64, error) {
	if err := l.enter(ctx); err != nil {
		return 0, err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return 0, err
	}
	durable, _ := t.bounds()
	return durable, nil
}
