package events

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
)

// erasures is the folder of what is being erased: a file for each, which names
// what it was asked for until nothing can bring that back.
const erasures = "erasures"

// Erasure is what came of an Order.
type Erasure struct {
	ID    string    `json:"id"`
	Asked time.Time `json:"asked"`
	By    string    `json:"by"`
	Name  string    `json:"name"`
	Why   string    `json:"why"`
	// RequestSum is the SHA-256 of Salt and the request as JSON: it shows to who
	// knows the request that this answers it, and does not say it.
	Salt       string             `json:"salt"`
	RequestSum string             `json:"request_sum"`
	Through    uint64             `json:"through" doc:"offset on topic raw up to which messages may still hold what was erased"`
	Events     int                `json:"events"`
	Held       int                `json:"held"`
	Unreadable int                `json:"unreadable,omitempty"`
	Segments   []SegmentRewritten `json:"segments,omitempty"`
	// Quarantined are the damaged files that were removed with it, or that stay
	// because something is held.
	Quarantined     []string   `json:"quarantined,omitempty"`
	QuarantineStays []string   `json:"quarantine_stays,omitempty"`
	Rewritten       *time.Time `json:"rewritten,omitempty" doc:"when the events had left every file of the evidence"`
}

// SegmentRewritten is a segment that held erased events.
type SegmentRewritten struct {
	SegmentChange
	Done bool `json:"done"`
}

// RemovedEvent names an event that was erased by its id and the sum of what it was.
type RemovedEvent struct {
	ID  string `json:"id"`
	Sum string `json:"sha256"`
}

// Removed lists the events that an erasure took, in the order of their ids.
type Removed struct {
	Erasure
	Removed []RemovedEvent `json:"removed"`
}

// erasure is one under way, as its file has it.
type erasure struct {
	Erasure
	request Request
	wanted  wanted
	ids     map[string]string           // id -> sum; those that were found
	stays   map[string]bool             // ids of those that were held, also when they come again
	rows    map[string]map[string][]int // segment -> row group -> rows
}

type erasureFile struct {
	Erasure
	Request Request                     `json:"request"`
	IDs     map[string]string           `json:"removed"`
	Stays   map[string]bool             `json:"stays"`
	Rows    map[string]map[string][]int `json:"rows"`
}

func newErasure(o Order, f *erasingFind, now time.Time) *erasure {
	e := &erasure{request: o.Request, wanted: f.wanted, ids: f.gone, stays: f.held, rows: map[string]map[string][]int{}}
	e.Erasure = Erasure{ID: o.ID, Asked: now, By: o.By, Name: o.Name, Why: o.Why, Through: o.Through,
		Events: len(f.gone), Held: len(f.held), Unreadable: f.lost}
	e.Salt = rand.Text()
	e.RequestSum = RequestSum(e.Salt, o.Request)
	for _, p := range f.places {
		name := filepath.Base(p.segment.path)
		e.Segments = append(e.Segments, SegmentRewritten{SegmentChange: SegmentChange{Before: name}})
		e.rows[name] = map[string][]int{}
		for group, rows := range p.rows {
			e.rows[name][fmt.Sprint(group)] = rows
		}
	}
	e.settle(now)
	return e
}

// RequestSum is what an erasure keeps of its request.
func RequestSum(salt string, r Request) string {
	body, err := json.Marshal(r)
	if err != nil { // strings always can be
		return ""
	}
	sum := sha256.Sum256(append([]byte(salt+"\n"), body...))
	return hex.EncodeToString(sum[:])
}

// takes tells whether an event that is appended is meant: one that was erased
// already, or one that was accepted before the erasure was asked for.
func (e *erasure) takes(ev *flow.Event) bool {
	return e.ids[ev.ID] != "" || !e.stays[ev.ID] && !ev.Received.After(e.Asked) && e.wanted.means(ev)
}

