package events

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// scan is the way of a query through the segments of a view.
type scan struct {
	view    *view
	query   query.Node
	window  window
	scanned int  // rows
	opened  int  // segments
	damaged int  // segments
	lost    bool // a segment was taken out of the store
}

// taker is handed the rows of a group that meet the query within the window.
type taker func(seg *segment, at int, g *group, times []int64, m mask) error

// each hands every group with matching rows to take. What wants says no to, by
// its newest time, is left out; segments are visited in the view's order, groups
// from the newest. A segment that cannot be read is reported, counted and left out.
func (sc *scan) each(ctx context.Context, wants func(us int64) bool, take taker) error {
	for _, seg := range sc.view.segments {
		if !sc.window.touches(seg.MinTime, seg.MaxTime) || !wants(seg.MaxTime) {
			continue
		}
		_, err := safely(func() (struct{}, error) { return struct{}{}, sc.segment(ctx, seg, wants, take) })
		if ctx.Err() != nil {
			return fmt.Errorf("search events: %w", ctx.Err())
		}
		if err != nil {
			sc.failed(seg, err)
		}
	}
	return nil
}

// failed notes that a segment could not be read; the search goes on without it.
func (sc *scan) failed(seg *segment, err error) {
	sc.damaged++
	if errors.Is(err, errDamaged) {
		sc.lost = true
		sc.view.store.lose(seg, err)
		return
	}
	sc.view.store.report(fmt.Errorf("segment %s is left out of a search: %w", filepath.Base(seg.path), err))
}

func (sc *scan) segment(ctx context.Context, seg *segment, wants func(us int64) bool, take taker) error {
	r, err := seg.open()
	if err != nil {
		return err
	}
	defer r.Close()
	sc.opened++
	for at := len(r.RowGroups()) - 1; at >= 0; at-- { // rows are in order of time
		if err := ctx.Err(); err != nil {
			return err
		}
		g := sc.view.store.layout.newGroup(r, at)
		low, high, known := g.span()
		if known && (!sc.window.touches(low, high) || !wants(high)) || !g.can(seg, sc.query) {
			continue
		}
		if err := sc.group(seg, at, g, take); err != nil {
			return err
		}
	}
	return nil
}

func (sc *scan) group(seg *segment, at int, g *group, take taker) error {
	times, err := g.moments()
	if err != nil {
		return err
	}
	m := make(mask, g.rows)
	for i, us := range times {
		if sc.window.holds(us) {
			m[i] = true
			sc.scanned++
		}
	}
	if !m.any() {
		return nil
	}
	if m, err = g.meet(sc.query, m); err != nil || !m.any() {
		return err
	}
	return take(seg, at, g, times, m)
}

// can asks the Bloom filters whether any row of the group can meet the query.
func (g *group) can(seg *segment, n query.Node) bool {
	switch n := n.(type) {
	case query.And:
		for _, inner := range n {
			if !g.can(seg, inner) {
				return false
			}
		}
	case query.Or:
		return slices.ContainsFunc(n, func(inner query.Node) bool { return g.can(seg, inner) })
	case *query.Term:
		return g.canTerm(seg, n)
	}
	return true
}

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
	chunk, ok := g.chunks[name]
	if !ok || chunk.BloomFilter() == nil {
		return true
	}
	may, err := chunk.BloomFilter().Check(parquet.ByteArrayValue([]byte(value)))
	return may || err != nil // reading the column will tell what is wrong
}

// byID returns the event of an id, nil when the segment has none.
func (s *segment) byID(l *layout, id string) (*flow.Event, error) {
	r, err := s.open()
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
				return found[0], err
			}
		}
		return nil, nil
	})
}
