package detect

import (
	"strings"
	"testing"
)

func TestTogetherDoesEveryNumberOnce(t *testing.T) {
	for _, n := range []int{0, 1, fewest, 2*fewest + 1, 1000} {
		done := make([]int, n)
		together(partsOf(n), n, func(_, from, to int) {
			for i := from; i < to; i++ {
				done[i]++
			}
		})
		for i, times := range done {
			if times != 1 {
				t.Errorf("of %d, number %d was done %d times", n, i, times)
			}
		}
	}
}

// A handler's panic must reach its guard: outside of one it would end the program.
func TestTogetherPanicsInTheCaller(t *testing.T) {
	for _, n := range []int{1, 10 * fewest} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(p.(string), "poison") {
					t.Errorf("of %d: recovered %v", n, p)
				}
			}()
			together(partsOf(n), n, func(_, _, to int) {
				if to == n {
					panic("poison")
				}
			})
		}()
	}
}
