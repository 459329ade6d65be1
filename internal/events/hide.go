package events

import (
	"slices"
	"sync/atomic"

	"warder/internal/flow"
)

// hidden are the rows of a segment that were erased and still lie in its file.
// A search passes them over from the moment in which the erasure is durable.
type hidden struct {
	rows atomic.Pointer[map[int]mask] // by row group; never changed, only replaced
}

// in returns the hidden rows of a group; nil when there are none.
func (h *hidden) in(group int) mask {
	if rows := h.rows.Load(); rows != nil {
		return (*rows)[group]
	}
	return nil
}

func (h *hidden) any() bool { return h.rows.Load() != nil }

// shown are the rows that a search may see, of those that are looked at.
func (g *group) shown(seg *segment) mask {
	m := make(mask, g.rows)
	gone := seg.in(g.at)
	for i := range m {
		m[i] = !gone.has(g.first + i)
	}
	return m
}

// has tells whether a row is hidden; also of a nil mask.
func (m mask) has(row int) bool { return row < len(m) && m[row] }

// hide adds rows, each group's in any order.
func (h *hidden) hide(more map[int][]int) {
	rows := map[int]mask{}
	if old := h.rows.Load(); old != nil {
		for group, m := range *old {
			rows[group] = slices.Clone(m)
		}
	}
	for group, list := range more {
		m := rows[group]
		for _, row := range list {
			if row >= len(m) {
				m = append(m, make(mask, row+1-len(m))...)
			}
			m[row] = true
		}
		rows[group] = m
	}
	h.rows.Store(&rows)
}

// Hold says which events no retention and no erasure may remove: those that a
// legal hold names. It counts from the next removal on; nil holds nothing.
func (s *Store) Hold(held func(*flow.Event) bool) { s.held.Store(&held) }

// holds tells whether anything may be held.
func (s *Store) holds() bool {
	held := s.held.Load()
	return held != nil && *held != nil
}

func (s *Store) isHeld(e *flow.Event) bool {
	held := s.held.Load()
	return held != nil && *held != nil && (*held)(e)
}
