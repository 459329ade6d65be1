package detect

import (
	"sync"
	"time"
)

// Board counts what each rule found. It may be used by many goroutines.
type Board struct {
	mu    sync.Mutex
	order []*Rule
	tally map[string]*tally
	dirty map[string]bool
}

type tally struct {
	hits int64
	last time.Time
}

// NewBoard returns a board that lists the rules given, in their order.
func NewBoard(rules []Rule) *Board {
	b := &Board{tally: map[string]*tally{}, dirty: map[string]bool{}}
	for i := range rules {
		b.add(&rules[i])
	}
	return b
}

func (b *Board) add(r *Rule) {
	b.order = append(b.order, r)
	if _, twice := b.tally[key(r)]; !twice {
		b.tally[key(r)] = &tally{}
	}
}

// key tells rules apart; files that could not be read have no id.
func key(r *Rule) string {
	if r.ID == "" {
		return "file:" + r.File
	}
	return r.ID
}

// Hit counts a hit of a rule, seen at the given time. A rule that the board
// does not list is not counted.
func (b *Board) Hit(r *Rule, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tally[key(r)]
	if t == nil {
		return
	}
	t.hits++
	if at.After(t.last) {
		t.last = at
	}
	b.dirty[key(r)] = true
}

// count is what a rule found, as it is kept.
type count struct {
	rule string
	hits int64
	last time.Time
}

// take returns the counts that changed since the last call.
func (b *Board) take() []count {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []count
	for k := range b.dirty {
		t := b.tally[k]
		list = append(list, count{k, t.hits, t.last})
	}
	clear(b.dirty)
	return list
}

// restore sets counts as they were kept.
func (b *Board) restore(list []count) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range list {
		if t := b.tally[c.rule]; t != nil {
			t.hits += c.hits
			if c.last.After(t.last) {
				t.last = c.last
			}
		}
	}
}

// reset sets every count to nothing.
func (b *Board) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.tally {
		b.tally[k] = &tally{}
	}
	clear(b.dirty)
}

// RuleStatus is one rule with what it found, as GET /rules shows it.
type RuleStatus struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	TitleFR string     `json:"title_fr,omitempty"`
	Kind    Kind       `json:"kind"`
	Level   string     `json:"level"`
	Threat  string     `json:"threat"`
	File    string     `json:"file,omitempty"`
	Hits    int64      `json:"hits"`
	LastHit *time.Time `json:"last_hit,omitempty"`
	Status  string     `json:"status" enum:"active,off,error"`
	Error   string     `json:"error,omitempty"`
}

// List tells about every rule, in the order of loading.
func (b *Board) List() []RuleStatus {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]RuleStatus, 0, len(b.order))
	for _, r := range b.order {
		s := RuleStatus{
			ID: r.ID, Title: r.Title, TitleFR: r.TitleFR, Kind: r.Kind, Level: string(r.Severity),
			Threat: string(r.Threat), File: r.File, Status: "active", Error: r.Error,
		}
		if t := b.tally[key(r)]; t != nil && r.Error == "" {
			s.Hits = t.hits
			if !t.last.IsZero() {
				last := t.last // the tally's own goes on
				s.LastHit = &last
			}
		}
		switch {
		case r.Error != "":
			s.Status = "error"
		case r.Off:
			s.Status = "off"
		}
		list = append(list, s)
	}
	return list
}
