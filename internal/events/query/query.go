// Package query is the language in which people and programs search events:
//
//	category:access actor.person:m.rossi "forced" -source.ip:10.*
//	(door.id:D-A2-014 OR place.room:a-r-2014) sensor.value:>8
//
// docs/reference/search.md describes it for people. Parse makes a tree, String
// writes the tree again (what Parse reads as the same tree), Match says whether
// an event meets it. Case never matters. Engines that do not evaluate Match on
// every event must give the same answers; the suite eventstest compares them.
package query

import (
	"strings"
)

// Node is a query: And, Or, Not or *Term. An And of nothing meets every event.
type Node interface {
	// String writes the query in the form that Parse reads.
	String() string
	level() int // how tightly it binds: Or 0, And 1, Not 2, Term 3
}

// And meets what all its nodes meet.
type And []Node

// Or meets what one of its nodes meets.
type Or []Node

// Not meets what its node does not.
type Not struct{ Node Node }

func (And) level() int   { return 1 }
func (Or) level() int    { return 0 }
func (Not) level() int   { return 2 }
func (*Term) level() int { return 3 }

func (n And) String() string { return join(n, " ", 2) }
func (n Or) String() string  { return join(n, " OR ", 1) }
func (n Not) String() string { return "-" + inside(n.Node, 3) }

func join(nodes []Node, with string, level int) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = inside(n, level)
	}
	return strings.Join(parts, with)
}

// inside writes a node where one that binds at least so tightly must stand.
func inside(n Node, level int) string {
	if n.level() < level {
		return "(" + n.String() + ")"
	}
	return n.String()
}

// Terms calls fn for every term of a query.
func Terms(n Node, fn func(*Term)) {
	switch n := n.(type) {
	case And:
		for _, inner := range n {
			Terms(inner, fn)
		}
	case Or:
		for _, inner := range n {
			Terms(inner, fn)
		}
	case Not:
		Terms(n.Node, fn)
	case *Term:
		fn(n)
	}
}
