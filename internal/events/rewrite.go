package events

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"

	"warder/internal/flow"
)

// verdict is what becomes of an event when its segment is written anew.
type verdict int

const (
	keep  verdict = iota
	strip         // keep the event without its raw bytes
	drop
)

// judge decides about an event by its id and kind; the event itself is made only
// when it is asked for.
type judge func(id string, k Kind, event func() *flow.Event) verdict

// change is what writing a segment anew made of it.
type change struct {
	Before  string // names of files; they end with the sums
	After   string // empty when nothing was left
	dropped kinds
	removed int   // events that went because they were hidden
	strip   kinds // their raw bytes went
}

func (c *change) none() bool { return len(c.dropped) == 0 && len(c.strip) == 0 && c.removed == 0 }

// rewrite writes a segment anew without what is hidden in it and what judge
// drops, and puts the new one into its place in one step. Names, dictionaries,
// Bloom filters and statistics of the new file know only what is left. Nothing
// happens when everything stays. The caller holds shaping and a reference.
func (s *Store) rewrite(ctx context.Context, seg *segment, decide judge) (change, error) {
	s.making.RLock()
	defer s.making.RUnlock()
	c := change{Before: filepath.Base(seg.path)}
	left, err := safely(func() (*segment, error) { return s.filtered(ctx, seg, decide, &c) })
	if errors.Is(err, errDamaged) {
		s.lose(seg, err)
	}
	if err != nil || c.none() {
		return change{}, err
	}
	if left != nil {
		c.After = filepath.Base(left.path)
	}
	return c, s.replace(seg, left)
}

// filtered writes what is left of a segment; nil when that is nothing, or all.
func (s *Store) filtered(ctx context.Context, seg *segment, decide judge, c *change) (out *segment, err error) {
	r, err := seg.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d, err := s.layout.newDraft(filepath.Dir(seg.path))
	if err != nil {
		return nil, err
	}
	defer func() {
		if out == nil {
			d.abandon()
		}
	}()
	f := &rewriting{layout: s.layout, draft: d, encoder: newEncoder(s.layout), judge: decide, change: c,
		meta: meta{Version: metaVersion, Columns: s.layout.sum, After: seg.After, Through: seg.Through,
			Writers: spans{}, Replaces: seg.replacing()}}
	for at, rows := range r.RowGroups() {
		if s.sameColumns(seg) {
			err = f.copy(ctx, rows, seg.in(at))
		} else {
			err = f.group(ctx, s.layout.newGroup(r, at), seg.in(at))
		}
		if err != nil {
			return nil, err
		}
	}
	if c.none() || f.meta.Rows == 0 {
		return nil, nil
	}
	if f.meta.Folded = seg.Folded; !s.sameColumns(seg) {
		f.meta.Folded = f.encoder.folded()
	}
	f.meta.Kinds = f.meta.Kinds.sorted()
	return d.finish(f.meta)
}

// rewriting is a segment on its way into another.
type rewriting struct {
	layout  *layout
	draft   *draft
	encoder *encoder
	judge   judge
	change  *change
	meta    meta
	row     parquet.Row
}

// atOnce is how many events are in memory while a segment is written anew.
const atOnce = 2048

func (f *rewriting) group(ctx context.Context, g *group, gone mask) error {
	rows := make([]int, 0, atOnce)
	for row := range g.rows {
		if gone.has(row) {
			f.change.removed++
		} else {
			rows = append(rows, row)
		}
		if len(rows) == atOnce || row == g.rows-1 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f.some(g, rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return nil
}

func (f *rewriting) some(g *group, rows []int) error {
	if len(rows) == 0 {
		return nil
	}
	all, err := g.decode(rows)
	if err != nil {
		return err
	}
	for _, e := range all {
		k := kindOf(e)
		switch f.weigh(e.ID, k, func() *flow.Event { return e }) {
		case drop:
			continue
		case strip:
			e.Raw, k = nil, k.withoutRaw()
		}
		if f.row, err = f.encoder.row(e, f.row); err != nil {
			return err
		}
		if err := f.write(e.ID, e.Time.UnixMicro(), k, f.row); err != nil {
			return err
		}
	}
	return nil
}

// weigh decides about an event and counts what goes.
func (f *rewriting) weigh(id string, k Kind, event func() *flow.Event) verdict {
	v := f.judge(id, k, event)
	switch {
	case v == drop:
		f.change.dropped = f.change.dropped.add(k)
	case v == strip && k.WithRaw > 0:
		f.change.strip = f.change.strip.add(k)
	case v == strip:
		return keep
	}
	return v
}

func (f *rewriting) write(id string, us int64, k Kind, row parquet.Row) error {
	if _, err := f.draft.WriteRows([]parquet.Row{row}); err != nil {
		return fmt.Errorf("write a segment anew: %w", err)
	}
	m := &f.meta
	if m.Rows == 0 {
		m.MinTime = us
	}
	m.MaxTime = us // they come in order of time
	m.Rows++
	m.Writers.add(id)
	m.Kinds = m.Kinds.add(k)
	return nil
}

// replace puts a segment, or nothing, into the place of another, and notes in
// the erasures under way what became of it.
func (s *Store) replace(old, with *segment) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.Index(s.segments, old)
	if at < 0 { // it was lost meanwhile
		if with == nil {
			return nil
		}
		with.gone.Store(true)
		return with.release()
	}
	after := slices.Clone(s.segments)
	if with != nil {
		after[at] = with
	} else {
		if err := s.keepFloor(old); err != nil {
			return fmt.Errorf("drop a segment: %w", err)
		}
		after = slices.Delete(after, at, at+1)
	}
	s.segments = after
	err := s.noteRewritten(old, with)
	s.leaving = append(slices.DeleteFunc(s.leaving, func(seg *segment) bool { return seg.refs.Load() <= 0 }), old)
	old.gone.Store(true)
	return errors.Join(err, old.release()) // the store's own reference
}

// shape runs fn once for each segment, oldest first, with a reference to it,
// while nobody joins or rewrites another; also for those that are made meanwhile,
// since a joined one holds what others held that were not looked at yet.
func (s *Store) shape(ctx context.Context, fn func(seg *segment) error) error {
	seen := map[string]bool{}
	for {
		v, err := s.view()
		if err != nil {
			return err
		}
		fresh := 0
		for _, seg := range v.segments {
			name := filepath.Base(seg.path)
			if seen[name] {
				continue
			}
			seen[name] = true
			fresh++
			if err = ctx.Err(); err == nil {
				err = s.shapeOne(seg, fn)
			}
			if err != nil {
				break
			}
		}
		v.release()
		if err != nil || fresh == 0 {
			return err
		}
	}
}

func (s *Store) shapeOne(seg *segment, fn func(seg *segment) error) error {
	s.shaping.Lock()
	defer s.shaping.Unlock()
	s.mu.Lock()
	here := slices.Contains(s.segments, seg) // it may have been joined meanwhile
	s.mu.Unlock()
	if !here {
		return nil
	}
	return fn(seg)
}

// writeErased writes those segments anew that hide something, so that it leaves
// the disk too.
func (s *Store) writeErased(ctx context.Context) error {
	began := time.Now() // how long, not when: for the log
	n := 0
	err := s.shape(ctx, func(seg *segment) error {
		if !seg.any() {
			return nil
		}
		n++
		_, err := s.rewrite(ctx, seg, func(string, Kind, func() *flow.Event) verdict { return keep })
		return err
	})
	if n > 0 && err == nil {
		s.o.Log.Info("erased events left the disk", "segments", n, "took", time.Since(began))
	}
	return err
}
