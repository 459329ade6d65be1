package events

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Query asks for events. Times are those of the events themselves, by their
// senders' clocks.
type Query struct {
	Text   string    // in the query language; empty for all
	From   time.Time // at or after; zero for no bound
	To     time.Time // before; zero for no bound
	Limit  int       // how many at most; 0 means 100
	Cursor string    // where the last page ended; empty for the first
	Budget Budget    // what the answer may take
}

// Result is one page of events, newest first, and what it took to find them.
type Result struct {
	Events   []flow.Event
	Next     string // cursor of the next page; empty on the last
	Scanned  int    // events that were looked at
	Segments int    // segments that were opened
	Damaged  int    // segments that could not be read: the answer may lack events
	// Cut says that the budget was spent. What there is comes in order all the
	// same, and Next goes on where it ended.
	Cut *Cut
}

const (
	defaultLimit = 100
	mostLimit    = 5000
)

// window is a span of time in microseconds, low inclusive, high exclusive.
type window struct{ low, high int64 }

func newWindow(from, to time.Time) window {
	w := window{math.MinInt64, math.MaxInt64}
	if !from.IsZero() {
		w.low = ceilMicros(from)
	}
	if !to.IsZero() {
		w.high = ceilMicros(to)
	}
	return w
}

// ceilMicros rounds up, so that bounds with nanoseconds hold for what is kept.
func ceilMicros(t time.Time) int64 { return t.Add(time.Microsecond - 1).UnixMicro() }

func (w window) holds(us int64) bool          { return us >= w.low && us < w.high }
func (w window) touches(low, high int64) bool { return high >= w.low && low < w.high }

// place is an event's place in the order of results: newest first, then by id.
type place struct {
	time int64
	id   string
}

// before tells whether a comes before b in the results.
func (a place) before(b place) bool {
	return a.time > b.time || a.time == b.time && a.id > b.id
}

func (a place) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(a.time, 10) + " " + a.id))
}

func readCursor(s string) (place, error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	at, id, found := strings.Cut(string(text), " ")
	us, bad := strconv.ParseInt(at, 10, 64)
	if err != nil || bad != nil || !found {
		return place{}, fault.New(fault.Invalid, "the cursor %q is none of this list", s)
	}
	return place{us, id}, nil
}

// hit is an event that was found: in memory, or a row of a segment.
type hit struct {
	place
	event   *flow.Event
	segment *segment
	group   int
	row     int
}

// best keeps the foremost hits: a heap whose root is the last of them.
type best struct {
	hits  []hit
	limit int
}

func (b *best) Len() int           { return len(b.hits) }
func (b *best) Less(i, j int) bool { return b.hits[j].before(b.hits[i].place) }
func (b *best) Swap(i, j int)      { b.hits[i], b.hits[j] = b.hits[j], b.hits[i] }
func (b *best) Push(x any)         { b.hits = append(b.hits, x.(hit)) }
func (b *best) Pop() any {
	last := b.hits[len(b.hits)-1]
	b.hits = b.hits[:len(b.hits)-1]
	return last
}

func (b *best) add(h hit) {
	if len(b.hits) < b.limit {
		heap.Push(b, h)
	} else if h.before(b.hits[0].place) {
		b.hits[0] = h
		heap.Fix(b, 0)
	}
}

// wants tells whether an event of that time can still be among the foremost.
func (b *best) wants(us int64) bool { return len(b.hits) < b.limit || us >= b.hits[0].time }

