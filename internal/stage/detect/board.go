package detect

import (
	"slices"
	"sync"
	"time"
)

// Board counts what each rule found. It may be used by many goroutines.
type Board struct {
	// Zone is where days begin and end; nil means UTC. Set it before the board is
	// used.
	Zone func() *time.Location

	mu    sync.Mutex
	order []*Rule
	tally map[string]*tally // of every rule that was ever listed
	dirty map[string]bool
}

// tally is what one rule found.
type tally struct {
	hits     int64
	excepted int64
	last     time.Time
	days     []dayTally // by day, at most DaysKept
	changed  map[int64]bool
}

// NewBoard returns a board that lists the rules given, in their order.
func NewBoard(rules []Rule) *Board {
	b := &Board{tally: map[string]*tally{}, dirty: map[string]bool{}}
	b.Set(rules)
	return b
}

// Set lists other rules from now on. What those of before found is kept, for
// when they come back.
func (b *Board) Set(rules []Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.order = make([]*Rule, len(rules))
	for i := range rules {
		b.order[i] = &rules[i]
		if k := key(&rules[i]); b.tally[k] == nil {
			b.tally[k] = &tally{}
		}
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
	b.count(key(r), at, func(t *tally, d *dayTally) {
		t.hits++
		d.hits++
		if at.After(t.last) {
			t.last = at
		}
	})
}

// Excepted counts a match of a rule that an exception swallowed.
func (b *Board) Excepted(rule string, at time.Time) {
	b.count(rule, at, func(t *tally, d *dayTally) {
		t.excepted++
		d.excepted++
	})
}

func (b *Board) count(rule string, at time.Time, add func(*tally, *dayTally)) {
	day := b.day(at)
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tally[rule]
	if t == nil {
		return
	}
	add(t, t.on(day))
	b.dirty[rule] = true
}

// day numbers the site's calendar day that a time falls on.
func (b *Board) day(at time.Time) int64 { return dayNumber(at, b.zone()) }

func (b *Board) zone() *time.Location {
	if b.Zone != nil {
		if zone := b.Zone(); zone != nil {
			return zone
		}
	}
	return time.UTC
}

// count is what a rule found, as it is kept, with the days that changed.
type count struct {
	rule           string
	hits, excepted int64
	last           time.Time
	days           []dayTally
}

// take returns the counts that changed since the last call.
func (b *Board) take() []count {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []count
	for k := range b.dirty {
		t := b.tally[k]
		c := count{rule: k, hits: t.hits, excepted: t.excepted, last: t.last}
		for _, d := range t.days {
			if t.changed[d.day] {
				c.days = append(c.days, d)
			}
		}
		clear(t.changed)
		list = append(list, c)
	}
	clear(b.dirty)
	return list
}

// untake notes that counts could not be kept, so that they are taken again.
func (b *Board) untake(list []count) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range list {
		t := b.tally[c.rule]
		if t == nil {
			continue
		}
		b.dirty[c.rule] = true
		for _, d := range c.days {
			t.on(d.day)
		}
	}
}

// restore adds counts as they were kept, also of rules that are not listed now.
func (b *Board) restore(list []count) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range list {
		t := b.tally[c.rule]
		if t == nil {
			t = &tally{}
			b.tally[c.rule] = t
		}
		t.hits += c.hits
		t.excepted += c.excepted
		if c.last.After(t.last) {
			t.last = c.last
		}
		for _, d := range c.days {
			kept := t.on(d.day)
			kept.hits += d.hits
			kept.excepted += d.excepted
		}
		clear(t.changed)
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

// entry is a rule of the board with a copy of what it found.
type entry struct {
	rule  *Rule
	tally tally
}

// entries lists every rule, in the order of loading.
func (b *Board) entries() []entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]entry, len(b.order))
	for i, r := range b.order {
		list[i] = b.entry(r)
	}
	return list
}

func (b *Board) entry(r *Rule) entry {
	e := entry{rule: r}
	if t := b.tally[key(r)]; t != nil {
		e.tally = tally{hits: t.hits, excepted: t.excepted, last: t.last, days: slices.Clone(t.days)}
	}
	return e
}

// of gives what a rule found that need not be listed.
func (b *Board) of(r *Rule) entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.entry(r)
}

// RuleCount is what a rule found until now.
type RuleCount struct {
	Rule     string
	Hits     int64
	Excepted int64
	LastHit  *time.Time // nil for never
}

// List tells what every rule found, in the order of loading.
func (b *Board) List() []RuleCount {
	entries := b.entries()
	list := make([]RuleCount, len(entries))
	for i, e := range entries {
		list[i] = RuleCount{Rule: key(e.rule), Hits: e.tally.hits, Excepted: e.tally.excepted}
		if !e.tally.last.IsZero() {
			list[i].LastHit = &e.tally.last
		}
	}
	return list
}
