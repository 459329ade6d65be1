package hospital

import (
	"fmt"
	"strings"
)

// didYouMean ends a sentence with the candidate that is most like the word, or
// with nothing when none is near.
func didYouMean[S ~string](word string, candidates []S) string {
	if best, ok := nearest(word, candidates); ok {
		return fmt.Sprintf("; did you mean %q?", string(best))
	}
	return ""
}

// farthest is the edit distance beyond which words are not alike, however long.
const farthest = 5

// nearest finds the candidate with the least edit distance to a word, if that
// is at most a third of the word's length.
func nearest[S ~string](word string, candidates []S) (S, bool) {
	var best S
	bound := min(len(word)/3, farthest)
	found := false
	folded := strings.ToLower(word)
	var rows editRows
	for _, c := range candidates {
		if diff := len(c) - len(word); diff > bound || -diff > bound {
			continue
		}
		if d := rows.distance(folded, strings.ToLower(string(c)), bound); d <= bound {
			best, found = c, true
			if bound = d - 1; bound < 0 {
				break
			}
		}
	}
	return best, found
}

// editRows keeps the three rows of the distance table between calls.
type editRows struct{ before, last, row []int }

// distance is the number of bytes to insert, remove, replace or swap with their
// neighbour (optimal string alignment), or bound+1 as soon as it must exceed
// the bound.
func (e *editRows) distance(a, b string, bound int) int {
	if cap(e.row) <= len(b) {
		e.before, e.last, e.row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	before, last, row := e.before[:len(b)+1], e.last[:len(b)+1], e.row[:len(b)+1]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > bound {
			return bound + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
