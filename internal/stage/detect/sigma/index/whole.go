package index

import "math/bits"

// whole finds texts by their hash: a table with open addressing.
type whole struct {
	mask    uint32
	slots   []uint32 // number of an entry plus one
	entries []entry
	outputs []int32
	lengths [256]bool // of the patterns; the last stands for all that are longer
}

type entry struct {
	hash     uint64
	text     string
	from, to uint32 // in outputs
}

func newWhole(patterns []pattern) *whole {
	if len(patterns) == 0 {
		return nil
	}
	numbers := map[string][]int32{}
	var order []string
	for _, p := range patterns {
		if _, ok := numbers[p.text]; !ok {
			order = append(order, p.text)
		}
		numbers[p.text] = append(numbers[p.text], p.number)
	}
	size := 1 << bits.Len(uint(2*len(order)))
	w := &whole{mask: uint32(size - 1), slots: make([]uint32, size)}
	for _, text := range order {
		w.add(text, numbers[text])
	}
	return w
}

func (w *whole) add(text string, numbers []int32) {
	e := entry{hash: hash(text), text: text, from: uint32(len(w.outputs))}
	w.outputs = append(w.outputs, numbers...)
	e.to = uint32(len(w.outputs))
	w.entries = append(w.entries, e)
	w.lengths[min(len(text), len(w.lengths)-1)] = true
	at := uint32(e.hash) & w.mask
	for w.slots[at] != 0 {
		at = (at + 1) & w.mask
	}
	w.slots[at] = uint32(len(w.entries))
}

func (w *whole) find(s string, found *Found) {
	if !w.lengths[min(len(s), len(w.lengths)-1)] {
		return
	}
	h := hash(s)
	for at := uint32(h) & w.mask; w.slots[at] != 0; at = (at + 1) & w.mask {
		e := &w.entries[w.slots[at]-1]
		if e.hash == h && sameFolded(s, e.text) {
			for _, n := range w.outputs[e.from:e.to] {
				found.Add(n)
			}
			return
		}
	}
}

// hash is of the text in lower case (multiply and rotate, eight bytes at a time;
// the patterns are the operator's own, so collisions need not be made hard).
func hash(s string) uint64 {
	const k = 0x9E3779B97F4A7C15
	h := uint64(len(s)) * k
	i := 0
	for ; i+8 <= len(s); i += 8 {
		h = bits.RotateLeft64(h^lower8(load8(s, i)), 29) * k
	}
	if i < len(s) {
		h = bits.RotateLeft64(h^lower8(load(s[i:])), 29) * k
	}
	return h ^ h>>32
}

// sameFolded compares a text without regard to ASCII case with a folded one.
func sameFolded(s, folded string) bool {
	if len(s) != len(folded) {
		return false
	}
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if lower8(load8(s, i)) != load8(folded, i) {
			return false
		}
	}
	return lower8(load(s[i:])) == load(folded[i:])
}

func (w *whole) size() int {
	n := 4*len(w.slots) + 4*len(w.outputs) + 48*len(w.entries)
	for i := range w.entries {
		n += len(w.entries[i].text)
	}
	return n
}
