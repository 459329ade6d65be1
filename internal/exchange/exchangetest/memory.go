package exchangetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"warder/internal/exchange"
	"warder/internal/kit/fault"
)

// Memory is the simplest log that conforms: the model for property tests, and a
// quick log for the tests of modules that publish and consume. It keeps
// everything until it is gone.
type Memory struct {
	mu     sync.Mutex
	topics map[string]*memoryTopic
	grown  chan struct{} // closed at each append and at Close
	closed bool
}

type memoryTopic struct {
	trimmed  uint64
	messages []exchange.Message // from offset 1; trimmed ones stay
	saved    map[string]exchange.Checkpoint
	dead     map[string]exchange.DeadLetter
}

var _ exchange.Log = (*Memory)(nil)

// NewMemory returns an empty log.
func NewMemory() *Memory {
	return &Memory{topics: map[string]*memoryTopic{}, grown: make(chan struct{})}
}

// enter locks; the caller unlocks when there is no error.
func (l *Memory) enter(ctx context.Context, names ...string) (*memoryTopic, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == "" || len(name) > 100 || slices.ContainsFunc([]byte(name), func(c byte) bool { return c <= ' ' || c >= 127 }) {
			return nil, fault.New(fault.Invalid, "the name %q is wrong", name)
		}
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil, fault.New(fault.Unavailable, "the exchange is closed")
	}
	topic := l.topics[names[0]]
	if topic == nil {
		topic = &memoryTopic{saved: map[string]exchange.Checkpoint{}, dead: map[string]exchange.DeadLetter{}}
		l.topics[names[0]] = topic
	}
	return topic, nil
}

// Append adds messages.
func (l *Memory) Append(ctx context.Context, topic string, msgs []exchange.Outgoing) (uint64, error) {
	if len(msgs) == 0 {
		return 0, fault.New(fault.Invalid, "nothing to append to topic %s", topic)
	}
	t, err := l.enter(ctx, topic)
	if err != nil {
		return 0, err
	}
	defer l.mu.Unlock()
	return l.append(t, msgs), nil
}

func (l *Memory) append(t *memoryTopic, msgs []exchange.Outgoing) (first uint64) {
	first = uint64(len(t.messages) + 1)
	for _, m := range msgs {
		offset := uint64(len(t.messages) + 1)
		t.messages = append(t.messages, exchange.Message{
			Offset: offset, Writer: "memory", Seq: offset, Key: m.Key, Time: time.Now().UTC(), Body: slices.Clone(m.Body),
		})
	}
	l.wake()
	return first
}

func (l *Memory) wake() {
	close(l.grown)
	l.grown = make(chan struct{})
}

// Read returns messages above after.
func (l *Memory) Read(ctx context.Context, topic string, after uint64, count, maxBytes int) ([]exchange.Message, error) {
	t, err := l.enter(ctx, topic)
	if err != nil {
		return nil, err
	}
	defer l.mu.Unlock()
	if count <= 0 {
		count = 256
	}
	if maxBytes <= 0 {
		maxBytes = 4 << 20
	}
	var out []exchange.Message
	size := 0
	for at := max(after, t.trimmed); at < uint64(len(t.messages)) && len(out) < count && (size < maxBytes || len(out) == 0); at++ {
		out, size = append(out, t.messages[at]), size+len(t.messages[at].Body)+len(t.messages[at].Key)
	}
	return out, nil
}

