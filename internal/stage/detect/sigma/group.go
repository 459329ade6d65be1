package sigma

import (
	"slices"

	"warder/internal/stage/detect/sigma/index"
)

// group is what must be done for the events of some log sources.
type group struct {
	allowed []bool      // rules, by index
	always  []int32     // rules without a witness
	fields  []fieldTask // to read before anything is known
	// sieve tells of most records that keywords need not be looked for; nil
	// where there is none.
	sieve *index.Sieve
}

// fieldTask is a field that holds witnesses of a group's rules.
type fieldTask struct {
	field          int
	ends, parts    bool
	present, value int32 // atoms that are witnesses themselves; -1: none
}

// newGroup gathers the rules.
func (e *Engine) newGroup(rules []int32) *group {
	g := &group{allowed: make([]bool, len(e.rules))}
	tasks := map[int]*fieldTask{}
	for _, r := range rules {
		g.allowed[r] = true
		if e.unwitnessed[r] {
			g.always = append(g.always, r)
		}
		for _, n := range e.witnesses[r] {
			e.note(tasks, n)
		}
	}
	for _, task := range tasks {
		g.fields = append(g.fields, *task)
	}
	g.sieve = e.newSieve(rules)
	slices.SortFunc(g.fields, func(a, b fieldTask) int { return a.field - b.field })
	return g
}

// newSieve makes a sieve of the keywords that are witnesses of the rules.
func (e *Engine) newSieve(rules []int32) *index.Sieve {
	var patterns []string
	for _, r := range rules {
		for _, n := range e.witnesses[r] {
			a := &e.atoms[n]
			switch {
			case a.field != keywordField:
			case a.kind != atomParts:
				return nil
			default:
				patterns = append(patterns, a.looks.text)
			}
		}
	}
	return index.NewSieve(patterns, writtenAsIs)
}

func (e *Engine) note(tasks map[int]*fieldTask, n int32) {
	a := &e.atoms[n]
	task := tasks[a.field]
	if task == nil {
		task = &fieldTask{field: a.field, present: -1, value: -1}
		tasks[a.field] = task
	}
	switch a.kind {
	case atomPresent:
		task.present = n
	case atomValue:
		task.value = n
	case atomEnds:
		task.ends = true
	case atomParts:
		task.parts = true
	}
}

// do reads the field and finds its witnesses.
func (s *scratch) do(task *fieldTask) {
	at := s.field(task.field)
	if at.state&cellPresent == 0 {
		return
	}
	if task.present >= 0 {
		s.found.Add(task.present)
	}
	if task.value >= 0 && at.state&cellValue != 0 {
		s.found.Add(task.value)
	}
	if task.ends || task.parts {
		s.scan(task.field, at, task.parts)
	}
}

// match finds the rules of the group that the event meets, in s.met.
func (s *scratch) match(g *group) {
	e := s.engine
	for i := range g.fields {
		task := &g.fields[i]
		if task.field == keywordField && g.sieve != nil && s.ev == nil && !s.suspicious(g.sieve) {
			continue
		}
		s.do(task)
	}
	witnessed := s.found.List()
	for _, n := range witnessed {
		for _, r := range e.byWitness[n] {
			if g.allowed[r] && s.tried[r] != s.number {
				s.tried[r] = s.number
				s.try(r)
			}
		}
	}
	for _, r := range g.always {
		s.try(r)
	}
	slices.Sort(s.met)
}
