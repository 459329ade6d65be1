package exchange

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// topicState is what the embedded log knows of a topic without asking the disk.
type topicState struct {
	name string
	next uint64 // offset of the next message; only the committer touches it
	kept bool   // its record is on disk; only the committer touches it

	mu      sync.Mutex
	durable uint64 // the newest offset that an fsync covers: readers see no further
	trimmed uint64 // what lies at or below was forgotten
	dead    int
	cursors map[string]uint64 // where its consumers stand, as they were saved last
	grown   chan struct{}     // closed when durable grows
}

func newTopicState(name string) *topicState {
	return &topicState{name: name, next: 1, cursors: map[string]uint64{}, grown: make(chan struct{})}
}

// bounds returns the newest durable offset and the newest trimmed one.
func (t *topicState) bounds() (durable, trimmed uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.durable, t.trimmed
}

// advance makes messages up to an offset visible and wakes who waits for them.
func (t *topicState) advance(through uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if through <= t.durable {
		return
	}
	t.durable = through
	close(t.grown)
	t.grown = make(chan struct{})
}

func (t *topicState) trim(through uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trimmed = max(t.trimmed, through)
}

func (t *topicState) bury(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dead += n
}

// save notes where a consumer stands.
func (t *topicState) save(consumer string, offset uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cursors[consumer] = offset
}

// consumers lists where the consumers stand, by name. Their states stay on the
// disk: they may be many megabytes.
func (t *topicState) consumers() []ConsumerStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]ConsumerStatus, 0, len(t.cursors))
	for _, name := range slices.Sorted(maps.Keys(t.cursors)) {
		at := t.cursors[name]
		list = append(list, ConsumerStatus{Name: name, Offset: at, Lag: t.durable - min(t.durable, max(at, t.trimmed))})
	}
	return list
}

// wait returns when there is a durable offset above after, or stop is closed.
func (t *topicState) wait(ctx context.Context, after uint64, stop <-chan struct{}) error {
	for {
		t.mu.Lock()
		durable, grown := t.durable, t.grown
		t.mu.Unlock()
		if durable > after {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		case <-stop:
			return errClosed()
		}
	}
}