// Search returns the newest events that meet a query. It ends early when ctx does.
func (s *Store) Search(ctx context.Context, q Query) (Result, error) {
	n, err := query.Parse(q.Text)
	if err != nil {
		return Result{}, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	after := place{math.MaxInt64, ""} // everything comes after it
	if q.Cursor != "" {
		if after, err = readCursor(q.Cursor); err != nil {
			return Result{}, err
		}
	}
	began := time.Now()
	for damaged := 0; ; {
		v, err := s.view()
		if err != nil {
			return Result{}, err
		}
		f := &finding{scan: scan{view: v, query: n, window: newWindow(q.From, q.To), budget: q.Budget, began: began, damaged: damaged, pages: true}, after: after,
			best: best{limit: min(q.Limit, mostLimit) + 1}} // one more tells whether there is a next page
		r, err := f.run(ctx)
		v.release()
		if err != nil || !f.lost {
			return r, err
		}
		damaged = f.damaged // again without it, since events of it were among the best
	}
}

// finding is a search on its way.
type finding struct {
	scan
	after place
	best  best
}

func (f *finding) run(ctx context.Context) (Result, error) {
	found, looked := f.view.inMemory(f.query, f.window)
	f.scanned += looked
	for _, e := range found {
		if p := (place{e.Time.UnixMicro(), e.ID}); f.after.before(p) {
			f.best.add(hit{place: p, event: e})
		}
	}
	if f.after.time < math.MaxInt64 {
		f.window.high = min(f.window.high, f.after.time+1)
	}
	err := f.each(ctx, f.wants, f.inGroup)
	if err != nil {
		return Result{}, err
	}
	return f.result(ctx)
}

// wants tells whether an event of that time can still be in the page.
func (f *finding) wants(us int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.best.wants(us)
}

// inGroup takes the matching rows of a group.
func (f *finding) inGroup(seg *segment, g *group, m mask) error {
	times, err := g.moments()
	if err != nil {
		return err
	}
	ids, err := g.textsOf(colID, m)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for row, meets := range m {
		if !meets || !f.best.wants(times[row]) {
			continue
		}
		id, _ := ids.one(row)
		if p := (place{times[row], id}); f.after.before(p) {
			f.best.add(hit{place: p, segment: seg, group: g.at, row: g.first + row})
		}
	}
	return nil
}

func (f *finding) result(ctx context.Context) (Result, error) {
	hits := f.best.hits
	slices.SortFunc(hits, func(a, b hit) int {
		if a.before(b.place) {
			return -1
		}
		return 1
	})
	if f.lost {
		return Result{}, nil // it will be run again
	}
	r := Result{Scanned: f.scanned, Segments: f.opened, Damaged: f.damaged}
	if f.cut != nil { // what is older may not be all
		newest := f.cut.BackTo.UnixMicro() - 1
		hits = slices.DeleteFunc(hits, func(h hit) bool { return h.time <= newest })
		r.Cut, r.Next = f.cut, place{newest + 1, ""}.cursor()
	}
	if len(hits) == f.best.limit {
		r.Cut = nil
		hits = hits[:len(hits)-1]
		r.Next = hits[len(hits)-1].cursor()
	}
	if err := f.fetch(ctx, hits); err != nil || f.lost {
		return Result{}, err
	}
	r.Events = make([]flow.Event, len(hits))
	for i, h := range hits {
		r.Events[i] = *h.event
	}
	return r, nil
}

// fetch reads the events of the hits that are in segments, group by group.
func (f *finding) fetch(ctx context.Context, hits []hit) error {
	type spot struct {
		segment *segment
		group   int
	}
	rows := map[spot][]*hit{}
	for i := range hits {
		if h := &hits[i]; h.event == nil {
			rows[spot{h.segment, h.group}] = append(rows[spot{h.segment, h.group}], h)
		}
	}
	for at, wanted := range rows {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("search events: %w", err)
		}
		slices.SortFunc(wanted, func(a, b *hit) int { return cmp.Compare(a.row, b.row) })
		err := at.segment.fetch(f.view.store.layout, at.group, wanted)
		if errors.Is(err, errDamaged) {
			f.failed(at.segment, err)
		} else if err != nil {
			return fmt.Errorf("search events: %w", err)
		}
	}
	return nil
}

func (s *segment) fetch(l *layout, at int, wanted []*hit) error {
	r, err := l.shelf.take(s)
	if err != nil {
		return err
	}
	defer r.Close()
	rows := make([]int, len(wanted))
	for i, h := range wanted {
		rows[i] = h.row
	}
	found, err := safely(func() ([]*flow.Event, error) { return l.newGroup(r, at).decode(rows) })
	for i, e := range found {
		wanted[i].event = e
	}
	return err
}

// Get returns one event by its id; fault.NotFound when it is not here.
func (s *Store) Get(ctx context.Context, id string) (flow.Event, error) {
	v, err := s.view()
	if err != nil {
		return flow.Event{}, err
	}
	defer v.release()
	if s.wasErased(id) {
		return flow.Event{}, fault.New(fault.NotFound, "there is no event %s", id)
	}
	for _, events := range v.buffers {
		for _, e := range events {
			if e.ID == id {
				return *e, nil
			}
		}
	}
	for _, seg := range slices.Backward(v.segments) {
		if err := ctx.Err(); err != nil {
			return flow.Event{}, fmt.Errorf("look for an event: %w", err)
		}
		if !seg.Writers.may(id) {
			continue
		}
		e, err := seg.byID(s.layout, id)
		switch {
		case errors.Is(err, errDamaged):
			s.lose(seg, err)
		case err != nil:
			return flow.Event{}, fmt.Errorf("look for an event: %w", err)
		case e != nil:
			return *e, nil
		}
	}
	return flow.Event{}, fault.New(fault.NotFound, "there is no event %s", id)
}
