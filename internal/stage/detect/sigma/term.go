package sigma

// term is a rule's condition over atoms, with the selections put in: what the
// engine chooses witnesses from and makes programs of.
type term struct {
	op   termOp
	atom int32
	need int // of termSome
	of   []term
}

type termOp uint8

const (
	termFalse termOp = iota
	termTrue
	termAtom
	termNot
	termAll
	termSome // at least need of them
)

func constant(b bool) term {
	if b {
		return term{op: termTrue}
	}
	return term{op: termFalse}
}

func negation(t term) term {
	switch t.op {
	case termFalse, termTrue:
		return constant(t.op == termFalse)
	case termNot:
		return t.of[0]
	}
	return term{op: termNot, of: []term{t}}
}

// conjunction leaves out what is always met.
func conjunction(list []term) term {
	var of []term
	for _, t := range list {
		switch t.op {
		case termFalse:
			return t
		case termTrue:
		case termAll:
			of = append(of, t.of...)
		default:
			of = append(of, t)
		}
	}
	switch len(of) {
	case 0:
		return constant(true)
	case 1:
		return of[0]
	}
	return term{op: termAll, of: of}
}

// atLeast leaves out what is never met, and what is always met.
func atLeast(need int, list []term) term {
	var of []term
	for _, t := range list {
		switch {
		case t.op == termFalse:
		case t.op == termTrue:
			need--
		case need == 1 && t.op == termSome && t.need == 1:
			of = append(of, t.of...)
		default:
			of = append(of, t)
		}
	}
	switch {
	case need <= 0:
		return constant(true)
	case need > len(of):
		return constant(false)
	case need == len(of):
		return conjunction(of)
	}
	return term{op: termSome, need: need, of: of}
}

// lower makes the term of a rule.
func (c *compiled) lower(t *atomTable) term {
	selections := make([]term, len(c.selections))
	for i := range c.selections {
		var alternatives []term
		for _, items := range c.selections[i].any {
			lines := make([]term, len(items))
			for j := range items {
				lines[j] = t.item(&items[j])
			}
			alternatives = append(alternatives, conjunction(lines))
		}
		selections[i] = atLeast(1, alternatives)
	}
	return lowerCondition(c.condition, selections)
}

func lowerCondition(e expr, selections []term) term {
	switch e := e.(type) {
	case one:
		return selections[e.sel]
	case not:
		return negation(lowerCondition(e.of, selections))
	case all:
		return conjunction(lowerList(e.of, selections))
	case some:
		return atLeast(e.need, lowerList(e.of, selections))
	}
	panic("sigma: a condition of a kind that the engine does not know")
}

func lowerList(list []expr, selections []term) []term {
	out := make([]term, len(list))
	for i, e := range list {
		out[i] = lowerCondition(e, selections)
	}
	return out
}
