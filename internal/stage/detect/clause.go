package detect

import "slices"

// Clause is one way in which an extended condition is met: a hit of every rule
// of With, and none of any rule of Without.
type Clause struct {
	With, Without []string
}

// MostClauses bounds how many ways a condition may have. One that has more is
// refused where rules are loaded, and would never be met.
const MostClauses = 256

// Clauses lists the ways in which an expression is met; false when they are more
// than MostClauses.
func (e *Expr) Clauses() ([]Clause, bool) { return e.clauses(false) }

func (e *Expr) clauses(negated bool) ([]Clause, bool) {
	switch e.Op {
	case ExprNot:
		return e.Of[0].clauses(!negated)
	case ExprAnd, ExprOr:
		return e.combined((e.Op == ExprAnd) != negated, negated)
	}
	if negated {
		return []Clause{{Without: []string{e.Rule}}}, true
	}
	return []Clause{{With: []string{e.Rule}}}, true
}

// combined joins the ways of the operands: every pair of them where all operands
// are asked for, or one after the other.
func (e *Expr) combined(all, negated bool) ([]Clause, bool) {
	var out []Clause
	if all {
		out = []Clause{{}}
	}
	for i := range e.Of {
		more, ok := e.Of[i].clauses(negated)
		if !ok {
			return nil, false
		}
		if all {
			more = pairs(out, more)
			out = nil
		}
		if out = append(out, more...); len(out) > MostClauses {
			return nil, false
		}
	}
	return out, true
}

// pairs joins every clause of a with every one of b, less those that ask for a
// rule and for its absence.
func pairs(a, b []Clause) []Clause {
	var out []Clause
	for _, x := range a {
		for _, y := range b {
			both := Clause{With: union(x.With, y.With), Without: union(x.Without, y.Without)}
			if !slices.ContainsFunc(both.With, func(rule string) bool { return slices.Contains(both.Without, rule) }) {
				out = append(out, both)
			}
		}
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
