package hospital

import "sync/atomic"

// Holder holds the newest snapshot and swaps it in one step: who reads sees one
// whole version or the next, never a mixture. The zero Holder holds no model.
type Holder struct {
	now atomic.Pointer[Snapshot]
}

var _ Source = (*Holder)(nil)

// NewHolder returns a holder of a snapshot.
func NewHolder(s *Snapshot) *Holder {
	h := new(Holder)
	h.now.Store(s)
	return h
}

// Snapshot gives the newest snapshot; it is never nil.
func (h *Holder) Snapshot() *Snapshot {
	if s := h.now.Load(); s != nil {
		return s
	}
	h.now.CompareAndSwap(nil, Empty())
	return h.now.Load()
}

// Swap puts a snapshot in the place of the one before, which it returns.
func (h *Holder) Swap(s *Snapshot) *Snapshot {
	before := h.Snapshot()
	h.now.Store(s)
	return before
}
