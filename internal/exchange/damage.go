package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
)

var errMissing = errors.New("the message is missing")

// Damage says which messages of a topic cannot be read, and from where reading
// goes on: above Through.
type Damage struct {
	Topic         string
	From, Through uint64 // offsets, both included
	Bytes         []byte // what is left of From, when its bytes can be had
	Cause         error
}

func (d *Damage) Error() string {
	if d.From == d.Through {
		return fmt.Sprintf("topic %s, offset %d: %v: %v", d.Topic, d.From, ErrDamaged, d.Cause)
	}
	return fmt.Sprintf("topic %s, offsets %d to %d: %v: %v", d.Topic, d.From, d.Through, ErrDamaged, d.Cause)
}

// Unwrap makes errors.Is(err, ErrDamaged) true.
func (d *Damage) Unwrap() []error { return []error{ErrDamaged, d.Cause} }

// nearby is how many offsets survey tries one by one; beyond, it makes ever
// longer steps, because a damaged file can hold a great many.
const nearby = 2048

// survey finds how far the damage that begins at from goes. It returns nil when
// the message is sound after all: a disk that failed once.
func (l *Embedded) survey(topic string, from, last uint64) error {
	raw, cause := l.probe(topic, from)
	if cause == nil {
		return nil
	}
	if !lasting(cause) {
		return fmt.Errorf("read topic %s, offset %d: %w", topic, from, cause)
	}
	d := &Damage{Topic: topic, From: from, Through: from, Bytes: raw, Cause: cause}
	sound := func(offset uint64) bool { _, err := l.probe(topic, offset); return !lasting(err) }
	for step := uint64(1); d.Through < last; {
		next := min(d.Through+step, last)
		if sound(next) {
			between := int(next - d.Through - 1)
			i := sort.Search(between, func(i int) bool { return sound(d.Through + 1 + uint64(i)) })
			d.Through += uint64(i)
			return d
		}
		d.Through = next
		if d.Through-from > nearby {
			step *= 2
		}
	}
	return d
}

// lasting tells damage from a failure that may pass, such as too many open files.
func lasting(err error) bool {
	for _, known := range []error{errMissing, errShort, errVersion, errChecksum, errSequence, syscall.EIO} {
		if errors.Is(err, known) {
			return true
		}
	}
	return pebble.IsCorruptionError(err)
}

// probe reads one message by itself. With an error it returns the bytes that
// were there, if any.
func (l *Embedded) probe(topic string, offset uint64) ([]byte, error) {
	key := messageKey(topic, offset)
	value, closer, err := l.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, errMissing
	}
	if err != nil {
		return nil, err
	}
	value = bytes.Clone(value)
	if err := closer.Close(); err != nil {
		return value, err
	}
	_, err = decodeMessage(key, value, offset)
	return value, err
}
