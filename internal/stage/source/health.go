package source

import (
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/store"
)

// State is how a source fares.
type State string

// The states.
const (
	StateWaiting State = "waiting" // it has never spoken, and need not have
	StateOK      State = "ok"
	StateSilent  State = "silent"  // it should have spoken by now
	StateFailing State = "failing" // it cannot be heard, or most of what it says cannot be read
)

// SourceHealth is what people see of a source. Counters outlive the program; a
// crash costs them their last seconds.
type SourceHealth struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	Kind          Kind       `json:"kind"`
	Site          string     `json:"site,omitempty"`
	State         State      `json:"state"`
	Last          *time.Time `json:"last,omitempty"` // newest live record
	Received      int64      `json:"received"`
	Bytes         int64      `json:"bytes"`
	ParseErrors   int64      `json:"parse_errors"`
	Dropped       int64      `json:"dropped"`
	Refused       int64      `json:"refused"`
	Truncated     int64      `json:"truncated"`
	RatePerMinute int        `json:"rate_per_minute"`
	Expected      float64    `json:"expected_s"` // 0 = it may be silent
	Skew          int64      `json:"skew_ms"`    // how far its clock is ahead of Warder's
	SkewState     SkewState  `json:"skew_state"`
	Detail        *flow.Text `json:"detail,omitempty"` // why the state is not ok
}

// Health tells about every source, in the order of the configuration.
func (m *Module) Health() []SourceHealth {
	now := m.d.Now()
	out := make([]SourceHealth, len(m.feeds))
	for i, f := range m.feeds {
		out[i] = m.health(f, now)
	}
	return out
}

func (m *Module) health(f *feed, now time.Time) SourceHealth {
	s, c := f.inlet.source, f.meter
	h := SourceHealth{
		ID: s.ID, Name: s.Title(), Kind: s.Kind, Site: s.Site, Last: fromMicros(c.last.Load()),
		Received: c.received.Load(), Bytes: c.bytes.Load(), ParseErrors: c.parseErrors.Load(),
		Dropped: c.dropped.Load(), Refused: c.refused.Load(), Truncated: c.truncated.Load(),
		Expected: s.Expect.Seconds(),
	}
	c.mu.Lock()
	h.RatePerMinute = c.rate.perMinute(now)
	skew, state := c.skews.state()
	stuck := c.stuck
	c.mu.Unlock()
	h.Skew, h.SkewState = skew.Milliseconds(), state
	h.State, h.Detail = f.fares(stuck)
	return h
}

func (f *feed) fares(stuck string) (State, *flow.Text) {
	last := f.meter.last.Load()
	switch {
	case stuck != "":
		return StateFailing, &flow.Text{Code: "source.trouble", Params: map[string]string{"why": stuck}}
	case f.watch.silent.Load() != 0:
		return StateSilent, f.silence(last)
	case f.watch.unreadable.Load():
		return StateFailing, &flow.Text{Code: "source.unreadable"}
	case last == 0:
		return StateWaiting, &flow.Text{Code: "source.waiting"}
	}
	return StateOK, nil
}

// silence says in words how long the source has been silent.
func (f *feed) silence(last int64) *flow.Text {
	code, from := "source.silent", last
	if last == 0 {
		code, from = "source.never", f.watch.since
	}
	return &flow.Text{Code: code, Params: map[string]string{
		"since": store.FromMicros(from).Format(time.RFC3339), "expect_s": seconds(f.inlet.source.Expect),
	}}
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }
