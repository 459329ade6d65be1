package detect

import "slices"

// Expr is a boolean expression over rules: the extended condition of a temporal
// correlation ("a and b and not c").
type Expr struct {
	Op   ExprOp
	Rule string // of ExprRule: its id
	Of   []Expr // of the others; of ExprNot exactly one
}

// ExprOp is the sort of an expression's node.
type ExprOp string

// The sorts of nodes.
const (
	ExprRule ExprOp = "rule"
	ExprNot  ExprOp = "not"
	ExprAnd  ExprOp = "and"
	ExprOr   ExprOp = "or"
)

// Holds evaluates the expression; met tells whether a rule has a hit.
func (e *Expr) Holds(met func(rule string) bool) bool {
	holds := func(x Expr) bool { return x.Holds(met) }
	switch e.Op {
	case ExprNot:
		return !holds(e.Of[0])
	case ExprAnd:
		return !slices.ContainsFunc(e.Of, func(x Expr) bool { return !holds(x) })
	case ExprOr:
		return slices.ContainsFunc(e.Of, holds)
	}
	return met(e.Rule)
}
