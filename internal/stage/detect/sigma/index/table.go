package index

import (
	"cmp"
	"slices"
	"strings"
)

// classes maps each byte to a column of a table: bytes that no pattern tells
// apart share one, and a capital letter that of its small one. Column 0 is of
// all bytes that no pattern holds.
type classes struct {
	of    [256]uint8
	width int
}

func newClasses(patterns []pattern) classes {
	var used [256]bool
	for _, p := range patterns {
		for i := 0; i < len(p.text); i++ {
			used[p.text[i]] = true
		}
	}
	c := classes{width: 1}
	for b, is := range used {
		if is { // at most 230: folded text has no capitals
			c.of[b] = uint8(c.width)
			c.width++
		}
	}
	for b := 'A'; b <= 'Z'; b++ {
		c.of[b] = c.of[b+'a'-'A']
	}
	return c
}

// output is a number that a state gives if the text goes on with rest: where only
// one pattern is left, the rest of it is compared, which takes no states.
type output struct {
	rest   string
	number int32
}

// outputs are what each state of a table gives: those of state s are
// list[from[s]:from[s+1]].
type outputs struct {
	from []uint32
	list []output
}

func newOutputs(lists [][]output) outputs {
	o := outputs{from: make([]uint32, 1, len(lists)+1)}
	n := 0
	for _, list := range lists {
		n += len(list)
	}
	o.list = make([]output, 0, n)
	for _, list := range lists {
		o.list = append(o.list, list...)
		o.from = append(o.from, uint32(len(o.list)))
	}
	return o
}

func (o *outputs) of(state uint32) []output { return o.list[o.from[state]:o.from[state+1]] }

func (o *outputs) size() int {
	n := 4*len(o.from) + 24*len(o.list)
	for i := range o.list {
		n += len(o.list[i].rest) // at most: outputs that a state has from another share it
	}
	return n
}

// tree is the tree of patterns while it is built, level by level: states that
// short texts reach are beside one another.
type tree struct {
	width int
	edges []edge
	out   [][]output // by state; 0 is the root
}

type edge struct {
	from, to uint32
	class    uint8
}

// shortestCut is how deep a state must be before the rest of its only pattern is
// compared: what is cut shorter would be compared too often.
const shortestCut = 5

// stretch is the patterns that begin with what leads to a state.
type stretch struct {
	state    uint32
	patterns []pattern // sorted
	depth    int
}

func newTree(patterns []pattern, c *classes) *tree {
	patterns = slices.Clone(patterns)
	slices.SortFunc(patterns, func(a, b pattern) int {
		return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.number, b.number))
	})
	patterns = slices.Compact(patterns)
	t := &tree{width: c.width, out: make([][]output, 1)}
	for queue := []stretch{{0, patterns, 0}}; len(queue) > 0; queue = queue[1:] {
		queue = t.divide(queue, queue[0], c)
	}
	return t
}

// divide gives a state its outputs, and a state to each way on.
func (t *tree) divide(queue []stretch, s stretch, c *classes) []stretch {
	list := s.patterns
	if s.depth >= shortestCut && list[0].text == list[len(list)-1].text {
		for _, p := range list {
			t.out[s.state] = append(t.out[s.state], output{p.text[s.depth:], p.number})
		}
		return queue
	}
	for len(list) > 0 && len(list[0].text) == s.depth {
		t.out[s.state] = append(t.out[s.state], output{"", list[0].number})
		list = list[1:]
	}
	for len(list) > 0 {
		b := list[0].text[s.depth]
		n := slices.IndexFunc(list, func(p pattern) bool { return p.text[s.depth] != b })
		if n < 0 {
			n = len(list)
		}
		to := uint32(len(t.out))
		t.out = append(t.out, nil)
		t.edges = append(t.edges, edge{s.state, to, c.of[b]})
		queue = append(queue, stretch{to, list[:n], s.depth + 1})
		list = list[n:]
	}
	return queue
}

// table has a row of width columns for each state: 0 where no pattern goes on,
// otherwise the number of the next state.
func (t *tree) table() []uint32 {
	next := make([]uint32, len(t.out)*t.width)
	for _, e := range t.edges {
		next[int(e.from)*t.width+int(e.class)] = e.to
	}
	return next
}
