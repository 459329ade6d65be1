package app

import (
	"errors"
	"slices"
)

// closers are what must be closed, in the order in which they were opened. Each
// is registered on the line after its construction.
type closers []func() error

func (c *closers) add(fn func() error) { *c = append(*c, fn) }

// close ends everything in reverse order and returns what went wrong.
func (c *closers) close() error {
	var errs []error
	for _, fn := range slices.Backward(*c) {
		errs = append(errs, fn())
	}
	*c = nil
	return errors.Join(errs...)
}
