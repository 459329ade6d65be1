package events

import (
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go"

	"warder/internal/events/query"
)

// group is a row group that is being searched; columns are read when they are
// first needed and kept until the group is done with.
type group struct {
	layout *layout
	rows   int
	chunks map[string]parquet.ColumnChunk
	lists  map[string]bool
	read   map[string]*texts
}

func (l *layout) newGroup(r *reading, i int) *group {
	rg := r.RowGroups()[i]
	g := &group{layout: l, rows: int(rg.NumRows()), chunks: map[string]parquet.ColumnChunk{},
		lists: map[string]bool{}, read: map[string]*texts{}}
	for at, c := range rg.ColumnChunks() {
		leaf := r.Schema().Columns()[at]
		g.chunks[leaf[0]] = c
		g.lists[leaf[0]] = leaf[0] == colAssetIDs
	}
	return g
}

// moments returns the group's times.
func (g *group) moments() ([]int64, error) {
	c, ok := g.chunks[colTime]
	if !ok {
		return nil, fmt.Errorf("%w: it has no column %s", errUnreadable, colTime)
	}
	return readMoments(c, g.rows)
}

// span returns the lowest and highest time of the group without reading it.
func (g *group) span() (low, high int64, ok bool) {
	c, isFile := g.chunks[colTime].(*parquet.FileColumnChunk)
	if !isFile {
		return 0, 0, false
	}
	lowest, highest, ok := c.Bounds()
	if !ok {
		return 0, 0, false
	}
	return lowest.Int64(), highest.Int64(), true
}

// texts returns a column, nil when the segment has none of that name.
func (g *group) texts(name string) (*texts, error) {
	if t, ok := g.read[name]; ok {
		return t, nil
	}
	c, ok := g.chunks[name]
	if !ok {
		return nil, nil
	}
	if f, isFile := c.(*parquet.FileColumnChunk); isFile && f.NullCount() == c.NumValues() && !g.lists[name] && name != colID {
		t := &texts{places: slices.Repeat([]int32{-1}, g.rows)}
		g.read[name] = t
		return t, nil
	}
	t, err := readTexts(c, g.rows, g.lists[name])
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", name, err)
	}
	g.read[name] = t
	return t, nil
}

// mask says for each row of a group whether it is meant.
type mask []bool

func (m mask) any() bool { return slices.Contains(m, true) }

// meet returns the rows among in that meet the query. The answer is exactly that
// of query.Match on the events of these rows.
func (g *group) meet(n query.Node, in mask) (mask, error) {
	switch n := n.(type) {
	case query.And:
		for _, inner := range cheapFirst(n) {
			if !in.any() {
				break
			}
			out, err := g.meet(inner, in)
			if err != nil {
				return nil, err
			}
			in = out
		}
		return slices.Clone(in), nil
	case query.Or:
		out, left := make(mask, g.rows), slices.Clone(in)
		for _, inner := range cheapFirst(n) {
			found, err := g.meet(inner, left)
			if err != nil {
				return nil, err
			}
			for i, yes := range found {
				out[i] = out[i] || yes
				left[i] = left[i] && !yes
			}
		}
		return out, nil
	case query.Not:
		found, err := g.meet(n.Node, in)
		for i := range found {
			found[i] = in[i] && !found[i]
		}
		return found, err
	case *query.Term:
		return g.term(n, in)
	}
	return nil, fmt.Errorf("a query of kind %T is not known", n)
}

// cheapFirst orders parts so that few rows are left for the dear ones. What a
// part costs is about how many bytes it looks at.
func cheapFirst(nodes []query.Node) []query.Node {
	sorted := slices.Clone(nodes)
	slices.SortStableFunc(sorted, func(a, b query.Node) int { return cost(a) - cost(b) })
	return sorted
}

func cost(n query.Node) int {
	total := 0
	query.Terms(n, func(t *query.Term) {
		switch {
		case t.Everywhere():
			total += 100
		case t.Original() != "":
			total += 20
		default:
			total++
		}
	})
	return total
}

func (g *group) term(t *query.Term, in mask) (mask, error) {
	look := &looking{group: g, term: t, left: slices.Clone(in), out: make(mask, g.rows)}
	var err error
	if t.Everywhere() {
		err = look.everywhere()
	} else {
		err = look.field()
	}
	return look.out, err
}