// settle notes when the last segment is done.
func (e *erasure) settle(now time.Time) {
	open := slices.ContainsFunc(e.Segments, func(r SegmentRewritten) bool { return !r.Done })
	if !open && e.Rewritten == nil {
		e.Rewritten = &now
	}
}

// takeQuarantine says what becomes of the files that nobody can look into. The
// lock is held.
func (e *erasure) takeQuarantine(s *Store) {
	if s.holds() {
		e.QuarantineStays = slices.Clone(s.damaged)
		return
	}
	e.Quarantined = slices.Clone(s.damaged)
}

// emptyQuarantine removes what an erasure takes out of the quarantine. The lock
// is held.
func (s *Store) emptyQuarantine(e *erasure) error {
	for _, name := range e.Quarantined {
		if err := s.removeQuarantined(name); err != nil {
			return err
		}
	}
	return nil
}

// removeQuarantined removes a damaged segment for good. The lock is held.
func (s *Store) removeQuarantined(name string) error {
	folder := filepath.Join(s.o.Dir, quarantine)
	if !slices.Contains(s.damaged, name) {
		return nil
	}
	err := s.o.Disk.Remove(filepath.Join(folder, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a damaged segment: %w", err)
	}
	if err := s.o.Disk.SyncFolder(folder); err != nil {
		return fmt.Errorf("remove a damaged segment: %w", err)
	}
	s.damaged = slices.DeleteFunc(s.damaged, func(n string) bool { return n == name })
	return nil
}

// saveErasure makes an erasure durable. The lock is held.
func (s *Store) saveErasure(e *erasure) error {
	body, err := encodeJSON(erasureFile{e.Erasure, e.request, e.ids, e.stays, e.rows})
	if err != nil {
		return err
	}
	folder := filepath.Join(s.o.Dir, erasures)
	return errors.Join(makeFolder(s.o.Disk, s.o.Dir, folder), writeWhole(s.o.Disk, s.erasureFile(e.ID), body))
}

// readErasures finds what was being erased when the program ended.
func (s *Store) readErasures(folder string) error {
	entries, err := s.o.Disk.List(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name)
		if strings.HasSuffix(entry.Name, unfinished) {
			if err := s.o.Disk.Remove(path); err != nil {
				return err
			}
			continue
		}
		e, err := s.readErasure(path)
		if err != nil {
			return fmt.Errorf("read the erasure %s, without which erased events would be seen again: %w", entry.Name, err)
		}
		s.erasing = append(s.erasing, e)
	}
	return nil
}

func (s *Store) readErasure(path string) (*erasure, error) {
	body, err := readWhole(s.o.Disk, path)
	if err != nil {
		return nil, err
	}
	var f erasureFile
	if err := json.Unmarshal(body, &f); err != nil {
		return nil, err
	}
	w, err := newWanted(f.Request)
	if err != nil {
		return nil, err
	}
	e := &erasure{Erasure: f.Erasure, request: f.Request, wanted: w, ids: f.IDs, stays: f.Stays, rows: f.Rows}
	if e.ids == nil {
		e.ids = map[string]string{}
	}
	if e.stays == nil {
		e.stays = map[string]bool{}
	}
	return e, nil
}

// hideErased hides again, at the start, what was erased and lies in segments.
func (s *Store) hideErased() error {
	here, after := map[string]*segment{}, map[string]string{}
	for _, seg := range s.segments {
		name := filepath.Base(seg.path)
		here[name] = seg
		for _, replaced := range seg.Replaces {
			after[replaced] = name
		}
	}
	for _, e := range s.erasing {
		for i := range e.Segments {
			r := &e.Segments[i]
			seg, ok := here[r.Before]
			switch {
			case r.Done && ok: // somebody still read it when the program ended
				s.segments = slices.DeleteFunc(s.segments, func(o *segment) bool { return o == seg })
				if err := seg.remove(); err != nil {
					return err
				}
			case r.Done:
			case ok:
				rows, err := rowsOf(e.rows[r.Before])
				if err != nil {
					return err
				}
				seg.hide(rows)
				wake(s.compact)
			default: // a crash came after it was written anew, or it is damaged
				r.After, r.Done = after[r.Before], true
				if err := s.removeQuarantined(r.Before); err != nil {
					return err
				}
			}
		}
		if err := s.emptyQuarantine(e); err != nil {
			return err
		}
		e.settle(s.o.Now().UTC())
	}
	return nil
}

