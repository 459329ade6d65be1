package sigma

import (
	"regexp/syntax"
	"slices"

	"warder/internal/stage/detect/sigma/index"
)

// Bounds of what is gathered from one regular expression: more alternatives are
// more to look for than the expression is to run.
const (
	mostLiterals    = 64
	longestLiteral  = 64
	shortestLiteral = 2
)

// requiredParts gives folded texts of which every text that meets a regular
// expression holds one; none when there are none to be had. It is the prefilter
// of R. Cox, "Regular Expression Matching with a Trigram Index" (2012), for whole
// literals: of each part of the expression it keeps the set of texts that the
// part may be, while it is small, or else the best set that it must hold.
func requiredParts(expr string) []needed {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	found := literalsOf(re.Simplify())
	if best := found.best(); best != nil {
		needs := make([]needed, len(best))
		for i, text := range best {
			needs[i] = needed{index.Contains, text}
		}
		return needs
	}
	return nil
}

// literals is what is known of the texts that part of an expression matches.
type literals struct {
	exact []string // they are these, folded; nil when they are too many
	holds []string // otherwise each holds one of these; nil when that is not known
}

func nothing() literals { return literals{exact: []string{""}} }

// best is the set to look for.
func (l literals) best() []string {
	if l.exact != nil {
		return useful(l.exact)
	}
	return useful(l.holds)
}

// useful gives a set back if each of its texts is long enough to be rare.
func useful(set []string) []string {
	if len(set) == 0 || len(set) > mostLiterals || shortest(set) < shortestLiteral {
		return nil
	}
	return set
}

func shortest(set []string) int {
	least := longestLiteral
	for _, s := range set {
		least = min(least, len(s))
	}
	return least
}

// better chooses between two sets that must both be met: the one whose shortest
// text is longer.
func better(a, b []string) []string {
	a, b = useful(a), useful(b)
	if a == nil || b != nil && shortest(b) > shortest(a) {
		return b
	}
	return a
}

func literalsOf(re *syntax.Regexp) literals {
	switch re.Op {
	case syntax.OpLiteral:
		return literals{exact: []string{index.Fold(string(re.Rune))}}
	case syntax.OpCharClass:
		return classLiterals(re.Rune)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return nothing()
	case syntax.OpCapture:
		return literalsOf(re.Sub[0])
	case syntax.OpPlus:
		return literals{holds: literalsOf(re.Sub[0]).best()}
	case syntax.OpQuest:
		return optional(literalsOf(re.Sub[0]))
	case syntax.OpConcat:
		return sequence(re.Sub)
	case syntax.OpAlternate:
		return alternation(re.Sub)
	}
	return literals{} // any text
}

// mostOfClass bounds the classes whose runes are told apart.
const mostOfClass = 8

func classLiterals(ranges []rune) literals {
	var set []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] >= 2*mostOfClass {
			return literals{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			set = append(set, index.Fold(string(r)))
		}
	}
	set = distinct(set)
	if len(set) == 0 || len(set) > mostOfClass {
		return literals{}
	}
	return literals{exact: set}
}

func optional(l literals) literals {
	if l.exact == nil {
		return literals{}
	}
	return literals{exact: distinct(append(slices.Clone(l.exact), ""))}
}

// sequence joins the texts of parts that follow one another while they are few;
// of what was joined so far, the best set is kept.
func sequence(parts []*syntax.Regexp) literals {
	joined, holds := nothing(), []string(nil)
	whole := true
	for _, part := range parts {
		l := literalsOf(part)
		if next := product(joined.exact, l.exact); next != nil {
			joined.exact = next
			continue
		}
		whole = false
		holds = better(better(holds, joined.exact), l.holds)
		joined = nothing()
		if l.exact != nil {
			joined.exact = l.exact
		}
	}
	if whole {
		return joined
	}
	return literals{holds: better(holds, joined.exact)}
}

// product joins each text of one set with each of another; nil when they are too
// many or too long.
func product(a, b []string) []string {
	if a == nil || b == nil || len(a)*len(b) > mostLiterals/4 {
		return nil
	}
	var out []string
	for _, x := range a {
		for _, y := range b {
			if len(x)+len(y) > longestLiteral {
				return nil
			}
			out = append(out, x+y)
		}
	}
	return distinct(out)
}

func alternation(parts []*syntax.Regexp) literals {
	var exact, holds []string
	whole, known := true, true
	for _, part := range parts {
		l := literalsOf(part)
		whole = whole && l.exact != nil
		exact = append(exact, l.exact...)
		best := l.best()
		known = known && best != nil
		holds = append(holds, best...)
	}
	exact, holds = distinct(exact), distinct(holds)
	if whole && len(exact) <= mostLiterals {
		return literals{exact: exact}
	}
	if !known || len(holds) > mostLiterals {
		return literals{}
	}
	return literals{holds: holds}
}

func distinct(set []string) []string {
	slices.Sort(set)
	return slices.Compact(set)
}
