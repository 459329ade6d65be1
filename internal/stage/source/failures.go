package source

import (
	"bytes"
	"time"

	"warder/internal/flow"
)

// Failure is a record that could not be read. The record itself goes on its way
// as raw; this is a copy for people, cut to failureBytes.
type Failure struct {
	Time  time.Time `json:"time"`
	Error string    `json:"error"`
	Raw   []byte    `json:"raw"` // base64 in JSON
	Peer  string    `json:"peer,omitempty"`
}

const (
	failureKept  = 100  // newest failures of a source
	failureBytes = 4096 // of each
)

// failures keeps the newest failures of one source, in memory.
type failures struct {
	ring []Failure
	next int
}

func newFailures() failures { return failures{ring: make([]Failure, 0, failureKept)} }

func (f *failures) add(raw flow.Raw, reason string) {
	data := raw.Data[:min(len(raw.Data), failureBytes)]
	one := Failure{Time: raw.Received, Error: reason, Raw: bytes.Clone(data), Peer: raw.Peer}
	if len(f.ring) < failureKept {
		f.ring = append(f.ring, one)
		return
	}
	f.ring[f.next] = one
	f.next = (f.next + 1) % failureKept
}

// newest lists them, newest first.
func (f *failures) newest() []Failure {
	out := make([]Failure, 0, len(f.ring))
	for i := range f.ring {
		out = append(out, f.ring[(f.next+len(f.ring)-1-i)%len(f.ring)])
	}
	return out
}
