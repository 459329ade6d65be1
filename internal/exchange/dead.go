package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/fxamacker/cbor/v2"

	"warder/internal/kit/fault"
)

// Bury keeps a message that a consumer cannot handle. The same message of the
// same consumer is kept once, with the newest reason.
func (l *Embedded) Bury(ctx context.Context, topic, consumer string, m Message, reason string) error {
	if err := checkName("consumer", consumer); err != nil {
		return err
	}
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return err
	}
	value, err := cbor.Marshal(DeadLetter{
		ID: deadID(m.Offset, consumer), Topic: topic, Consumer: consumer,
		Offset: m.Offset, Key: m.Key, Reason: reason, Buried: l.now().UTC(), Body: m.Body,
	})
	if err != nil {
		return fmt.Errorf("bury a message of topic %s: %w", topic, err)
	}
	l.burying.Lock()
	defer l.burying.Unlock()
	key, added := deadKey(topic, m.Offset, consumer), 1
	if _, err := l.deadLetter(topic, m.Offset, consumer); fault.KindOf(err) != fault.NotFound {
		added = 0 // it lies there already
	}
	return l.commit.submit(&write{
		size: len(value),
		fill: func(b *pebble.Batch) error { return errors.Join(l.keep(b, t), b.Set(key, value, nil)) },
		done: func() { t.bury(added) },
	})
}

func deadID(offset uint64, consumer string) string {
	return strconv.FormatUint(offset, 10) + "." + consumer
}

func parseDeadID(id string) (offset uint64, consumer string, err error) {
	number, consumer, ok := strings.Cut(id, ".")
	if offset, err = strconv.ParseUint(number, 10, 64); !ok || err != nil {
		return 0, "", fault.New(fault.NotFound, "there is no dead letter %q", id)
	}
	return offset, consumer, nil
}

// Buried lists dead letters by offset, newest first. It holds one body at a time:
// all of a long list would be more than the machine may have.
func (l *Embedded) Buried(ctx context.Context, topic string, max int) ([]DeadLetter, error) {
	if err := checkName("topic", topic); err != nil {
		return nil, err
	}
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	if max <= 0 {
		max = defaultBatch
	}
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: topicPrefix(spaceDead, topic), UpperBound: topicEnd(spaceDead, topic),
	})
	if err != nil {
		return nil, fmt.Errorf("list the dead letters of topic %s: %w", topic, err)
	}
	defer it.Close()
	var list []DeadLetter
	for ok := it.Last(); ok && len(list) < max; ok = it.Prev() {
		value, err := it.ValueAndErr()
		if err != nil {
			return nil, fmt.Errorf("list the dead letters of topic %s: %w", topic, err)
		}
		var d DeadLetter
		if err := cbor.Unmarshal(value, &d); err != nil {
			return nil, fmt.Errorf("%w: dead letter of topic %s: %w", ErrDamaged, topic, err)
		}
		d.Size, d.Body = len(d.Body), nil
		list = append(list, d)
	}
	return list, it.Error()
}

// Exhume publishes a dead letter again, for all consumers, and removes it from
// the dead, in one batch.
func (l *Embedded) Exhume(ctx context.Context, topic, id string) error {
	_, err := l.dig(ctx, topic, id, func(l *Embedded, b *pebble.Batch, t *topicState, d DeadLetter) (uint64, error) {
		return l.fill(b, t, []Outgoing{{Key: d.Key, Body: d.Body}})
	})
	return err
}

// Mend publishes another body under the dead letter's key, and removes the
// letter, in one batch.
func (l *Embedded) Mend(ctx context.Context, topic, id string, body []byte) error {
	if _, err := checkAppend(topic, []Outgoing{{Body: body}}); err != nil {
		return err
	}
	_, err := l.dig(ctx, topic, id, func(l *Embedded, b *pebble.Batch, t *topicState, d DeadLetter) (uint64, error) {
		return l.fill(b, t, []Outgoing{{Key: d.Key, Body: body}})
	})
	return err
}

// Discard removes a dead letter for good.
func (l *Embedded) Discard(ctx context.Context, topic, id string) (DeadLetter, error) {
	return l.dig(ctx, topic, id, nil)
}

// Letter returns one dead letter.
func (l *Embedded) Letter(ctx context.Context, topic, id string) (d DeadLetter, err error) {
	offset, consumer, err := parseDeadID(id)
	if err != nil {
		return d, err
	}
	if err := l.enter(ctx); err != nil {
		return d, err
	}
	defer l.leave()
	return l.deadLetter(topic, offset, consumer)
}

// publishing puts what comes in the place of a dead letter into a batch, and
// returns its offset.
type publishing func(l *Embedded, b *pebble.Batch, t *topicState, d DeadLetter) (uint64, error)

// dig removes a dead letter, and publishes unless that is nil.
func (l *Embedded) dig(ctx context.Context, topic, id string, publish publishing) (d DeadLetter, err error) {
	offset, consumer, err := parseDeadID(id)
	if err != nil {
		return d, err
	}
	if err := l.enter(ctx); err != nil {
		return d, err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return d, err
	}
	l.burying.Lock()
	defer l.burying.Unlock()
	if d, err = l.deadLetter(topic, offset, consumer); err != nil {
		return d, err
	}
	var last uint64
	return d, l.commit.submit(&write{
		size: len(d.Body), grows: publish != nil,
		fill: func(b *pebble.Batch) (err error) {
			if publish != nil {
				if last, err = publish(l, b, t, d); err != nil {
					return err
				}
			}
			return b.Delete(deadKey(topic, offset, consumer), nil)
		},
		done: func() {
			t.bury(-1)
			if publish != nil {
				l.acknowledge(t, last)
			}
		},
	})
}

func (l *Embedded) deadLetter(topic string, offset uint64, consumer string) (d DeadLetter, err error) {
	value, closer, err := l.db.Get(deadKey(topic, offset, consumer))
	if errors.Is(err, pebble.ErrNotFound) {
		return d, fault.New(fault.NotFound, "there is no dead letter %q on topic %s", deadID(offset, consumer), topic)
	}
	if err != nil {
		return d, fmt.Errorf("read a dead letter of topic %s: %w", topic, err)
	}
	defer closer.Close()
	if err := cbor.Unmarshal(bytes.Clone(value), &d); err != nil {
		return d, fmt.Errorf("%w: dead letter of topic %s: %w", ErrDamaged, topic, err)
	}
	d.Size = len(d.Body)
	return d, nil
}

func (l *Embedded) countDead(topic string) (n int, err error) {
	err = l.scan(topicPrefix(spaceDead, topic), topicEnd(spaceDead, topic), func(_, _ []byte) error { n++; return nil })
	return n, err
}
