package exchange

import (
	"context"
	"fmt"
)

// Purge writes a topic's files anew without what was trimmed, which otherwise
// stays in them until the database comes to it. It is for what must leave the
// disk by law; the write-ahead log's files are used again and overwritten as new
// messages come.
//
// What is left of large messages moves into the tables, so that the files beside
// them, which hold what was trimmed too, belong to nobody and go. They may hold
// messages of other topics: all of those are gone through.
func (l *Embedded) Purge(ctx context.Context, topic string) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	l.purges.Lock()
	defer l.purges.Unlock()
	l.purging.Store(true)
	defer l.purging.Store(false)
	if err := l.db.Compact(ctx, []byte{spaceMessage}, []byte{spaceMessage + 1}, false); err != nil {
		return fmt.Errorf("purge topic %s: %w", topic, err)
	}
	return nil
}
