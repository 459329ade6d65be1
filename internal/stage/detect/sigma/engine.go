package sigma

import (
	"sync"

	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Engine finds the rules that an event meets.
type Engine struct {
	rules  []*compiled
	fields [][]string
	words  map[string]bool // attributes that hold several values
	router *router
	pool   sync.Pool

	mu     sync.RWMutex
	groups map[string]*group // by the log sources of an event
}

// mostGroups bounds the combinations of log sources whose rules are remembered.
const mostGroups = 4096

// NewEngine returns the engine of a set of rules.
func NewEngine(s *Set) *Engine {
	e := &Engine{rules: s.rules, groups: map[string]*group{}, words: listAttributes()}
	e.router = newRouter(s.compiler, s.tables.Routes, s.rules)
	e.fields = s.compiler.fields
	e.pool.New = func() any { return newReading(e) }
	return e
}

func listAttributes() map[string]bool {
	names := map[string]bool{}
	for _, a := range flow.Vocabulary() {
		if a.Unit == "words" {
			names[a.Name] = true
		}
	}
	return names
}

var _ detect.Matcher = (*Engine)(nil)

// Match lists the rules that an event meets, in the order of loading within a
// log source.
func (e *Engine) Match(ev *flow.Event) []detect.Match {
	r := e.pool.Get().(*reading)
	defer e.pool.Put(r)
	r.begin(ev)
	var found []detect.Match
	e.group(r).candidates(r, func(c *compiled) {
		if c.holds(r) {
			found = append(found, detect.Match{Rule: &c.rule, Alert: c.alert, Count: c.count})
		}
	})
	return found
}

func (c *compiled) holds(r *reading) bool {
	if cap(r.met) < len(c.selections) {
		r.met = make([]int8, len(c.selections))
	}
	met := r.met[:len(c.selections)]
	clear(met)
	return c.condition.holds(func(i int) bool {
		if met[i] == 0 {
			met[i] = -1
			if c.selections[i].holds(r) {
				met[i] = 1
			}
		}
		return met[i] > 0
	})
}

// group finds or makes the rules of the event's combination of log sources.
func (e *Engine) group(r *reading) *group {
	key := e.router.key(r)
	e.mu.RLock()
	g := e.groups[string(key)]
	e.mu.RUnlock()
	if g != nil {
		return g
	}
	g = newGroup(e.router, e.router.sources(r))
	e.mu.Lock()
	if len(e.groups) < mostGroups {
		e.groups[string(key)] = g
	}
	e.mu.Unlock()
	return g
}

// group is the rules of some log sources, found by a value that they need.
type group struct {
	byField []valueIndex
	rest    []*compiled // rules that need no one value
}

type valueIndex struct {
	field int
	rules map[string][]*compiled // by folded value
}

func newGroup(rt *router, sources []logsource) *group {
	g := &group{}
	for _, s := range sources {
		for _, c := range rt.rules[s] {
			g.add(c)
		}
	}
	return g
}

func (g *group) add(c *compiled) {
	w, ok := c.witness()
	if !ok {
		g.rest = append(g.rest, c)
		return
	}
	at := -1
	for i := range g.byField {
		if g.byField[i].field == w.field {
			at = i
		}
	}
	if at < 0 {
		g.byField = append(g.byField, valueIndex{w.field, map[string][]*compiled{}})
		at = len(g.byField) - 1
	}
	for v := range w.values {
		g.byField[at].rules[v] = append(g.byField[at].rules[v], c)
	}
}

// candidates gives each rule that the event may meet, once.
func (g *group) candidates(r *reading, try func(*compiled)) {
	for i := range g.byField {
		index := &g.byField[i]
		slot := r.field(index.field)
		for j := range slot.values {
			if slot.values[j].null {
				continue
			}
			for _, c := range index.rules[slot.values[j].folded] {
				if r.seen[c.index] != r.number {
					r.seen[c.index] = r.number
					try(c)
				}
			}
		}
	}
	for _, c := range g.rest {
		try(c)
	}
}
