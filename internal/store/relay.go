package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warder/internal/flow"
)

// Appender takes messages durably; the exchange's log is one. It returns the
// offset of the first.
type Appender interface {
	Append(ctx context.Context, topic string, msgs []flow.Outgoing) (uint64, error)
}

// What the relay moves at once.
const (
	relayRows  = 256
	relayBytes = 4 << 20
)

// Pauses after a failure, doubled from first to longest.
const (
	firstRelayPause   = 50 * time.Millisecond
	longestRelayPause = 5 * time.Second
)

// Relay moves what was emitted to the exchange until ctx ends, and then returns
// nil. Each topic gets its messages in the order of the commits; a message is
// forgotten after it was appended, so a crash between the two sends it again.
// It wakes at each commit of this process and when it starts; failures are
// logged and tried again. One process runs it for a database.
func (s *Store) Relay(ctx context.Context, to Appender) error {
	pause := firstRelayPause
	for {
		moved, err := s.relayOnce(ctx, to)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.log.Warn("messages wait in the outbox", "error", err, "again_in", pause)
			if !rest(ctx, pause) {
				return nil
			}
			pause = min(2*pause, longestRelayPause)
		case moved > 0:
			pause = firstRelayPause
		default:
			select {
			case <-ctx.Done():
				return nil
			case <-s.emitted:
			}
		}
	}
}

func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (s *Store) wake() {
	select {
	case s.emitted <- struct{}{}:
	default: // it will look anyway
	}
}

// outbox is a batch of waiting messages, by topic in the order of their first.
type outbox struct {
	topics []string
	msgs   map[string][]flow.Outgoing
	last   map[string]int64 // topic -> seq of its newest message here
	count  int
}

func (s *Store) relayOnce(ctx context.Context, to Appender) (int, error) {
	s.relaying.Lock()
	defer s.relaying.Unlock()
	box, err := s.waiting(ctx)
	if err != nil || box.count == 0 {
		return 0, s.engine.fault("read the outbox", err)
	}
	var sent []string
	for _, topic := range box.topics {
		if _, err = to.Append(ctx, topic, box.msgs[topic]); err != nil {
			err = fmt.Errorf("append to topic %s: %w", topic, err)
			break
		}
		sent = append(sent, topic)
	}
	if forget := s.forget(ctx, box, sent); err == nil {
		err = forget
	}
	return box.count, err
}

func (s *Store) waiting(ctx context.Context) (*outbox, error) {
	box := &outbox{msgs: map[string][]flow.Outgoing{}, last: map[string]int64{}}
	rows, err := s.reader.QueryContext(ctx,
		`SELECT seq, topic, message_key, body FROM store_outbox ORDER BY seq LIMIT $1`, relayRows)
	if err != nil {
		return box, err
	}
	defer rows.Close()
	size := 0
	for size < relayBytes && rows.Next() {
		var seq int64
		var topic string
		var m flow.Outgoing
		if err := rows.Scan(&seq, &topic, &m.Key, &m.Body); err != nil {
			return box, err
		}
		if !slices.Contains(box.topics, topic) {
			box.topics = append(box.topics, topic)
		}
		box.msgs[topic] = append(box.msgs[topic], m)
		box.last[topic] = seq
		box.count++
		size += len(m.Body)
	}
	return box, rows.Err()
}

// forget deletes what was appended. Rows that came meanwhile have higher numbers.
func (s *Store) forget(ctx context.Context, box *outbox, topics []string) error {
	if len(topics) == 0 {
		return nil
	}
	return s.Space("store").Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, topic := range topics {
			if _, err := tx.ExecContext(ctx, `DELETE FROM store_outbox WHERE topic = $1 AND seq <= $2`, topic, box.last[topic]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Waiting tells how many messages are in the outbox.
func (s *Store) Waiting(ctx context.Context) (int, error) {
	var n int
	err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM store_outbox`).Scan(&n)
	return n, s.engine.fault("count the outbox", err)
}
