package index

import "slices"

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

// outputs are the numbers that each state of a table gives: those of state s are
// numbers[from[s]:from[s+1]].
type outputs struct {
	from    []uint32
	numbers []int32
}

func newOutputs(lists [][]int32) outputs {
	o := outputs{from: make([]uint32, 1, len(lists)+1)}
	for _, list := range lists {
		o.numbers = append(o.numbers, list...)
		o.from = append(o.from, uint32(len(o.numbers)))
	}
	o.numbers = slices.Clip(o.numbers)
	return o
}

func (o *outputs) of(state uint32) []int32 { return o.numbers[o.from[state]:o.from[state+1]] }

func (o *outputs) size() int { return 4 * (len(o.from) + len(o.numbers)) }

// grow builds the tree of patterns as a table with a row of width columns for each
// state: 0 where no pattern goes on, otherwise the number of the next state.
// State 0 is the root.
func grow(patterns []pattern, c *classes, backward bool) (next []uint32, out [][]int32) {
	next, out = make([]uint32, c.width), make([][]int32, 1)
	for _, p := range patterns {
		state := 0
		for i := range len(p.text) {
			b := p.text[i]
			if backward {
				b = p.text[len(p.text)-1-i]
			}
			cell := state*c.width + int(c.of[b])
			if next[cell] == 0 {
				next[cell] = uint32(len(out))
				next = append(next, make([]uint32, c.width)...)
				out = append(out, nil)
			}
			state = int(next[cell])
		}
		if !slices.Contains(out[state], p.number) {
			out[state] = append(out[state], p.number)
		}
	}
	return slices.Clip(next), out
}
