package index

// trie finds patterns at one end of a text.
type trie struct {
	classes classes
	next    []uint32
	out     outputs
}

func newTrie(patterns []pattern, backward bool) *trie {
	if len(patterns) == 0 {
		return nil
	}
	t := &trie{classes: newClasses(patterns)}
	next, out := grow(patterns, &t.classes, backward)
	t.next, t.out = next, newOutputs(out)
	return t
}

func (t *trie) forward(s string, found *Found) {
	state := uint32(0)
	for i := range len(s) {
		if state = t.step(state, s[i], found); state == 0 {
			return
		}
	}
}

func (t *trie) backward(s string, found *Found) {
	state := uint32(0)
	for i := len(s) - 1; i >= 0; i-- {
		if state = t.step(state, s[i], found); state == 0 {
			return
		}
	}
}

// step follows one byte; 0 when no pattern goes on.
func (t *trie) step(state uint32, b byte, found *Found) uint32 {
	state = t.next[int(state)*t.classes.width+int(t.classes.of[b])]
	if state != 0 {
		for _, n := range t.out.of(state) {
			found.Add(n)
		}
	}
	return state
}

func (t *trie) size() int { return 4*len(t.next) + t.out.size() }
