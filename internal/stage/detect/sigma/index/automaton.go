package index

// automaton finds patterns anywhere in a text.
type automaton struct {
	classes classes
	// next holds, for each state and class, where the next state's row begins,
	// with hit set when that state gives numbers.
	next []uint32
	out  outputs
}

// hit marks a cell whose state gives numbers. Rows begin below it: two thousand
// million cells are more than memory has room for.
const hit = 1 << 31

func newAutomaton(patterns []pattern) *automaton {
	if len(patterns) == 0 {
		return nil
	}
	a := &automaton{classes: newClasses(patterns)}
	tree := newTree(patterns, &a.classes)
	a.next = tree.table()
	a.connect(tree.out)
	for cell, state := range a.next {
		row := state * uint32(a.classes.width)
		if len(tree.out[state]) > 0 {
			row |= hit
		}
		a.next[cell] = row
	}
	a.out = newOutputs(tree.out)
	return a
}

// connect makes the tree an automaton: where no pattern goes on, the step is that
// of the longest end of what was read that begins a pattern. A state also gives
// what that end gives.
func (a *automaton) connect(out [][]output) {
	width, next := a.classes.width, a.next
	fail := make([]uint32, len(out))
	queue := make([]uint32, 0, len(out))
	for _, state := range next[:width] {
		if state != 0 {
			queue = append(queue, state)
		}
	}
	for at := 0; at < len(queue); at++ {
		state := queue[at]
		shorter := next[int(fail[state])*width:][:width]
		for class, to := range shorter {
			cell := int(state)*width + class
			if child := next[cell]; child != 0 {
				fail[child] = to
				out[child] = append(out[child], out[to]...)
				queue = append(queue, child)
			} else {
				next[cell] = to
			}
		}
	}
}

func (a *automaton) scan(s string, found *Found) {
	next, of := a.next, &a.classes.of
	state := uint32(0)
	for i := range len(s) {
		state = next[state+uint32(of[s[i]])]
		if state&hit != 0 {
			state &^= hit
			a.give(state, s[i+1:], found)
		}
	}
}

// give adds the numbers of a state that was reached before rest.
func (a *automaton) give(row uint32, rest string, found *Found) {
	for _, o := range a.out.of(row / uint32(a.classes.width)) {
		if !found.Has(o.number) && len(rest) >= len(o.rest) && sameFolded(rest[:len(o.rest)], o.rest) {
			found.Add(o.number)
		}
	}
}

func (a *automaton) size() int { return 4*len(a.next) + a.out.size() }
