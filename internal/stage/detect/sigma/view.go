package sigma

// view is a record as fields are looked up in it, with the meaning that
// detect.Lookup and flow's Event.Scopes have for the same record in maps.
type view struct {
	record
	names  []place // by number of the name table
	scopes []scope
	keys   keySet
}

// place is where a name stands in the first scope that has it.
type place struct {
	event uint32
	scope int32
	node  int32
}

// scope is an object in which fields are looked up by their names.
type scope struct {
	node    int32
	objects bool // it holds objects, so dotted names may lead into it
}

// see reads a line and finds the names that rules ask for.
func (s *scratch) see(line string) error {
	v := s.view
	if err := v.read(line); err != nil {
		return err
	}
	v.scopes = v.scopes[:0]
	s.enter(0)
	if !v.scopes[0].objects {
		return nil
	}
	// The order is that of Event.Scopes.
	event, winlog := s.wrapper("Event"), s.wrapper("winlog")
	s.enter(s.object(event, "EventData"))
	s.enter(s.object(event, "System"))
	data := s.object(event, "UserData")
	s.enter(data)
	s.enter(s.object(winlog, "event_data"))
	s.enter(winlog)
	s.enter(s.wrapper("log"))
	s.unwrap(data)
	return nil
}

// unwrap enters the one object inside UserData, whose name differs with the
// provider; neither of two.
func (s *scratch) unwrap(data int32) {
	if data < 0 {
		return
	}
	var names []string
	var inner []int32
	for n := range s.view.children(data) {
		key := s.keyOf(n)
		if s.child(data, key) != n {
			continue // another of the same key follows
		}
		if names = append(names, key); len(names) > 2 {
			return
		}
		if s.view.nodes[n].kind == objectNode && (key == "" || key[0] != '#') {
			inner = append(inner, n)
		}
	}
	if len(inner) == 1 {
		s.enter(inner[0])
	}
}

// wrapper is an object of the record itself; -1 when there is none.
func (s *scratch) wrapper(name string) int32 {
	_, number := s.engine.names.seek(name)
	p := &s.view.names[number]
	if p.event != s.number || p.scope != 0 || s.view.nodes[p.node].kind != objectNode {
		return -1
	}
	return p.node
}

// object is an object in an object; -1 when there is none.
func (s *scratch) object(in int32, key string) int32 {
	if in < 0 {
		return -1
	}
	n := s.child(in, key)
	if n < 0 || s.view.nodes[n].kind != objectNode {
		return -1
	}
	return n
}

// child finds a key in an object: the last of equal ones; -1 when there is none.
func (s *scratch) child(in int32, key string) int32 {
	found := int32(-1)
	for n := range s.view.children(in) {
		node := &s.view.nodes[n]
		if node.keyLooks&looksEscaped != 0 || s.engine.names.odd {
			if s.keyOf(n) == key {
				found = n
			}
		} else if s.view.line[node.key:node.keyEnd] == key {
			found = n
		}
	}
	return found
}

// children gives what an object or list holds.
func (v *view) children(of int32) func(func(int32) bool) {
	return func(yield func(int32) bool) {
		for n := of + 1; n < v.nodes[of].next; n = v.nodes[n].next {
			if !yield(n) {
				return
			}
		}
	}
}

// keyOf is a node's key as encoding/json reads it.
func (s *scratch) keyOf(n int32) string {
	node := &s.view.nodes[n]
	return s.plain(s.view.line[node.key:node.keyEnd], node.keyLooks)
}

// enter makes an object a scope and notes the names that it has and none before it.
func (s *scratch) enter(object int32) {
	if object < 0 {
		return
	}
	v := s.view
	number := int32(len(v.scopes))
	at := scope{node: object}
	for n := object + 1; n < v.nodes[object].next; n = v.nodes[n].next {
		node := &v.nodes[n]
		at.objects = at.objects || node.kind == objectNode
		key := v.line[node.key:node.keyEnd]
		if node.keyLooks&looksEscaped != 0 || s.engine.names.odd {
			key = s.keyOf(n)
		}
		if _, name := s.engine.names.seek(key); name >= 0 {
			if p := &v.names[name]; p.event != s.number || p.scope == number {
				*p = place{s.number, number, n}
			}
		}
	}
	v.scopes = append(v.scopes, at)
}

// seek adds the values of the first of a field's names that the record has.
func (s *scratch) seek(field int) bool {
	for i := range s.engine.refs[field] {
		ref := &s.engine.refs[field][i]
		if ref.own {
			if ref.constant != "" {
				s.values = append(s.values, val{text: ref.constant})
				return true
			}
			continue
		}
		if n := s.find(ref); n >= 0 {
			s.take(n, ref.words)
			return true
		}
	}
	return false
}

func (s *scratch) find(ref *nameRef) int32 {
	if p := &s.view.names[ref.number]; p.event == s.number {
		return p.node
	}
	if ref.dotted {
		for _, scope := range s.view.scopes {
			if scope.objects {
				if n := s.dotted(scope.node, ref.name); n >= 0 {
					return n
				}
			}
		}
	}
	return -1
}

// dotted follows a path of keys; on the way each key may itself hold dots.
func (s *scratch) dotted(in int32, path string) int32 {
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		next := s.object(in, path[:i])
		if next < 0 {
			continue
		}
		rest := path[i+1:]
		if n := s.child(next, rest); n >= 0 {
			return n
		}
		if n := s.dotted(next, rest); n >= 0 {
			return n
		}
	}
	return -1
}

// take adds the values of a node, as add does of a value in maps.
func (s *scratch) take(n int32, words bool) {
	node := &s.view.nodes[n]
	switch node.kind {
	case nullNode:
		s.values = append(s.values, val{null: true})
	case textNode:
		s.addText(s.plain(s.view.line[node.from:node.to], node.looks), words)
	case integerNode:
		s.values = append(s.values, val{text: s.view.line[node.from:node.to]})
	case numberNode:
		s.float(s.view.float(node))
	case trueNode:
		s.values = append(s.values, val{text: "true"})
	case falseNode:
		s.values = append(s.values, val{text: "false"})
	case listNode:
		for item := range s.view.children(n) {
			s.take(item, false)
		}
	}
}
