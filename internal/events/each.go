package events

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"warder/internal/events/query"
	"warder/internal/flow"
)

// Selection says which events are to be handed out: those that meet a query, or
// those that are named.
type Selection struct {
	Query
	IDs []string // when not nil, these and nothing else
}

// Origin says where an event was found.
type Origin struct {
	Segment string // its file's name, which ends with its sum; empty for memory
	After   uint64 // offsets on topic raw that the file's events come from
	Through uint64
	Rows    int
}

// Each hands out every event of a selection, as one state of the store has them,
// segment by segment and within it in order of time; Limit and Cursor do not
// matter. It ends with fn's first error. Damaged tells how many segments could
// not be read: what they held is missing.
func (s *Store) Each(ctx context.Context, sel Selection, fn func(e *flow.Event, from Origin) error) (damaged int, err error) {
	w := wanted{}
	if sel.IDs != nil {
		w.ids = map[string]bool{}
		for _, id := range sel.IDs {
			w.ids[id] = true
		}
	} else if w.node, err = query.Parse(sel.Text); err != nil {
		return 0, err
	}
	v, err := s.view()
	if err != nil {
		return 0, err
	}
	defer v.release()
	h := &handing{scan: scan{view: v, query: w.node, window: newWindow(sel.From, sel.To), alone: true}, wanted: w, fn: fn}
	if w.ids != nil {
		h.query = query.And{}
		h.view = &view{store: s, buffers: v.buffers,
			segments: slices.DeleteFunc(slices.Clone(v.segments), func(seg *segment) bool { return !seg.mayHoldAny(w.ids) })}
	}
	if err := h.each(ctx, func(int64) bool { return h.stopped == nil }, h.inGroup); err != nil {
		return h.damaged, err
	}
	if h.stopped == nil {
		h.stopped = h.inBuffers()
	}
	return h.damaged, h.stopped
}

// handing is a selection on its way out.
type handing struct {
	scan
	wanted  wanted
	fn      func(*flow.Event, Origin) error
	stopped error // what the receiver said
}

func (h *handing) inGroup(seg *segment, g *group, m mask) error {
	rows, err := h.wanted.rows(g, m)
	if err != nil || h.stopped != nil {
		return err
	}
	from := Origin{filepath.Base(seg.path), seg.After, seg.Through, seg.Rows}
	for part := range slices.Chunk(rows, atOnce) {
		all, err := g.decode(part)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		for _, e := range all {
			if h.stopped = h.fn(e, from); h.stopped != nil {
				return nil
			}
		}
	}
	return nil
}

func (h *handing) inBuffers() error {
	for _, b := range h.view.buffers {
		for _, e := range byTime(b) {
			if h.window.holds(e.Time.UnixMicro()) && h.wanted.means(e) {
				if err := h.fn(e, Origin{}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
