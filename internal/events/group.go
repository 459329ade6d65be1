package events

import (
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go"

	"warder/internal/events/query"
)

// group is a row group that is being searched, or the rows of it that lie within
// the window; columns are read when they are first needed and kept until the
// group is done with.
type group struct {
	layout *layout
	in     *reading
	at     int // which row group
	first  int // row at which what is looked at begins
	rows   int // how many rows are looked at
	times  []int64
	read   map[string]*texts
	bytes  int64 // that were read, unpacked
}

func (l *layout) newGroup(r *reading, at int) *group {
	return &group{layout: l, in: r, at: at, rows: int(r.RowGroups()[at].NumRows()), read: map[string]*texts{}}
}

// chunk returns a column; false when the segment has none of that name.
func (g *group) chunk(name string) (*parquet.FileColumnChunk, bool) {
	i, ok := g.in.columns[name]
	if !ok {
		return nil, false
	}
	c, ok := g.in.RowGroups()[g.at].ColumnChunks()[i].(*parquet.FileColumnChunk)
	return c, ok
}

// absent tells that no row has a value. Lists count their levels another way.
func (g *group) absent(name string, c *parquet.FileColumnChunk) bool {
	return c.NullCount() == c.NumValues() && name != colAssetIDs && name != colID
}

// charge notes what reading a part of a column costs.
func (g *group) charge(name string, rows int) {
	all := &g.in.Metadata().RowGroups[g.at]
	g.bytes += all.Columns[g.in.columns[name]].MetaData.TotalUncompressedSize * int64(rows) / max(all.NumRows, 1)
}

// moments returns the times of the rows that are looked at.
func (g *group) moments() ([]int64, error) {
	if g.times != nil {
		return g.times, nil
	}
	c, ok := g.chunk(colTime)
	if !ok {
		return nil, fmt.Errorf("%w: it has no column %s", errUnreadable, colTime)
	}
	times, err := readMoments(c, int(g.in.RowGroups()[g.at].NumRows()))
	if err == nil {
		g.times = times[g.first : g.first+g.rows]
	}
	return g.times, err
}

// span returns the lowest and highest time of the group without reading it.
func (g *group) span() (low, high int64, ok bool) {
	c, ok := g.chunk(colTime)
	if !ok {
		return 0, 0, false
	}
	lowest, highest, ok := c.Bounds()
	if !ok {
		return 0, 0, false
	}
	return lowest.Int64(), highest.Int64(), true
}

// narrow leaves of the group the rows within a window. They are in order of time.
func (g *group) narrow(w window) error {
	low, high, known := g.span()
	if known && w.low <= low && high < w.high {
		return nil
	}
	times, err := g.moments()
	if err != nil {
		return err
	}
	if !slices.IsSorted(times) {
		return fmt.Errorf("%w: its rows are not in order of time", errUnreadable)
	}
	from, _ := slices.BinarySearch(times, w.low)
	to, _ := slices.BinarySearch(times, w.high)
	g.first, g.rows, g.times = g.first+from, to-from, times[from:to]
	return nil
}

// texts returns a column, nil when the segment has none of that name.
func (g *group) texts(name string) (*texts, error) {
	if t, ok := g.read[name]; ok {
		return t, nil
	}
	c, ok := g.chunk(name)
	if !ok {
		return nil, nil
	}
	if g.absent(name, c) {
		t := &texts{places: slices.Repeat([]int32{-1}, g.rows)}
		g.read[name] = t
		return t, nil
	}
	g.charge(name, g.rows)
	t, err := readTexts(c, g.first, g.rows, name == colAssetIDs)
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", name, err)
	}
	g.read[name] = t
	return t, nil
}

// fewOf is what part of the rows are few enough to be read one by one.
const fewOf = 32

// textsOf is texts, of which only some rows are wanted: where they are few and
// each has a text of its own, the pages without them are not read.
func (g *group) textsOf(name string, want mask) (*texts, error) {
	c, ok := g.chunk(name)
	if _, here := g.read[name]; here || !ok || g.absent(name, c) || !g.layout.apart[name] || want.count()*fewOf > g.rows {
		return g.texts(name)
	}
	rows := want.rows()
	g.charge(name, len(rows))
	t := &texts{places: slices.Repeat([]int32{-1}, g.rows)}
	err := pick(c, g.within(rows), func(i int, v parquet.Value) error {
		t.places[rows[i]] = int32(len(t.values))
		t.values = append(t.values, string(v.ByteArray()))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", name, err)
	}
	return t, nil
}

// within gives the rows' places in the row group.
func (g *group) within(rows []int) []int {
	out := make([]int, len(rows))
	for i, row := range rows {
		out[i] = g.first + row
	}
	return out
}

// mask says for each row of a group whether it is meant.
type mask []bool

func (m mask) any() bool { return slices.Contains(m, true) }

func (m mask) count() (n int) {
	for _, meets := range m {
		if meets {
			n++
		}
	}
	return n
}

// rows lists the rows that are meant.
func (m mask) rows() []int {
	var out []int
	for row, meets := range m {
		if meets {
			out = append(out, row)
		}
	}
	return out
}

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
