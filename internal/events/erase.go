package events

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"warder/internal/events/query"
	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// Request says which events are to be erased: those that meet a query, or those
// that are named.
type Request struct {
	Query string   `json:"query,omitempty"`
	IDs   []string `json:"ids,omitempty"`
}

// Order is a legal erasure as somebody asks for it.
type Order struct {
	ID      string // new, of letters, digits and hyphens
	Request Request
	By      string // principal id
	Name    string
	Why     string // a case number rather than a name: it stays
	// Through is the newest offset on topic raw: what was accepted up to there may
	// still become events that the request means.
	Through uint64
}

// Found is what a request means at one moment.
type Found struct {
	Events     int `json:"events" doc:"that are or were to be erased"`
	Held       int `json:"held" doc:"that stay because a legal hold names them"`
	Segments   int `json:"segments" doc:"files that hold some of them"`
	Unreadable int `json:"unreadable" doc:"damaged files, of which nobody can say what they hold"`
}

// mostErased is how many events one erasure takes: their ids are kept until they
// are gone everywhere.
const mostErased = 500_000

// Preview says what an erasure would do now.
func (s *Store) Preview(ctx context.Context, r Request) (Found, error) {
	w, err := newWanted(r)
	if err != nil {
		return Found{}, err
	}
	f, err := s.find(ctx, w)
	if err != nil {
		return Found{}, err
	}
	for _, b := range f.view.buffers {
		for _, e := range b {
			f.weigh(e)
		}
	}
	f.view.release()
	return f.found(), f.err()
}

// Erase hides what a request means from every search and makes that durable
// before it returns; the bytes leave the files soon after (Erasures tells). What
// is held stays. Damaged segments in quarantine, of which nobody can say what
// they hold, are removed too, unless anything is held. A search that began before
// sees the events to its end.
func (s *Store) Erase(ctx context.Context, o Order) (Erasure, error) {
	w, err := newWanted(o.Request)
	if err != nil {
		return Erasure{}, err
	}
	if !erasureID(o.ID) {
		return Erasure{}, fault.New(fault.Invalid, "the erasure's id %q is none: letters, digits and hyphens would be", o.ID)
	}
	s.making.Lock() // what it looks at stays as it is
	defer s.making.Unlock()
	f, err := s.find(ctx, w)
	if err != nil {
		return Erasure{}, err
	}
	defer f.view.release()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Erasure{}, ErrClosed
	}
	if s.erasingAt(o.ID) >= 0 {
		return Erasure{}, fault.New(fault.Conflict, "there is an erasure %s already", o.ID)
	}
	active, moving := f.fromBuffer(s.active), f.fromBuffer(s.moving)
	if err := f.err(); err != nil {
		return Erasure{}, err
	}
	e := newErasure(o, f, s.o.Now().UTC())
	e.Through = max(e.Through, s.appended)
	e.takeQuarantine(s)
	if err := s.saveErasure(e); err != nil {
		return Erasure{}, fmt.Errorf("erase events: %w", err)
	}
	s.erasing = append(s.erasing, e)
	for _, p := range f.places {
		p.segment.hide(p.rows)
	}
	s.withBuffers(active, moving)
	wake(s.compact)
	if err := s.emptyQuarantine(e); err != nil {
		return e.Erasure, fmt.Errorf("erase events; the next start tries again: %w", err)
	}
	return e.Erasure, nil
}

// withBuffers takes buffers from which events went. The lock is held.
func (s *Store) withBuffers(active, moving *buffer) {
	s.active, s.moving = active, moving
	if s.moving.empty() {
		s.moving = nil
	}
	if s.active.empty() && s.moving == nil {
		s.stored, s.hurry, s.trouble = s.appended, false, nil
		wake(s.flush) // to tell OnStored
	}
	s.free()
}

// wanted decides whether an event is meant.
type wanted struct {
	node query.Node
	ids  map[string]bool
}

func newWanted(r Request) (wanted, error) {
	if len(r.IDs) > 0 {
		w := wanted{ids: map[string]bool{}}
		for _, id := range r.IDs {
			w.ids[id] = true
		}
		return w, nil
	}
	if strings.TrimSpace(r.Query) == "" {
		return wanted{}, fault.New(fault.Invalid, "an erasure of everything is refused: say whose events, or name them")
	}
	node, err := query.Parse(r.Query)
	return wanted{node: node}, err
}

func (w wanted) means(e *flow.Event) bool {
	if w.ids != nil {
		return w.ids[e.ID]
	}
	return query.Match(w.node, e)
}

// spot is where erased events lie in a segment.
type spot struct {
	segment *segment
	rows    map[int][]int // by row group
}

// erasingFind is the look for what an erasure means.
type erasingFind struct {
	store  *Store
	view   *view // held until release
	wanted wanted
	gone   map[string]string // id -> sum of what it was
	held   map[string]bool
	places []*spot
	lost   int
}

