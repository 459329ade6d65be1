package source

import (
	"strings"
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
	failureBytes = 8192 // of each
	failureText  = 1024 // bytes of its error, and of its peer
)

// failures keeps the newest failures of one source: number n lies in slot
// n modulo failureKept, in memory as in the database.
type failures struct {
	ring [failureKept]Failure
	next int64 // number of the next failure
	held int64 // how many lie in the ring
}

func (f *failures) add(raw flow.Raw, reason string) {
	data := raw.Data[:min(len(raw.Data), failureBytes)]
	f.put(f.next, Failure{
		Time: raw.Received, Error: storable(reason), Raw: append([]byte{}, data...), Peer: storable(raw.Peer),
	})
}

// put adds the failure of a number, which is next or above it.
func (f *failures) put(number int64, one Failure) {
	f.ring[number%failureKept] = one
	f.next = number + 1
	f.held = min(f.held+1, failureKept)
}

// newest lists them, newest first.
func (f *failures) newest() []Failure {
	out := make([]Failure, 0, f.held)
	for n := f.next - 1; n >= f.next-f.held; n-- {
		out = append(out, f.ring[n%failureKept])
	}
	return out
}

// from lists those from a number on, as far as they are still held, and the
// number of the first.
func (f *failures) from(number int64) (first int64, list []Failure) {
	first = max(number, f.next-f.held)
	for n := first; n < f.next; n++ {
		list = append(list, f.ring[n%failureKept])
	}
	return first, list
}

// empty lets all go; numbers go on.
func (f *failures) empty() { *f = failures{next: f.next} }

// storable makes foreign text fit for a database: PostgreSQL takes no NUL and
// nothing that is not UTF-8.
func storable(s string) string {
	s = s[:min(len(s), failureText)]
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
