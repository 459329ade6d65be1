package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Checkpoint returns what a consumer saved last; the zero value for none.
func (l *Embedded) Checkpoint(ctx context.Context, topic, consumer string) (Checkpoint, error) {
	if err := errors.Join(checkName("topic", topic), checkName("consumer", consumer)); err != nil {
		return Checkpoint{}, err
	}
	if err := l.enter(ctx); err != nil {
		return Checkpoint{}, err
	}
	defer l.leave()
	key := checkpointKey(topic, consumer)
	value, closer, err := l.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the checkpoint of %s on topic %s: %w", consumer, topic, err)
	}
	defer closer.Close()
	cp, err := decodeCheckpoint(key, value)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint of %s on topic %s: %w", ErrDamaged, consumer, topic, err)
	}
	return cp, nil
}

// Save keeps a consumer's checkpoint; it returns after the fsync.
func (l *Embedded) Save(ctx context.Context, topic, consumer string, cp Checkpoint) error {
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
	key := checkpointKey(topic, consumer)
	value := encodeCheckpoint(key, cp)
	return l.commit.submit(&write{
		size: len(value),
		fill: func(b *pebble.Batch) error { return errors.Join(l.keep(b, t), b.Set(key, value, nil)) },
		done: func() { t.save(consumer, cp.Offset) },
	})
}

// checkpoints reads from the disk where the consumers of a topic stand. A damaged one is left
// out: its consumer is told when it asks for it.
func (l *Embedded) checkpoints(topic string) ([]ConsumerStatus, error) {
	prefix := topicPrefix(spaceCheckpoint, topic)
	var list []ConsumerStatus
	err := l.scan(prefix, topicEnd(spaceCheckpoint, topic), func(key, value []byte) error {
		if cp, err := decodeCheckpoint(key, value); err == nil {
			list = append(list, ConsumerStatus{Name: string(key[len(prefix):]), Offset: cp.Offset})
		}
		return nil
	})
	return list, err
}