// Wait returns when there is a message above after.
func (l *Memory) Wait(ctx context.Context, topic string, after uint64) error {
	for {
		t, err := l.enter(ctx, topic)
		if err != nil {
			return err
		}
		there, grown := uint64(len(t.messages)) > after, l.grown
		l.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Last returns the newest offset.
func (l *Memory) Last(ctx context.Context, topic string) (uint64, error) {
	t, err := l.enter(ctx, topic)
	if err != nil {
		return 0, err
	}
	defer l.mu.Unlock()
	return uint64(len(t.messages)), nil
}

// Checkpoint returns what was saved.
func (l *Memory) Checkpoint(ctx context.Context, topic, consumer string) (exchange.Checkpoint, error) {
	t, err := l.enter(ctx, topic, consumer)
	if err != nil {
		return exchange.Checkpoint{}, err
	}
	defer l.mu.Unlock()
	return t.saved[consumer], nil
}

// Save keeps a checkpoint.
func (l *Memory) Save(ctx context.Context, topic, consumer string, cp exchange.Checkpoint) error {
	t, err := l.enter(ctx, topic, consumer)
	if err != nil {
		return err
	}
	defer l.mu.Unlock()
	cp.State = slices.Clone(cp.State)
	t.saved[consumer] = cp
	return nil
}

// Bury keeps a dead letter.
func (l *Memory) Bury(ctx context.Context, topic, consumer string, m exchange.Message, reason string) error {
	t, err := l.enter(ctx, topic, consumer)
	if err != nil {
		return err
	}
	defer l.mu.Unlock()
	id := fmt.Sprintf("%d.%s", m.Offset, consumer)
	t.dead[id] = exchange.DeadLetter{
		ID: id, Topic: topic, Consumer: consumer, Offset: m.Offset, Key: m.Key, Reason: reason, Buried: time.Now().UTC(), Body: m.Body, Size: len(m.Body),
	}
	return nil
}

// Buried lists dead letters without their bodies, newest first.
func (l *Memory) Buried(ctx context.Context, topic string, count int) ([]exchange.DeadLetter, error) {
	t, err := l.enter(ctx, topic)
	if err != nil {
		return nil, err
	}
	defer l.mu.Unlock()
	list := slices.SortedFunc(maps.Values(t.dead), func(a, b exchange.DeadLetter) int {
		return cmp.Or(cmp.Compare(b.Offset, a.Offset), cmp.Compare(b.Consumer, a.Consumer))
	})
	if count <= 0 {
		count = 256
	}
	list = list[:min(count, len(list))]
	for i := range list {
		list[i].Body = nil
	}
	return list, nil
}

// Exhume publishes a dead letter again.
func (l *Memory) Exhume(ctx context.Context, topic, id string) error {
	_, err := l.dig(ctx, topic, id, func(d exchange.DeadLetter) []byte { return d.Body })
	return err
}

// Mend publishes another body in its place.
func (l *Memory) Mend(ctx context.Context, topic, id string, body []byte) error {
	_, err := l.dig(ctx, topic, id, func(exchange.DeadLetter) []byte { return body })
	return err
}

// Discard removes a dead letter.
func (l *Memory) Discard(ctx context.Context, topic, id string) (exchange.DeadLetter, error) {
	return l.dig(ctx, topic, id, nil)
}

// Letter returns one.
func (l *Memory) Letter(ctx context.Context, topic, id string) (exchange.DeadLetter, error) {
	t, err := l.enter(ctx, topic)
	if err != nil {
		return exchange.DeadLetter{}, err
	}
	defer l.mu.Unlock()
	d, ok := t.dead[id]
	if !ok {
		return d, fault.New(fault.NotFound, "there is no dead letter %q on topic %s", id, topic)
	}
	return d, nil
}

func (l *Memory) dig(ctx context.Context, topic, id string, body func(exchange.DeadLetter) []byte) (exchange.DeadLetter, error) {
	d, err := l.Letter(ctx, topic, id)
	if err != nil {
		return d, err
	}
	t, err := l.enter(ctx, topic)
	if err != nil {
		return d, err
	}
	defer l.mu.Unlock()
	delete(t.dead, id)
	if body != nil {
		l.append(t, []exchange.Outgoing{{Key: d.Key, Body: body(d)}})
	}
	return d, nil
}

// Trim forgets messages.
func (l *Memory) Trim(ctx context.Context, topic string, through uint64) error {
	t, err := l.enter(ctx, topic)
	if err != nil {
		return err
	}
	defer l.mu.Unlock()
	t.trimmed = max(t.trimmed, min(through, uint64(len(t.messages))))
	return nil
}

// Status tells about every topic that holds something.
func (l *Memory) Status(ctx context.Context) ([]exchange.TopicStatus, error) {
	if _, err := l.enter(ctx, "status"); err != nil {
		return nil, err
	}
	defer l.mu.Unlock()
	var list []exchange.TopicStatus
	for _, name := range slices.Sorted(maps.Keys(l.topics)) {
		t := l.topics[name]
		last := uint64(len(t.messages))
		if last == 0 && len(t.saved) == 0 && len(t.dead) == 0 {
			continue
		}
		status := exchange.TopicStatus{Topic: name, First: t.trimmed + 1, Last: last, Dead: len(t.dead), Consumers: []exchange.ConsumerStatus{}}
		for _, consumer := range slices.Sorted(maps.Keys(t.saved)) {
			at := t.saved[consumer].Offset
			status.Consumers = append(status.Consumers, exchange.ConsumerStatus{
				Name: consumer, Offset: at, Lag: last - min(last, max(at, t.trimmed)),
			})
		}
		list = append(list, status)
	}
	return list, nil
}

// Close ends the log.
func (l *Memory) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.wake()
	}
	return nil
}
