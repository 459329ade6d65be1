// Package fault gives an error a kind for machines and a sentence for people.
//
// The sentence says what was being done and what to do next; internals stay in
// the wrapped cause, which goes to the log and never to a caller.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Kind is what a machine may branch on.
type Kind string

// The kinds, each with the HTTP status that the API gives it.
const (
	Invalid     Kind = "invalid"     // 422: the input is wrong; the sentence says what would be right
	NotFound    Kind = "not-found"   // 404
	Conflict    Kind = "conflict"    // 409: somebody changed it meanwhile, or it exists already
	Denied      Kind = "denied"      // 403
	Unknown     Kind = "unknown"     // 401: who is asking is not known
	TooLarge    Kind = "too-large"   // 413
	Busy        Kind = "busy"        // 429 with Retry-After: this caller asks too often
	Unavailable Kind = "unavailable" // 503 with Retry-After
	Internal    Kind = "internal"    // 500
)

// Status is the HTTP status (RFC 9110 section 15) of a kind, as listed above.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return http.StatusUnprocessableEntity
	case NotFound:
		return http.StatusNotFound
	case Conflict:
		return http.StatusConflict
	case Denied:
		return http.StatusForbidden
	case Unknown:
		return http.StatusUnauthorized
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case Busy:
		return http.StatusTooManyRequests
	case Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Error is a failure that somebody outside the package will see.
type Error struct {
	Kind       Kind
	Sentence   string
	RetryAfter time.Duration // only for Busy and Unavailable
	Cause      error         // may be nil
}

func (e *Error) Error() string { return e.Sentence }

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of a kind with a formatted sentence. An error among the
// arguments that is formatted with %w becomes its cause.
func New(kind Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Sentence: err.Error(), Cause: errors.Unwrap(err)}
}

// KindOf tells an error's kind; whatever carries none is Internal.
func KindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}
