package sigma

// witness is a field of which a rule needs one of some values: without it the
// rule cannot be met, so it need not be evaluated.
type witness struct {
	field  int
	values map[string]bool // folded
}

// witness finds what a rule needs, if it is a value of one field.
func (c *compiled) witness() (witness, bool) {
	return c.need(c.condition)
}

func (c *compiled) need(e expr) (witness, bool) {
	switch e := e.(type) {
	case one:
		return c.selections[e.sel].need()
	case all:
		for _, x := range e.of {
			if w, ok := c.need(x); ok {
				return w, true
			}
		}
	case some:
		var all witness
		for i, x := range e.of {
			w, ok := c.need(x)
			if !ok || !all.join(w, i == 0) {
				return witness{}, false
			}
		}
		return all, len(e.of) > 0
	}
	return witness{}, false // a negation needs nothing
}

// need is what every alternative of a selection needs of one field.
func (s *selection) need() (witness, bool) {
	var all witness
	for i, items := range s.any {
		found := false
		for j := range items {
			w, ok := items[j].need()
			if ok && all.join(w, i == 0) {
				found = true
				break
			}
		}
		if !found {
			return witness{}, false
		}
	}
	return all, len(s.any) > 0
}

// join adds the values of an alternative; false when it needs another field.
func (w *witness) join(more witness, isFirst bool) bool {
	if isFirst {
		*w = witness{more.field, map[string]bool{}}
	}
	if w.field != more.field {
		return false
	}
	for v := range more.values {
		w.values[v] = true
	}
	return true
}

// need is the values of an item that are compared whole.
func (it *item) need() (witness, bool) {
	if it.field == keywordField || it.negate || it.null || it.exists != 0 || len(it.tests) == 0 {
		return witness{}, false
	}
	w := witness{it.field, map[string]bool{}}
	for _, test := range it.tests {
		like, ok := test.(*like)
		if !ok || like.kind != exact || like.cased {
			return witness{}, false
		}
		w.values[like.text] = true
	}
	return w, true
}
