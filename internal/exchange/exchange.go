// Package exchange carries records between the steps of the way: typed, durable
// topics with consumers that remember how far they came.
//
// Guarantees:
//   - Publish returns only after the fsync of the batch that holds its messages;
//     publishers at the same time share one fsync (group commit).
//   - Messages of one topic have one order, by offset, without gaps. Every batch
//     on disk carries a checksum and its writer's sequence; a reader verifies
//     both, and damage or a gap is reported, never skipped in silence.
//   - Delivery is at least once. A consumer's cursor moves only when its handler
//     returned nil, or together with the handler's own transaction.
//   - A message that a handler refuses again and again becomes a dead letter,
//     which can be listed and replayed; the topic goes on.
//   - What all consumers have passed may be trimmed.
//   - Memory is bounded: consumers read from disk, publishers wait.
//
// Offsets start at 1; 0 means before the first.
package exchange

import (
	"context"
	"time"

	"warder/internal/flow"
)

// Message is one record as the log keeps it.
type Message struct {
	Offset uint64
	Writer string    // who published it: one name for each data directory
	Seq    uint64    // that writer's sequence
	Key    string    // order is kept per key when a topic is spread; may be empty
	Time   time.Time // when it was published
	Body   []byte
}

// Outgoing is one record to publish.
type Outgoing = flow.Outgoing

// Log is the engine below the topics: the embedded log here, a cluster elsewhere.
// Both pass exchangetest. All methods may be called at the same time.
type Log interface {
	// Append adds messages to a topic in one durable batch and returns the
	// offset of the first; the others follow it. It returns after the fsync.
	Append(ctx context.Context, topic string, msgs []Outgoing) (first uint64, err error)
	// Read returns up to max messages (and about maxBytes) with offsets above after; none when there are none.
	Read(ctx context.Context, topic string, after uint64, max, maxBytes int) ([]Message, error)
	// Wait returns when the topic holds a message above after, or the context ends.
	Wait(ctx context.Context, topic string, after uint64) error
	// Last returns the offset of the newest message, 0 for none.
	Last(ctx context.Context, topic string) (uint64, error)
	// Checkpoint returns what a consumer saved last; the zero value for none.
	Checkpoint(ctx context.Context, topic, consumer string) (Checkpoint, error)
	// Save keeps a consumer's checkpoint durably.
	Save(ctx context.Context, topic, consumer string, cp Checkpoint) error
	// Bury keeps a message that a consumer cannot handle, with the reason.
	Bury(ctx context.Context, topic, consumer string, m Message, reason string) error
	// Buried lists dead letters without their bodies, newest first.
	Buried(ctx context.Context, topic string, max int) ([]DeadLetter, error)
	// Exhume publishes a dead letter again and removes it from the dead.
	Exhume(ctx context.Context, topic string, id string) error
	// Mend publishes another body in the place of a dead letter's and removes it from the dead.
	Mend(ctx context.Context, topic, id string, body []byte) error
	// Discard removes a dead letter for good and returns it as it was.
	Discard(ctx context.Context, topic, id string) (DeadLetter, error)
	// Letter returns one dead letter.
	Letter(ctx context.Context, topic, id string) (DeadLetter, error)
	// Trim forgets messages up to and including an offset.
	Trim(ctx context.Context, topic string, through uint64) error
	// Status tells about every topic and its consumers.
	Status(ctx context.Context) ([]TopicStatus, error)
	Close() error
}

// Checkpoint is how far a consumer came, and the state that belongs to it.
type Checkpoint struct {
	Offset uint64
	State  []byte
}

// DeadLetter is a message that was set aside.
type DeadLetter struct {
	ID       string    `json:"id"`
	Topic    string    `json:"topic"`
	Consumer string    `json:"consumer"`
	Offset   uint64    `json:"offset"`
	Key      string    `json:"key"`
	Reason   string    `json:"reason"`
	Buried   time.Time `json:"buried"`
	Body     []byte    `json:"body"`
	Size     int       `json:"size" cbor:"-"` // of the body, which lists leave out
}

// TopicStatus is a topic's state, for the console and the metrics.
type TopicStatus struct {
	Topic     string           `json:"topic"`
	First     uint64           `json:"first"` // oldest offset kept
	Last      uint64           `json:"last"`
	Bytes     int64            `json:"bytes"`
	Dead      int              `json:"dead"`
	Consumers []ConsumerStatus `json:"consumers"`
}

// ConsumerStatus is how far a consumer came.
type ConsumerStatus struct {
	Name   string `json:"name"`
	Offset uint64 `json:"offset"`
	Lag    uint64 `json:"lag"` // messages
}
