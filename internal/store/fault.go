package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warder/internal/kit/fault"
)

// retryAfter is what callers are told to wait when the database is away.
const retryAfter = 2 * time.Second

// Fault gives a database's error its kind: Conflict for a key that exists
// already or a reference to what is gone, Invalid for a value that a table
// refuses, Unavailable when the database is away, busy or full. Whatever has a
// kind already, sql.ErrNoRows and the context's errors stay as they are. Write
// does this by itself; it is for the errors of rows and of reading.
func (s *Store) Fault(doing string, err error) error { return s.engine.fault(doing, err) }

func (e engine) fault(doing string, err error) error {
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", doing, err)
	}
	make := func(kind fault.Kind, why string) error {
		f := &fault.Error{Kind: kind, Sentence: doing + ": " + why, Cause: err}
		if kind == fault.Unavailable {
			f.RetryAfter = retryAfter
		}
		return f
	}
	switch e.sort(err) {
	case taken:
		return make(fault.Conflict, "it exists already")
	case dangling:
		return make(fault.Conflict, "something that it refers to is gone")
	case unfit:
		return make(fault.Invalid, "the database refuses the value")
	case again:
		return make(fault.Unavailable, "the database is busy; try again")
	case away:
		return make(fault.Unavailable, "the database cannot be reached; it will be tried again")
	case full:
		return make(fault.Unavailable, "the disk of the database is full; make room")
	case appendsOnly:
		return make(fault.Denied, refusal)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
