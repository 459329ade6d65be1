package inspect

import (
	"container/heap"
	"time"

	"warder/internal/flow"
)

// mostHeld is how many events wait until what happened before them was read.
const mostHeld = 200_000

// order gives hits in the order of their times, as far as it can hold them back.
type order struct {
	heap hits
	most int
	next int
	give func(*flow.Hit) error
}

type held struct {
	at     time.Time
	number int
	hit    flow.Hit
}

func (o *order) add(hit flow.Hit) error {
	o.next++
	heap.Push(&o.heap, held{hit.Event.Time, o.next, hit})
	if len(o.heap) <= o.most {
		return nil
	}
	return o.pop()
}

func (o *order) pop() error {
	first := heap.Pop(&o.heap).(held)
	return o.give(&first.hit)
}

// end gives all that wait.
func (o *order) end() error {
	for len(o.heap) > 0 {
		if err := o.pop(); err != nil {
			return err
		}
	}
	return nil
}

// hits is a heap by time; what happened at the same time stays in its order.
type hits []held

func (h hits) Len() int      { return len(h) }
func (h hits) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h hits) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].number < h[j].number
	}
	return h[i].at.Before(h[j].at)
}

// Push is heap.Interface's.
func (h *hits) Push(x any) { *h = append(*h, x.(held)) }

// Pop is heap.Interface's.
func (h *hits) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	(*h)[last] = held{}
	*h = (*h)[:last]
	return x
}
