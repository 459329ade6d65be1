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
		b.WriteString(p.place() + ": ")
	}
	if p.Asset != "" {
		b.WriteString(p.Asset + ": ")
	}
	return b.String() + p.Text
}

// place is the file, with the line where there is one.
func (p Problem) place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
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
	fields map[string]int // lines of the fields that stand on other lines; unread for those that could not be read
}

// unread is the line of a field whose problem was found in reading it: that it
// is then missing or empty is no second problem.
const unread = -1

func (p position) spoilt(field string) bool { return p.fields[field] == unread }

// spoil marks fields that could not be read.
func (p *position) spoil(fields []string) {
	for _, f := range fields {
		p.mark(f, unread)
	}
}

func (p position) of(field string) int {
	if line, ok := p.fields[field]; ok {
		return line
	}
	return p.line
}

// ofEach is the line of one entry of a field that is a list.
func (p position) ofEach(field string, i int) int {
	if p.fields == nil {
		return p.line
	}
	if line, ok := p.fields[entry(field, i)]; ok {
		return line
	}
	return p.of(field)
}

// origins remembers where the parts of a loaded model were written, by their
// place in the model's lists. A model made by a program has none.
type origins struct {
	head                        position
	assets, dependencies, plans []position
	// partial says that a file, or the rest of one, could not be read: assets
	// that others refer to may be missing for that reason alone.
	partial bool
	// drawn says that drawings were looked for; a single YAML file brings none.
	drawn bool
}

func at(list []position, i int) position {
	if i < len(list) {
		return list[i]
	}
	return position{}
}
