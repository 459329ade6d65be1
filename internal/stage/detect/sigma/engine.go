package sigma

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma/index"
)

// Engine finds the rules that an event meets. It never changes and may be used by
// many goroutines.
//
// Events of any size are evaluated. The indexes take time in proportion to the
// event's values; an expression (RE2) in proportion to the value, and only when a
// text that it needs was found in it; a text with wildcards in the middle at most
// the product of both lengths, likewise.
type Engine struct {
	rules    []*compiled
	fields   []detect.Field
	words    map[string]bool // attributes that hold several values
	names    *nameTable
	refs     [][]nameRef // by field
	router   *router
	bySource map[logsource][]int32

	atoms       []atom
	indexes     []*index.Index // by field; nil where there is nothing to find
	steps       []step
	programs    []int32 // first step, by rule
	witnesses   [][]int32
	unwitnessed []bool
	byWitness   [][]int32 // rules by atom

	costs     []cost // by rule
	clock     func() time.Time
	scratches atomic.Uint32 // made so far
	pool      sync.Pool
	mu        sync.Mutex                        // of writing groups
	groups    atomic.Pointer[map[string]*group] // by the log sources of an event
	every     *group                            // of all rules, whatever their log source
}

// mostGroups bounds the combinations of log sources whose groups are remembered.
const mostGroups = 4096

// NewEngine returns the engine of a set of rules.
func NewEngine(s *Set) *Engine {
	e := &Engine{rules: s.rules, bySource: map[logsource][]int32{}, words: listAttributes()}
	e.costs, e.clock = make([]cost, len(s.rules)), time.Now
	e.groups.Store(&map[string]*group{})
	fields := s.compiler.forRoutes()
	e.router = newRouter(fields, s.tables.Routes, s.rules)
	e.fields = fields.fields
	table := e.compile()
	e.refer()
	e.indexes = table.indexes(len(e.fields))
	e.every = e.newGroup(everyRule(len(e.rules)))
	e.pool.New = func() any { return newScratch(e) }
	return e
}

func everyRule(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(i)
	}
	return list
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

// Match lists the rules that an event meets, in the order of loading.
func (e *Engine) Match(ev *flow.Event) []detect.Match {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.begin(ev)
	defer s.end()
	s.match(e.group(s))
	return e.found(s)
}

// found gives the rules that were met.
func (e *Engine) found(s *scratch) []detect.Match {
	if len(s.met) == 0 {
		return nil
	}
	found := make([]detect.Match, len(s.met))
	for i, r := range s.met {
		c := e.rules[r]
		found[i] = detect.Match{Rule: &c.rule, Alert: c.alert, Count: c.count}
	}
	return found
}

// group finds or makes the group of the event's log sources.
func (e *Engine) group(s *scratch) *group {
	e.router.key(s)
	if s.last != nil && string(s.key) == string(s.was) {
		return s.last
	}
	g := (*e.groups.Load())[string(s.key)]
	if g == nil {
		g = e.remember(string(s.key), e.router.sources(s))
	}
	s.last, s.was = g, append(s.was[:0], s.key...)
	return g
}

func (e *Engine) remember(key string, sources []logsource) *group {
	var rules []int32
	for _, source := range sources {
		rules = append(rules, e.bySource[source]...)
	}
	g := e.newGroup(rules)
	e.mu.Lock()
	defer e.mu.Unlock()
	if groups := *e.groups.Load(); len(groups) < mostGroups {
		next := maps.Clone(groups)
		next[key] = g
		e.groups.Store(&next)
	}
	return g
}

// compile makes the atoms, programs and witnesses of the rules.
func (e *Engine) compile() *atomTable {
	table := newAtomTable()
	terms := make([]term, len(e.rules))
	for i, c := range e.rules {
		terms[i] = c.lower(table)
		e.bySource[c.source] = append(e.bySource[c.source], int32(i))
	}
	e.atoms = table.atoms
	code := coder{atoms: e.atoms}
	choice := newWitness(table)
	e.byWitness = make([][]int32, len(e.atoms))
	e.witnesses, e.unwitnessed = make([][]int32, len(terms)), make([]bool, len(terms))
	for i, t := range terms {
		e.programs = append(e.programs, code.program(t))
		chosen, ok := choice.of(t)
		e.unwitnessed[i] = !ok
		e.witnesses[i] = slices.Compact(slices.Sorted(slices.Values(chosen.atoms)))
		for _, n := range e.witnesses[i] {
			e.byWitness[n] = append(e.byWitness[n], int32(i))
		}
	}
	e.steps = code.steps
	return table
}
