package hospital

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a model, and what would be right.
type Problem struct {
	File  string `json:"file,omitempty"` // path within the model's folder; empty for a model made by a program
	Line  int    `json:"line,omitempty"` // counts from 1; 0 for the file as a whole
	Asset string `json:"asset,omitempty"`
	Rule  Rule   `json:"rule"`
	Text  string `json:"text"`
}

// String gives the problem as compilers do: file:line: asset: text.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Asset != "" {
		b.WriteString(p.Asset + ": ")
	}
	return b.String() + p.Text
}

// sortProblems orders by file and line and drops what is said twice.
func sortProblems(ps []Problem) []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Asset, b.Asset),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(ps)
}

// position is where a part of a model was written.
type position struct {
	file   string
	line   int
	fields map[string]int // lines of the fields that stand on other lines
}

func (p position) of(field string) int {
	if line, ok := p.fields[field]; ok {
		return line
	}
	return p.line
}

// origins remembers where the parts of a loaded model were written, by their
// place in the model's lists. A model made by a program has none.
type origins struct {
	head                        position
	assets, dependencies, plans []position
}

func at(list []position, i int) position {
	if i < len(list) {
		return list[i]
	}
	return position{}
}
