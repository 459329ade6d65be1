package exchange

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Snapshot writes the log as it is now into a folder that does not exist yet, on
// the same disk: files that never change are linked, so it costs little time and
// space. Whatever was acknowledged before is in it. Publishing goes on meanwhile.
func (l *Embedded) Snapshot(ctx context.Context, dir string) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	if err := l.db.Checkpoint(dir, pebble.WithFlushedWAL()); err != nil {
		return fmt.Errorf("take a snapshot of the exchange: %w", err)
	}
	return nil
}

// Adopt makes the log of a snapshot one that goes on by itself. It gets a new
// writer, which is returned: the old one may have given sequences after the
// snapshot that would be given again. Topics in ends lose what lies beyond: there
// the log is further than what it is restored with.
func Adopt(ctx context.Context, o Options, ends map[string]uint64) (writer string, err error) {
	o.Writer = ""
	l, err := OpenEmbedded(o)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	old := l.writer
	for writer == "" || writer == old {
		writer = newWriter()
	}
	batch := l.db.NewBatch()
	defer batch.Close()
	if err := batch.Set([]byte{spaceWriter}, []byte(writer), nil); err != nil {
		return "", fmt.Errorf("give the exchange a new writer: %w", err)
	}
	for _, topic := range slices.Sorted(maps.Keys(ends)) {
		if err := checkName("topic", topic); err != nil {
			return "", err
		}
		if err := cut(batch, topic, ends[topic]); err != nil {
			return "", fmt.Errorf("cut topic %s: %w", topic, err)
		}
	}
	if err := l.db.Apply(batch, pebble.Sync); err != nil {
		return "", fmt.Errorf("give the exchange a new writer: %w", err)
	}
	return writer, ctx.Err()
}

// cut removes the messages of a topic beyond an offset, and the dead letters that
// were made of them.
func cut(batch *pebble.Batch, topic string, end uint64) error {
	if end == ^uint64(0) {
		return nil
	}
	return errors.Join(
		batch.DeleteRange(messageKey(topic, end+1), topicEnd(spaceMessage, topic), nil),
		batch.DeleteRange(deadKey(topic, end+1, ""), topicEnd(spaceDead, topic), nil))
}