// find looks through the segments; the caller releases the view.
func (s *Store) find(ctx context.Context, w wanted) (*erasingFind, error) {
	v, err := s.view()
	if err != nil {
		return nil, err
	}
	f := &erasingFind{store: s, view: v, wanted: w, gone: map[string]string{}, held: map[string]bool{}}
	sc := &scan{view: v, query: w.node, window: newWindow(time.Time{}, time.Time{}), alone: true}
	if w.ids != nil {
		sc.query = query.And{}
		v = &view{store: s, segments: slices.DeleteFunc(slices.Clone(v.segments), func(seg *segment) bool { return !seg.mayHoldAny(w.ids) })}
		sc.view = v
	}
	err = sc.each(ctx, func(int64) bool { return true }, f.inGroup)
	if err == nil {
		err = f.err()
	}
	if err != nil {
		f.view.release()
		return nil, err
	}
	f.lost = sc.damaged
	return f, nil
}

func (s *segment) mayHoldAny(ids map[string]bool) bool {
	for id := range ids {
		if s.Writers.may(id) {
			return true
		}
	}
	return false
}

func (f *erasingFind) inGroup(seg *segment, g *group, m mask) error {
	rows, err := f.wanted.rows(g, m)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(rows, atOnce) {
		all, err := g.decode(part)
		if err != nil {
			return err
		}
		for i, e := range all {
			if f.weigh(e) {
				f.place(seg, g.at, g.first+part[i])
			}
		}
		if err := f.err(); err != nil {
			return err
		}
	}
	return nil
}

// rows lists those of a mask that are meant.
func (w wanted) rows(g *group, m mask) (rows []int, err error) {
	var ids *texts
	if w.ids != nil {
		if ids, err = g.texts(colID); err != nil {
			return nil, err
		}
	}
	for row, meets := range m {
		if id, _ := ids.at(row); meets && (ids == nil || w.ids[id]) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (f *erasingFind) place(seg *segment, group, row int) {
	if n := len(f.places); n == 0 || f.places[n-1].segment != seg {
		f.places = append(f.places, &spot{segment: seg, rows: map[int][]int{}})
	}
	p := f.places[len(f.places)-1]
	p.rows[group] = append(p.rows[group], row)
}

// weigh decides about an event and notes it.
func (f *erasingFind) weigh(e *flow.Event) (goes bool) {
	if !f.wanted.means(e) {
		return false
	}
	if f.store.isHeld(e) {
		f.held[e.ID] = true
		return false
	}
	f.gone[e.ID] = Sum(e)
	return true
}

// fromBuffer returns a buffer without what goes.
func (f *erasingFind) fromBuffer(b *buffer) *buffer {
	if b.empty() {
		return b
	}
	left := &buffer{after: b.after, through: b.through, byID: map[string]*flow.Event{}, since: b.since}
	for _, e := range b.events {
		if !f.weigh(e) {
			left.events, left.byID[e.ID] = append(left.events, e), e
			left.bytes += weight(e)
		}
	}
	return left
}

func (f *erasingFind) err() error {
	if len(f.gone) <= mostErased {
		return nil
	}
	return fault.New(fault.Invalid, "this would erase more than %d events at once: narrow it, for example with source: or category:", mostErased)
}

func (f *erasingFind) found() Found {
	return Found{Events: len(f.gone), Held: len(f.held), Segments: len(f.places), Unreadable: f.lost}
}

// Sum is the SHA-256 of an event in its canonical form (Canonical), in hex.
func Sum(e *flow.Event) string {
	body, err := Canonical(e)
	if err != nil { // JSON has a word for everything that tidy leaves
		body = []byte(e.ID)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Canonical is an event as JSON in one way only: fields in the order of the
// reference, names within objects sorted, no blanks, no HTML escapes.
func Canonical(e *flow.Event) ([]byte, error) { return encodeJSON(e) }

// withoutErased leaves out what was erased and comes again, or came too late to
// be found. The lock is held.
func (s *Store) withoutErased(all []*flow.Event) ([]*flow.Event, error) {
	if len(s.erasing) == 0 {
		return all, nil
	}
	left := all[:0]
	late := map[*erasure]bool{}
	for _, ev := range all {
		var by *erasure
		for _, e := range s.erasing {
			if e.takes(ev) {
				by = e
				break
			}
		}
		switch {
		case by == nil:
			left = append(left, ev)
		case by.ids[ev.ID] != "":
		case s.isHeld(ev):
			by.stays[ev.ID] = true
			by.Held = len(by.stays)
			late[by] = true
			left = append(left, ev)
		default:
			by.ids[ev.ID] = Sum(ev)
			by.Events = len(by.ids)
			late[by] = true
		}
	}
	var errs []error
	for e := range maps.Keys(late) {
		errs = append(errs, s.saveErasure(e))
	}
	return left, errors.Join(errs...)
}

// wasErased tells whether an event is in an erasure under way.
func (s *Store) wasErased(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.erasing, func(e *erasure) bool { return e.ids[id] != "" })
}

func (s *Store) erasingAt(id string) int {
	return slices.IndexFunc(s.erasing, func(e *erasure) bool { return e.ID == id })
}

func (s *Store) erasureFile(id string) string { return filepath.Join(s.o.Dir, erasures, id+".json") }
