package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Codec writes and reads a topic's records.
type Codec[T any] struct {
	Encode func(T) ([]byte, error)
	Decode func([]byte, *T) error
}

// JSON is the codec of topics whose records are few and worth reading by eye.
func JSON[T any]() Codec[T] {
	return Codec[T]{
		Encode: func(v T) ([]byte, error) { return json.Marshal(v) },
		Decode: func(b []byte, v *T) error { return json.Unmarshal(b, v) },
	}
}

// CBOR is the codec (RFC 8949) of topics whose records are many or hold bytes.
func CBOR[T any]() Codec[T] {
	return Codec[T]{
		Encode: func(v T) ([]byte, error) { return cbor.Marshal(v) },
		Decode: func(b []byte, v *T) error { return cbor.Unmarshal(b, v) },
	}
}

// Topic is a typed view of one topic of a log.
type Topic[T any] struct {
	log   Log
	name  string
	codec Codec[T]
}

// NewTopic returns the typed view; it makes nothing on disk.
func NewTopic[T any](log Log, name string, codec Codec[T]) Topic[T] {
	return Topic[T]{log: log, name: name, codec: codec}
}

// Name is the topic's name.
func (t Topic[T]) Name() string { return t.name }

// Codec is how the topic's records are written and read.
func (t Topic[T]) Codec() Codec[T] { return t.codec }

// Publish adds records under one key and returns after they are durable, with
// the offset of the first.
func (t Topic[T]) Publish(ctx context.Context, key string, values ...T) (uint64, error) {
	out := make([]Outgoing, len(values))
	for i, v := range values {
		body, err := t.codec.Encode(v)
		if err != nil {
			return 0, fmt.Errorf("publish on topic %s: encode: %w", t.name, err)
		}
		out[i] = Outgoing{Key: key, Body: body}
	}
	return t.log.Append(ctx, t.name, out)
}

// Delivery is one record on its way to a handler.
type Delivery[T any] struct {
	Message
	Value T
}

// Subscription says how a consumer takes a topic's records.
type Subscription[T any] struct {
	Consumer string
	// Batch and Bytes bound one delivery; 0 means 256 messages and 4 MiB.
	Batch, Bytes int
	// Start returns the offset after which to begin. Nil means the checkpoint
	// kept by the log, which is then saved after each handled batch. A consumer
	// whose cursor lives in its own database sets Start and commits by itself.
	Start func(ctx context.Context) (uint64, error)
	// Handle works on a batch. An error makes the batch come again, after a
	// pause, then one by one; a message that keeps failing is buried.
	Handle func(ctx context.Context, batch []Delivery[T]) error
	// Tries is how often a single message may fail before it is buried; 0 means 5.
	// Failures of kind fault.Unavailable (a database that is away) never count.
	Tries int
	// OnTrouble is told of damage (*Damage) and of messages set aside (*Burial),
	// so that a person learns of it; nil means only the log. It must not block.
	OnTrouble func(error)
}

// Publisher is the half of a topic that may write: what a module is handed when
// it may publish.
type Publisher[T any] interface {
	Publish(ctx context.Context, key string, values ...T) (uint64, error)
}

// ErrDamaged says that stored bytes do not match their checksum or sequence.
var ErrDamaged = errors.New("stored messages are damaged")

// Pauses between two tries of a failing batch: doubled from first to longest.
const (
	firstRetry   = 50 * time.Millisecond
	longestRetry = 10 * time.Second
)
