package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/parquet-go/parquet-go"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// scan is the way of a query through the segments of a view, from the newest.
type scan struct {
	view   *view
	query  query.Node
	window window
	budget Budget
	began  time.Time

	// alone has the row groups worked at one after the other, the last first: for
	// takers that keep something, or hand on what they take.
	alone bool

	mu      sync.Mutex
	scanned int   // rows
	opened  int   // segments
	damaged int   // segments
	bytes   int64 // that were read, unpacked
	lost    bool  // a segment was taken out of the store
	cut     *Cut
	pages   bool // whoever asks goes on where it was cut
}

// taker is handed the rows of a group that meet the query within the window. It
// may be called by several goroutines at the same time, unless the scan is alone.
type taker func(seg *segment, g *group, m mask) error

// each hands every group with matching rows to take. What wants says no to, by
// its newest time, is left out. A segment that cannot be read is reported,
// counted and left out. When the budget is spent it ends, and cut says so.
func (sc *scan) each(ctx context.Context, wants func(us int64) bool, take taker) error {
	slices.SortFunc(sc.view.segments, func(a, b *segment) int { return cmp.Compare(b.MaxTime, a.MaxTime) })
	s := sc.view.store
	crew := s.newCrew(ctx, sc.alone)
	for i, seg := range sc.view.segments {
		if !sc.window.touches(seg.MinTime, seg.MaxTime) || !wants(seg.MaxTime) {
			continue
		}
		older := int64(math.MinInt64) // the newest event of the segments that come after
		if i+1 < len(sc.view.segments) {
			older = sc.view.segments[i+1].MaxTime
		}
		_, err := safely(func() (struct{}, error) { return struct{}{}, sc.segment(crew, seg, older, wants, take) })
		if err != nil && crew.ctx.Err() == nil {
			sc.failed(seg, err)
		}
		if sc.cut != nil || crew.ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("search events: %w", ctx.Err())
	}
	return nil
}

// failed notes that a segment could not be read; the search goes on without it.
func (sc *scan) failed(seg *segment, err error) {
	sc.mu.Lock()
	sc.damaged++
	sc.lost = sc.lost || errors.Is(err, errDamaged)
	sc.mu.Unlock()
	if errors.Is(err, errDamaged) {
		sc.view.store.lose(seg, err)
		return
	}
	sc.view.store.report(fmt.Errorf("segment %s is left out of a search: %w", filepath.Base(seg.path), err))
}

// segment gives the groups of a segment to the crew, and waits for them.
func (sc *scan) segment(c *crew, seg *segment, older int64, wants func(us int64) bool, take taker) error {
	l := sc.view.store.layout
	r, err := l.shelf.take(seg)
	if err != nil {
		return err
	}
	defer r.Close()
	sc.opened++
	may, err := l.possible(r, seg, sc.query)
	if err != nil {
		return err
	}
	for at := len(r.RowGroups()) - 1; at >= 0; at-- { // rows are in order of time
		g := l.newGroup(r, at)
		low, high, known := g.span()
		if known && (!sc.window.touches(low, high) || !wants(high)) || !may(g) {
			continue
		}
		if sc.spent(max(high, older)) {
			break
		}
		if !c.do(func() error { return sc.group(seg, g, wants, take) }) {
			break
		}
	}
	return c.settle()
}

func (sc *scan) group(seg *segment, g *group, wants func(us int64) bool, take taker) error {
	if _, high, known := g.span(); known && !wants(high) { // meanwhile others found enough
		return nil
	}
	if err := g.narrow(sc.window); err != nil {
		return err
	}
	m := g.shown(seg)
	looked := m.count()
	m, err := g.meet(sc.query, m)
	if err == nil && m.any() {
		err = take(seg, g, m)
	}
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.scanned += looked
	sc.bytes += g.bytes
	return err
}

// possible returns a test whether any row of a group can meet a query, as far as
// the filters tell.
func (l *layout) possible(r *reading, seg *segment, n query.Node) (func(*group) bool, error) {
	known := map[*query.Term][]uint32{}
	query.Terms(n, func(t *query.Term) { known[t] = runs(t) })
	if len(known) == 0 {
		return func(*group) bool { return true }, nil
	}
	grams, err := r.grams()
	if err != nil {
		return nil, err
	}
	term := func(g *group, t *query.Term) bool {
		missing := func(run uint32) bool { return !grams[g.at].has(run) }
		return (grams == nil || !slices.ContainsFunc(known[t], missing)) && g.canTerm(seg, t)
	}
	return func(g *group) bool { return can(g, n, term) }, nil
}

// can tells whether any row of a group can meet the query, if term tells it of a term.
func can(g *group, n query.Node, term func(*group, *query.Term) bool) bool {
	switch n := n.(type) {
	case query.And:
		for _, inner := range n {
			if !can(g, inner, term) {
				return false
			}
		}
	case query.Or:
		return slices.ContainsFunc(n, func(inner query.Node) bool { return can(g, inner, term) })
	case *query.Term:
		return term(g, n)
	}
	return true
}

// canTerm asks the Bloom filters.
func (g *group) canTerm(seg *segment, t *query.Term) bool {
	name, ok := fixedColumn(t.Field)
	if !ok {
		name, ok = g.layout.attrs[t.Field]
	}
	value, exact := t.Exact()
	if !ok || !exact || !slices.Contains(seg.Folded, name) {
		return true
	}
	return g.hasValue(name, value)
}

// hasValue asks a column's Bloom filter; without one the answer is yes.
func (g *group) hasValue(name, value string) bool {
	chunk, ok := g.chunk(name)
	if !ok || chunk.BloomFilter() == nil {
		return true
	}
	may, err := chunk.BloomFilter().Check(parquet.ByteArrayValue([]byte(value)))
	return may || err != nil // reading the column will tell what is wrong
}

// byID returns the event of an id, nil when the segment has none.
func (s *segment) byID(l *layout, id string) (*flow.Event, error) {
	r, err := l.shelf.take(s)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return safely(func() (*flow.Event, error) {
		for at := range r.RowGroups() {
			g := l.newGroup(r, at)
			if !g.hasValue(colID, id) {
				continue
			}
			ids, err := g.texts(colID)
			if err != nil || ids == nil {
				return nil, err
			}
			if row := slices.Index(ids.values, id); row >= 0 { // one value for each row
				found, err := g.decode([]int{row})
				if err != nil {
					return nil, err
				}
				return found[0], nil
			}
		}
		return nil, nil
	})
}
