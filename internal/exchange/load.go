package exchange

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"warder/internal/kit/fault"
)

// load reads what the directory holds: its writer and where each topic stands.
func (l *Embedded) load(writer string, marks map[string]uint64) error {
	if err := l.loadWriter(writer); err != nil {
		return err
	}
	err := l.scan([]byte{spaceTopic}, []byte{spaceTopic + 1}, func(key, value []byte) error {
		name := string(key[1:])
		trimmed, err := decodeTrimmed(key, value)
		if err != nil {
			return fmt.Errorf("%w: record of topic %q: %w", ErrDamaged, name, err)
		}
		return l.loadTopic(name, trimmed, marks[name], true)
	})
	for name, mark := range marks {
		if err == nil && l.topics[name] == nil {
			err = l.loadTopic(name, 0, mark, false)
		}
	}
	return err
}

func (l *Embedded) loadWriter(wanted string) error {
	value, closer, err := l.db.Get([]byte{spaceWriter})
	if err == nil {
		l.writer = string(value)
		return closer.Close()
	}
	if err != pebble.ErrNotFound {
		return fmt.Errorf("read the writer's id: %w", err)
	}
	if strings.Contains(wanted, ".") {
		return fault.New(fault.Invalid, "the writer id %q must hold no dot", wanted)
	}
	if wanted == "" {
		wanted = newWriter()
	}
	l.writer = wanted
	return l.db.Set([]byte{spaceWriter}, []byte(wanted), pebble.Sync)
}

// loadTopic finds the newest offset of a topic. Tide marks and checkpoints count
// too: when they are further than the newest message, messages were lost, and
// their offsets must not be given again. Readers find the gap and report it.
func (l *Embedded) loadTopic(name string, trimmed, mark uint64, kept bool) error {
	newest, err := l.newestOnDisk(name)
	if err != nil {
		return err
	}
	consumers, err := l.checkpoints(name)
	if err != nil {
		return err
	}
	newest = max(newest, trimmed)
	last := max(newest, mark)
	for _, c := range consumers {
		last = max(last, c.Offset)
	}
	if last > newest {
		l.log.Error("messages are missing at the end of a topic", "topic", name, "newest", newest, "promised", last)
	}
	t := newTopicState(name)
	t.next, t.durable, t.trimmed, t.kept = last+1, last, trimmed, kept
	for _, c := range consumers {
		t.cursors[c.Name] = c.Offset
	}
	t.dead, err = l.countDead(name)
	l.topics[name] = t
	return err
}

func (l *Embedded) newestOnDisk(topic string) (uint64, error) {
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: topicPrefix(spaceMessage, topic), UpperBound: topicEnd(spaceMessage, topic),
	})
	if err != nil {
		return 0, fmt.Errorf("read the end of topic %s: %w", topic, err)
	}
	defer it.Close()
	if !it.Last() {
		return 0, it.Error()
	}
	offset, _ := offsetIn(it.Key(), topic)
	return offset, nil
}

// scan calls fn for every key in a range; key and value are fn's to keep.
func (l *Embedded) scan(from, to []byte, fn func(key, value []byte) error) error {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err != nil {
		return fmt.Errorf("read the exchange: %w", err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("read the exchange: %w", err)
		}
		if err := fn(bytes.Clone(it.Key()), bytes.Clone(value)); err != nil {
			return err
		}
	}
	return it.Error()
}
