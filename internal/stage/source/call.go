package source

import (
	"errors"
	"sync"
)

// call counts the records of one Submit until all have an answer.
type call struct {
	done    func(error)
	release func() // gives the call's room back

	mu   sync.Mutex
	left int
	err  error
}

func newCall(done func(error), records int, release func()) *call {
	return &call{done: done, release: release, left: records}
}

// finish notes one record's answer; the last one answers the call.
func (c *call) finish(err error) {
	c.mu.Lock()
	c.left--
	if c.err == nil {
		c.err = err
	} else if err != nil && !errors.Is(c.err, err) {
		c.err = errors.Join(c.err, err)
	}
	last, result := c.left == 0, c.err
	c.mu.Unlock()
	if last {
		c.release()
		c.done(result)
	}
}