func rowsOf(kept map[string][]int) (map[int][]int, error) {
	rows := map[int][]int{}
	for group, list := range kept {
		var at int
		if _, err := fmt.Sscan(group, &at); err != nil {
			return nil, fmt.Errorf("read which rows were erased: %w", err)
		}
		rows[at] = list
	}
	return rows, nil
}

// noteRewritten notes that a segment was written anew, in whatever erasure it
// concerns. The lock is held.
func (s *Store) noteRewritten(old, with *segment) error {
	name, after := filepath.Base(old.path), ""
	if with != nil {
		after = filepath.Base(with.path)
	}
	var errs []error
	for _, e := range s.erasing {
		at := slices.IndexFunc(e.Segments, func(r SegmentRewritten) bool { return r.Before == name && !r.Done })
		if at < 0 {
			continue
		}
		e.Segments[at].After, e.Segments[at].Done = after, true
		delete(e.rows, name)
		e.settle(s.o.Now().UTC())
		errs = append(errs, s.saveErasure(e))
	}
	return errors.Join(errs...)
}

// Erasures lists what is being erased: until Forget ends it.
func (s *Store) Erasures() []Erasure {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Erasure
	for _, e := range s.erasing {
		one := e.Erasure
		one.Segments = slices.Clone(e.Segments)
		out = append(out, one)
	}
	return out
}

// Removed returns what an erasure took, to be recorded before Forget.
func (s *Store) Removed(id string) (Removed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.erasingAt(id)
	if at < 0 {
		return Removed{}, fault.New(fault.NotFound, "there is no erasure %s under way", id)
	}
	e := s.erasing[at]
	r := Removed{Erasure: e.Erasure, Removed: []RemovedEvent{}}
	r.Segments = slices.Clone(e.Segments)
	for _, id := range slices.Sorted(maps.Keys(e.ids)) {
		r.Removed = append(r.Removed, RemovedEvent{id, e.ids[id]})
	}
	return r, nil
}

// Forget ends an erasure: its file, which says what was asked for, is removed. To
// be called when the bytes have left the files (Rewritten) and topic raw has been
// trimmed through its Through, since from there they would come again.
func (s *Store) Forget(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.erasingAt(id)
	if at < 0 {
		return nil
	}
	if s.erasing[at].Rewritten == nil || s.anyLeft(s.erasing[at].Segments) {
		return fault.New(fault.Conflict, "the erasure %s is not done yet", id)
	}
	err := s.o.Disk.Remove(s.erasureFile(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("end an erasure: %w", err)
	}
	s.erasing = slices.Delete(slices.Clone(s.erasing), at, at+1)
	return s.o.Disk.SyncFolder(filepath.Join(s.o.Dir, erasures))
}

// anyLeft tells whether a search still holds a file that was written anew. The
// lock is held.
func (s *Store) anyLeft(all []SegmentRewritten) bool {
	s.leaving = slices.DeleteFunc(s.leaving, func(seg *segment) bool { return seg.refs.Load() <= 0 })
	return slices.ContainsFunc(all, func(r SegmentRewritten) bool {
		return slices.ContainsFunc(s.leaving, func(seg *segment) bool { return filepath.Base(seg.path) == r.Before })
	})
}

// erasureID is the form of an erasure's id, since it becomes the name of a file.
func erasureID(id string) bool {
	ok, err := regexp.MatchString(`^[a-zA-Z0-9-]{1,80}$`, id)
	return ok && err == nil
}
