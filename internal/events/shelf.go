package events

import (
	lru "container/list"
	"errors"
	"sync"
)

// mostOpen is how many segments stay open between searches. One takes a file
// descriptor and, with its footer and filters, some hundred kilobytes.
const mostOpen = 96

// shelf keeps segments open that were read lately: opening one means to read its
// footer, which takes longer than many a question to it.
type shelf struct {
	mu     sync.Mutex
	most   int
	places map[*segment]*lru.Element
	order  lru.List // of *reading, the one that was used last in front
}

func newShelf(most int) *shelf { return &shelf{most: most, places: map[*segment]*lru.Element{}} }

// take opens a segment, or finds it open. The caller closes what it got.
func (sh *shelf) take(seg *segment) (*reading, error) {
	if r := sh.find(seg); r != nil {
		return r, nil
	}
	r, err := seg.open()
	if err != nil {
		return nil, err
	}
	return sh.put(seg, r), nil
}

func (sh *shelf) find(seg *segment) *reading {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	at, ok := sh.places[seg]
	if !ok {
		return nil
	}
	sh.order.MoveToFront(at)
	r := at.Value.(*reading)
	r.users.Add(1)
	return r
}

// put shelves what was opened, and closes what was used longest ago. Of two that
// opened the same segment one keeps its own until it is done.
func (sh *shelf) put(seg *segment, r *reading) *reading {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if _, ok := sh.places[seg]; ok || seg.gone.Load() {
		return r
	}
	r.of = seg
	r.users.Add(1) // the shelf's own
	sh.places[seg] = sh.order.PushFront(r)
	seg.shelf.Store(sh)
	for sh.order.Len() > sh.most {
		_ = sh.remove(sh.order.Back()) // it was only read
	}
	return r
}

func (sh *shelf) remove(at *lru.Element) error {
	r := sh.order.Remove(at).(*reading)
	delete(sh.places, r.of)
	return r.Close()
}

// drop closes a segment, as soon as nobody reads it any more.
func (sh *shelf) drop(seg *segment) error {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if at, ok := sh.places[seg]; ok {
		return sh.remove(at)
	}
	return nil
}

// clear closes all of them.
func (sh *shelf) clear() error {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	var errs []error
	for sh.order.Len() > 0 {
		errs = append(errs, sh.remove(sh.order.Back()))
	}
	return errors.Join(errs...)
}
