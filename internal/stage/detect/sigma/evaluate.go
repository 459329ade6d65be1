package sigma

// holds answers an atom.
func (s *scratch) holds(n int32) bool {
	if s.found.Has(n) {
		return true
	}
	if s.denied[n] == s.number {
		return false
	}
	if s.decide(n) {
		s.found.Add(n)
		return true
	}
	s.denied[n] = s.number
	return false
}

func (s *scratch) decide(n int32) bool {
	a := &s.engine.atoms[n]
	at := s.field(a.field)
	switch a.kind {
	case atomPresent:
		return at.state&cellPresent != 0
	case atomNull:
		return at.state&cellPresent == 0 || at.state&cellNull != 0
	case atomValue:
		return at.state&cellValue != 0
	case atomEnds:
		s.scan(a.field, at, false)
		return s.found.Has(n)
	case atomParts:
		s.scan(a.field, at, true)
		return s.found.Has(n)
	}
	return at.state&cellValue != 0 && s.guarded(a) && s.test(a, at)
}

func (s *scratch) guarded(a *atom) bool {
	for _, guard := range a.guards {
		if s.holds(guard) {
			return true
		}
	}
	return len(a.guards) == 0
}

// test looks at each value; at was read already.
func (s *scratch) test(a *atom, at *cell) bool {
	if p, ok := a.test.(sameAs); ok {
		return s.same(p, at)
	}
	for i := at.from; i < at.to; i++ {
		if v := &s.values[i]; !v.null && s.meets(a.test, v) {
			return true
		}
	}
	return false
}

func (s *scratch) meets(p predicate, v *val) bool {
	switch p := p.(type) {
	case *like:
		if p.cased {
			return p.match(v.text)
		}
		return p.match(s.folded(v))
	case matches:
		return p.re.MatchString(v.text)
	case inNetwork:
		return p.meets(v.text)
	case compares:
		n, ok := numberOf(v.text)
		return ok && p.meets(n)
	case clock:
		return p.meets(v.text)
	}
	return false // never; either and sameAs are no tests of one value
}

// same compares the values of two fields.
func (s *scratch) same(p sameAs, at *cell) bool {
	other := s.field(p.field)
	for i := at.from; i < at.to; i++ {
		for j := other.from; j < other.to; j++ {
			a, b := &s.values[i], &s.values[j]
			if !a.null && !b.null && p.compare(s.whole(a, p.cased), s.whole(b, p.cased)) {
				return true
			}
		}
	}
	return false
}

func (s *scratch) whole(v *val, cased bool) string {
	if cased {
		return v.text
	}
	return s.folded(v)
}

// run runs a program.
func (s *scratch) run(at int32) bool {
	steps := s.engine.steps
	for at >= 0 {
		if step := &steps[at]; s.holds(step.atom) {
			at = step.yes
		} else {
			at = step.no
		}
	}
	return at == accept
}
