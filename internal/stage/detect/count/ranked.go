package count

import (
	"math"
	"slices"
)

// ranked keeps numbers in order (value_percentile).
type ranked struct {
	c      *correlation
	sorted []float64
	fresh  []float64 // not yet in order
}

func (r *ranked) add(e *entry) { r.fresh = append(r.fresh, e.number()) }

func (r *ranked) drop(e *entry) {
	r.settle()
	if at, found := slices.BinarySearch(r.sorted, e.number()); found {
		r.sorted = slices.Delete(r.sorted, at, at+1)
	}
}

// settle puts fresh numbers in their places: many at once by sorting.
func (r *ranked) settle() {
	if len(r.fresh) > 8 {
		r.sorted = append(r.sorted, r.fresh...)
		slices.Sort(r.sorted)
		r.fresh = r.fresh[:0]
		return
	}
	for _, n := range r.fresh {
		at, _ := slices.BinarySearch(r.sorted, n)
		r.sorted = slices.Insert(r.sorted, at, n)
	}
	r.fresh = r.fresh[:0]
}

// meets holds the percentile against the bounds: the smallest number that at
// least so many percent of all numbers do not exceed (nearest rank).
func (r *ranked) meets(window []entry) []entry {
	r.settle()
	rank := int(math.Ceil(*r.c.Percentile / 100 * float64(len(r.sorted))))
	if r.c.holds(r.sorted[min(max(rank, 1), len(r.sorted))-1]) {
		return window
	}
	return nil
}
