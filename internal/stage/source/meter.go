package source

import (
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/flow"
)

// meter counts what one source sends. All methods may be called at the same time.
type meter struct {
	received    atomic.Int64 // records
	bytes       atomic.Int64
	parseErrors atomic.Int64
	refused     atomic.Int64
	dropped     atomic.Int64
	truncated   atomic.Int64
	last        atomic.Int64 // microseconds since 1970 of the newest live record; 0 = none yet
	recentBad   atomic.Int64 // parse errors since the watch looked last
	recentAll   atomic.Int64

	mu       sync.Mutex
	rate     rate
	skews    skews
	failures failures
	stuck    string // why it cannot be heard now
}

// count notes records that were accepted.
func (m *meter) count(recs []flow.Raw) {
	if len(recs) == 0 {
		return
	}
	var bytes, truncated int64
	var seen time.Time
	for _, r := range recs {
		bytes += int64(len(r.Data))
		if r.Truncated > 0 {
			truncated++
		}
		if r.Refused != "" {
			m.fail(r, r.Refused)
		}
		// An exercise must not hide that the real feed is silent.
		if r.Exercise == "" && r.Received.After(seen) {
			seen = r.Received
		}
	}
	m.received.Add(int64(len(recs)))
	m.recentAll.Add(int64(len(recs)))
	m.bytes.Add(bytes)
	m.truncated.Add(truncated)
	if !seen.IsZero() {
		raise(&m.last, seen.UnixMicro())
	}
	m.mu.Lock()
	m.rate.add(recs[0].Received, len(recs))
	m.mu.Unlock()
}

// observe notes what the normaliser found: see Module.Observe.
func (m *meter) observe(skew time.Duration, parseErr error, raw flow.Raw) {
	if parseErr == nil {
		m.mu.Lock()
		m.skews.add(skew)
		m.mu.Unlock()
		return
	}
	if raw.Refused == "" { // else counted when it was accepted
		m.fail(raw, parseErr.Error())
	}
}

func (m *meter) fail(raw flow.Raw, reason string) {
	m.parseErrors.Add(1)
	m.recentBad.Add(1)
	m.mu.Lock()
	m.failures.add(raw, reason)
	m.mu.Unlock()
}

func (m *meter) trouble(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stuck = ""
	if err != nil {
		m.stuck = err.Error()
	}
}

func raise(v *atomic.Int64, to int64) {
	for {
		old := v.Load()
		if to <= old || v.CompareAndSwap(old, to) {
			return
		}
	}
}

// rate counts records over the last minute in buckets of five seconds.
type rate struct {
	buckets [rateBuckets]int
	at      int64 // number of the newest bucket since 1970
}

const (
	rateBuckets = 12
	rateBucket  = 5 * time.Second
)

func (r *rate) add(now time.Time, n int) {
	r.turn(now)
	r.buckets[r.at%rateBuckets] += n
}

func (r *rate) perMinute(now time.Time) int {
	r.turn(now)
	sum := 0
	for _, n := range r.buckets {
		sum += n
	}
	return sum
}

func (r *rate) turn(now time.Time) {
	at := now.UnixNano() / int64(rateBucket)
	if at-r.at >= rateBuckets {
		r.buckets = [rateBuckets]int{}
		r.at = at
	}
	for r.at < at {
		r.at++
		r.buckets[r.at%rateBuckets] = 0
	}
}
