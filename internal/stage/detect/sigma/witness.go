package sigma

import (
	"cmp"
	"slices"

	"warder/internal/stage/detect/sigma/index"
)

// witness finds, for each rule, a set of atoms of which one must hold for the
// rule to hold, and that an index finds without being asked: only a rule whose
// witness was found is evaluated. Of several sets that would do, the one that
// fewest events are thought to meet is taken.
type witness struct {
	table *atomTable
	odds  []float64 // of each atom: how likely an event is thought to meet it
}

func newWitness(t *atomTable) *witness {
	w := &witness{table: t, odds: make([]float64, len(t.atoms))}
	for i := range t.atoms {
		w.odds[i] = likelihood(&t.atoms[i])
	}
	return w
}

// likelihood is a guess; nothing but speed depends on it. It falls with the length
// of the text: whole values, which are mostly numbers of kinds of events, are
// thought likelier than parts of the same length.
func likelihood(a *atom) float64 {
	switch a.kind {
	case atomPresent, atomValue:
		return 1
	case atomEnds, atomParts:
	default:
		return 2 // has no index
	}
	n := float64(min(len(a.looks.text), 40))
	if a.looks.kind == index.Equals {
		return 0.3 / (1 + n)
	}
	return 1 / (1 + n*n)
}

// set is a choice of witnesses and the sum of their odds.
type set struct {
	atoms []int32
	odds  float64
}

// of gives the best set for a term; false when there is none.
func (w *witness) of(t term) (set, bool) {
	switch t.op {
	case termFalse:
		return set{}, true // never met: it needs no event
	case termAtom:
		return w.atom(t.atom)
	case termNot:
		return w.not(t.of[0])
	case termAll:
		return w.best(t.of)
	case termSome:
		return w.union(t.of, len(t.of)-t.need+1)
	}
	return set{}, false
}

func (w *witness) atom(n int32) (set, bool) {
	a := &w.table.atoms[n]
	switch a.kind {
	case atomNull:
		return set{}, false
	case atomTest:
		var all set
		for _, guard := range a.guards {
			all.atoms = append(all.atoms, guard)
			all.odds += w.odds[guard]
		}
		return all, len(a.guards) > 0
	}
	return set{[]int32{n}, w.odds[n]}, true
}

// not is the set for the negation of a term, by De Morgan's laws.
func (w *witness) not(t term) (set, bool) {
	negated := make([]term, len(t.of))
	for i, x := range t.of {
		negated[i] = negation(x)
	}
	switch t.op {
	case termAll:
		return w.union(negated, len(negated))
	case termSome:
		// Fewer than need of n hold: at least n-need+1 do not, so among any
		// need of them one does not.
		return w.union(negated, t.need)
	case termNot:
		return w.of(t.of[0])
	}
	return set{}, false
}

// best takes the best set of any of the terms, all of which must hold.
func (w *witness) best(of []term) (least set, ok bool) {
	for _, x := range of {
		s, has := w.of(x)
		if has && (!ok || s.odds < least.odds) {
			least, ok = s, true
		}
	}
	return least, ok
}

// union joins the sets of the best n of the terms: among any n of them one holds.
func (w *witness) union(of []term, n int) (all set, ok bool) {
	var sets []set
	for _, x := range of {
		if s, has := w.of(x); has {
			sets = append(sets, s)
		}
	}
	if len(sets) < n {
		return set{}, false
	}
	slices.SortStableFunc(sets, func(a, b set) int { return cmp.Compare(a.odds, b.odds) })
	for _, s := range sets[:n] {
		all.atoms = append(all.atoms, s.atoms...)
		all.odds += s.odds
	}
	return all, true
}
