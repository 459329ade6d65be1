package sigma

import (
	"cmp"
	"slices"
)

// step asks for one atom and says where to go on: at another step, or at an end.
type step struct {
	atom    int32
	yes, no int32
}

const (
	accept = -1 - iota
	reject
)

// coder writes the programs of all rules one after the other. A program is the
// rule's term with its short cuts: each answer leads straight to the next
// question that still matters.
type coder struct {
	steps []step
	atoms []atom
}

// program writes a term and gives its first step.
func (c *coder) program(t term) int32 { return c.write(t, accept, reject) }

// write is done from the end to the beginning: where a step leads is known then.
func (c *coder) write(t term, yes, no int32) int32 {
	switch t.op {
	case termTrue:
		return yes
	case termFalse:
		return no
	case termAtom:
		c.steps = append(c.steps, step{t.atom, yes, no})
		return int32(len(c.steps) - 1)
	case termNot:
		return c.write(t.of[0], no, yes)
	}
	of := slices.SortedStableFunc(slices.Values(t.of), func(a, b term) int { return cmp.Compare(c.price(a), c.price(b)) })
	switch {
	case t.op == termAll:
		for _, x := range slices.Backward(of) {
			yes = c.write(x, yes, no)
		}
		return yes
	case t.need == 1:
		for _, x := range slices.Backward(of) {
			no = c.write(x, yes, no)
		}
		return no
	}
	return c.counted(of, t.need, yes, no)
}

// counted writes "at least need": one row of steps for each number that is still
// wanted.
func (c *coder) counted(of []term, need int, yes, no int32) int32 {
	row := make([]int32, need+1) // where to go on when so many are still wanted
	for wanted := range row {
		row[wanted] = no
	}
	row[0] = yes
	for _, x := range slices.Backward(of) {
		for wanted := need; wanted > 0; wanted-- {
			row[wanted] = c.write(x, row[wanted-1], row[wanted])
		}
	}
	return row[need]
}

// price orders the questions of one list: what an index has answered comes first,
// regular expressions last.
func (c *coder) price(t term) int {
	if t.op != termAtom {
		most := 0
		for _, x := range t.of {
			most = max(most, c.price(x))
		}
		return most + 1
	}
	a := &c.atoms[t.atom]
	switch a.kind {
	case atomParts:
		return 3
	case atomTest:
		if _, slow := a.test.(matches); slow {
			return 40
		}
		return 20
	}
	return 1
}
