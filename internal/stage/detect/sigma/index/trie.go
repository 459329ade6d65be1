package index

import "slices"

// trie finds patterns at one end of a text.
type trie struct {
	classes classes
	next    []uint32
	out     outputs
}

// newTrie returns the trie of some patterns, or nil if there are none; backward,
// of the patterns read from their end.
func newTrie(patterns []pattern, backward bool) *trie {
	if len(patterns) == 0 {
		return nil
	}
	if backward {
		reversed := make([]pattern, len(patterns))
		for i, p := range patterns {
			reversed[i] = pattern{reverse(p.text), p.number}
		}
		patterns = reversed
	}
	t := &trie{classes: newClasses(patterns)}
	tree := newTree(patterns, &t.classes)
	if backward {
		for _, list := range tree.out {
			for i := range list {
				list[i].rest = reverse(list[i].rest)
			}
		}
	}
	t.next, t.out = tree.table(), newOutputs(tree.out)
	return t
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func (t *trie) forward(s string, found *Found) {
	state := uint32(0)
	for i := range len(s) {
		if state = t.step(state, s[i]); state == 0 {
			return
		}
		for _, o := range t.out.of(state) {
			if rest := s[i+1:]; len(rest) >= len(o.rest) && sameFolded(rest[:len(o.rest)], o.rest) {
				found.Add(o.number)
			}
		}
	}
}

func (t *trie) backward(s string, found *Found) {
	state := uint32(0)
	for i := len(s) - 1; i >= 0; i-- {
		if state = t.step(state, s[i]); state == 0 {
			return
		}
		for _, o := range t.out.of(state) {
			if len(o.rest) <= i && sameFolded(s[i-len(o.rest):i], o.rest) {
				found.Add(o.number)
			}
		}
	}
}

// step follows one byte; 0 when no pattern goes on.
func (t *trie) step(state uint32, b byte) uint32 {
	return t.next[int(state)*t.classes.width+int(t.classes.of[b])]
}

func (t *trie) size() int { return 4*len(t.next) + t.out.size() }
