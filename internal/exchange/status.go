package exchange

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Trim forgets messages up to and including an offset; what does not exist yet
// is not trimmed.
func (l *Embedded) Trim(ctx context.Context, topic string, through uint64) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	t, err := l.topic(topic)
	if err != nil {
		return err
	}
	durable, trimmed := t.bounds()
	through = min(through, durable)
	if through <= trimmed {
		return nil
	}
	// Readers are told first, so that a trimmed message never looks lost to them.
	t.trim(through)
	return l.commit.submit(&write{fill: func(b *pebble.Batch) error {
		_, through := t.bounds() // another caller may have trimmed further meanwhile
		key := topicKey(topic)
		if err := b.Set(key, encodeTrimmed(key, through), nil); err != nil {
			return err
		}
		return b.DeleteRange(messageKey(topic, 0), messageKey(topic, through+1), nil)
	}})
}

// keep makes sure that a topic's record is on disk; only the committer runs it.
func (l *Embedded) keep(b *pebble.Batch, t *topicState) error {
	if t.kept {
		return nil
	}
	t.kept = true
	key := topicKey(t.name)
	return b.Set(key, encodeTrimmed(key, 0), nil)
}

// Status tells about every topic that holds something, by name. Bytes is what
// the disk holds, which lags behind what was published by a few megabytes.
func (l *Embedded) Status(ctx context.Context) ([]TopicStatus, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	l.mu.Lock()
	topics := slices.SortedFunc(maps.Values(l.topics), func(a, b *topicState) int { return cmp.Compare(a.name, b.name) })
	l.mu.Unlock()
	var list []TopicStatus
	for _, t := range topics {
		status, err := l.topicStatus(t)
		if err != nil {
			return nil, err
		}
		if status.Last > 0 || status.Dead > 0 || len(status.Consumers) > 0 {
			list = append(list, status)
		}
	}
	return list, nil
}

func (l *Embedded) topicStatus(t *topicState) (TopicStatus, error) {
	durable, trimmed := t.bounds()
	t.mu.Lock()
	dead := t.dead
	t.mu.Unlock()
	size, err := l.db.EstimateDiskUsage(topicPrefix(spaceMessage, t.name), topicEnd(spaceMessage, t.name))
	if err != nil {
		return TopicStatus{}, fmt.Errorf("measure topic %s: %w", t.name, err)
	}
	return TopicStatus{
		Topic: t.name, First: trimmed + 1, Last: durable, Bytes: int64(size), Dead: dead, Consumers: t.consumers(),
	}, nil
}

// Disk tells how many bytes the log takes on its disk, and how many are free there.
func (l *Embedded) Disk() (used, free uint64, err error) {
	if err := l.enter(context.Background()); err != nil {
		return 0, 0, err
	}
	defer l.leave()
	free, err = l.commit.space.free()
	return l.db.Metrics().DiskSpaceUsage(), free, err
}
