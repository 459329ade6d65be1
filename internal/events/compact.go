package events

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"
)

// compacting joins small segments, so that a quiet hour is not hundreds of files.
func (s *Store) compacting(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.compact:
		case <-time.After(calmAfter): // what was put off may be due
		}
		if err := s.writeErased(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrClosed) {
			s.report(fmt.Errorf("write segments anew without what was erased: %w", err))
		}
		for more := true; more && ctx.Err() == nil; {
			more = s.joinSome(ctx)
		}
	}
}

// joinSome joins one run of segments and tells whether there may be more.
func (s *Store) joinSome(ctx context.Context) (more bool) {
	s.shaping.Lock()
	defer s.shaping.Unlock()
	s.making.RLock()
	defer s.making.RUnlock()
	if s.o.Scarce() {
		return false
	}
	run := s.run()
	if run == nil {
		return false
	}
	if err := s.join(ctx, run); err != nil && ctx.Err() == nil {
		s.report(fmt.Errorf("join %d segments of events: %w", len(run), err))
		return false // the next flush tries again
	}
	return true
}

// run chooses small segments that lie side by side in one folder, with a
// reference to each; nil when there are none to join. In the folder that is
// being filled it waits for CompactCount of them, elsewhere two are enough.
func (s *Store) run() []*segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.segments) == 0 {
		return nil
	}
	filling := filepath.Dir(s.segments[len(s.segments)-1].path)
	var run []*segment
	rows := 0
	for i, seg := range s.segments {
		same := len(run) == 0 || filepath.Dir(run[0].path) == filepath.Dir(seg.path)
		small := seg.Rows < s.smallest() && s.sameColumns(seg) && !seg.any() // what hides something is written anew first
		if same && small && rows+seg.Rows <= s.o.CompactRows {
			run, rows = append(run, seg), rows+seg.Rows
			if i < len(s.segments)-1 {
				continue
			}
		}
		need := 2
		if len(run) > 0 && filepath.Dir(run[0].path) == filling && rows < s.o.CompactRows/2 {
			need = s.o.CompactCount
		}
		if len(run) >= need {
			for _, member := range run {
				member.hold()
			}
			return run
		}
		run, rows = nil, 0
		if small {
			run, rows = []*segment{seg}, seg.Rows
		}
	}
	return nil
}

// calmAfter is how long no buffer filled up before its age until the store is calm.
const calmAfter = 20 * time.Second

// smallest is how many events make a segment that is not joined now. While events
// come so fast that buffers fill up, joining costs as much as writing did, and
// segments are of a fair size already: that waits for a calmer hour. The lock is held.
func (s *Store) smallest() int {
	if time.Since(s.filled) < calmAfter {
		return min(s.o.CompactRows/2, s.o.FlushCount/4)
	}
	return s.o.CompactRows / 2
}

// join writes one segment of several, puts it into their place in one step, and
// then removes them. A crash between leaves a segment that names what it
// replaces, and the next start finishes the work.
func (s *Store) join(ctx context.Context, run []*segment) (err error) {
	defer func() {
		for _, seg := range run {
			err = errors.Join(err, seg.release())
		}
	}()
	joined, err := s.merge(ctx, run)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make([]*segment, 0, len(s.segments))
	for _, seg := range s.segments {
		if at := slices.Index(run, seg); at == 0 {
			kept = append(kept, joined)
		} else if at < 0 {
			kept = append(kept, seg)
		}
	}
	s.segments = kept
	for _, seg := range run {
		seg.gone.Store(true)
		err = errors.Join(err, seg.release()) // the store's own reference
	}
	return err
}

// merge writes the rows of segments, which are each in order of time, as one.
func (s *Store) merge(ctx context.Context, run []*segment) (joined *segment, err error) {
	d, err := s.layout.newDraft(filepath.Dir(run[0].path))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			d.abandon()
		}
	}()
	m := meta{Version: metaVersion, Columns: s.layout.sum, After: run[0].After, Through: run[0].Through, Writers: spans{},
		MinTime: run[0].MinTime, MaxTime: run[0].MaxTime, Folded: slices.Clone(run[0].Folded)}
	var groups []parquet.RowGroup
	for _, seg := range run {
		r, err := seg.open()
		if errors.Is(err, errDamaged) {
			s.lose(seg, err)
		}
		if err != nil {
			return nil, err
		}
		defer r.Close()
		groups = append(groups, r.RowGroups()...)
		m.add(seg)
	}
	sorted := parquet.SortingRowGroupConfig(parquet.SortingColumns(parquet.Ascending(colTime)))
	merged, err := parquet.MergeRowGroups(groups, sorted)
	if err != nil {
		return nil, fmt.Errorf("merge segments: %w", err)
	}
	written, err := safely(func() (int64, error) { return d.copyRows(ctx, merged) })
	if err != nil {
		return nil, err
	}
	if int(written) != m.Rows {
		return nil, fmt.Errorf("merge segments: %d rows came of %d", written, m.Rows)
	}
	return d.finish(m)
}

func (d *draft) copyRows(ctx context.Context, from parquet.RowGroup) (int64, error) {
	rows := from.Rows()
	written, err := parquet.CopyRows(d, &interruptible{rows, ctx})
	if err != nil {
		err = fmt.Errorf("merge segments: %w", err)
	}
	return written, errors.Join(err, rows.Close())
}

// interruptible ends a copy when the store closes.
type interruptible struct {
	parquet.Rows
	ctx context.Context
}

func (r *interruptible) ReadRows(rows []parquet.Row) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Rows.ReadRows(rows)
}

// add makes the description cover another segment.
func (m *meta) add(seg *segment) {
	m.Through = max(m.Through, seg.Through)
	m.Rows += seg.Rows
	m.MinTime, m.MaxTime = min(m.MinTime, seg.MinTime), max(m.MaxTime, seg.MaxTime)
	m.Writers.merge(seg.Writers)
	m.Folded = slices.DeleteFunc(m.Folded, func(name string) bool { return !slices.Contains(seg.Folded, name) })
	m.addKinds(seg)
	m.Replaces = append(m.Replaces, seg.replacing()...)
}

// addKinds sums what the segments hold; one that does not say it is counted later.
func (m *meta) addKinds(seg *segment) {
	seg.checks.Lock()
	defer seg.checks.Unlock()
	if len(m.Replaces) > 0 && m.Kinds == nil || seg.Kinds == nil {
		m.Kinds = nil
		return
	}
	for _, k := range seg.Kinds {
		m.Kinds = m.Kinds.add(k)
	}
}

// sameColumns tells whether a segment has the columns that this program writes:
// rows can be copied only then.
func (s *Store) sameColumns(seg *segment) bool {
	return seg.Columns == s.layout.sum
}
