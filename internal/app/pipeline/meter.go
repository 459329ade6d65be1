package pipeline

import (
	"sync"
	"time"
)

const (
	// sampleEvery and samples span the minute over which rates are taken.
	sampleEvery = 5 * time.Second
	samples     = 12
)

// meter keeps where topics and consumers stood during the last minute.
type meter struct {
	mu   sync.Mutex
	seen map[string][]sample // oldest first
}

type sample struct {
	at     time.Time
	offset uint64
}

func newMeter() *meter { return &meter{seen: map[string][]sample{}} }

// note remembers where something stands. A clock that was set back begins anew:
// a rate over a negative time says nothing.
func (m *meter) note(what string, at time.Time, offset uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.seen[what]
	if n := len(list); n > 0 && (!at.After(list[n-1].at) || offset < list[n-1].offset) {
		list = nil
	}
	list = append(list, sample{at, offset})
	m.seen[what] = list[max(0, len(list)-samples-1):]
}

// rate is how many messages a second went by, from the oldest sample until now.
func (m *meter) rate(what string, now time.Time, offset uint64) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.seen[what]
	if len(list) == 0 {
		return 0
	}
	span := now.Sub(list[0].at)
	if span < time.Second || offset < list[0].offset {
		return 0
	}
	return float64(offset-list[0].offset) / span.Seconds()
}
