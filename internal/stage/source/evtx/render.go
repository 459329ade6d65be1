package evtx

import (
	"fmt"
	"strings"
)

// read makes the object of the record between two offsets.
func (c *chunk) read(from, to int) (map[string]any, error) {
	nodes := 0
	p := parser{cursor: cursor{data: c.data, at: from, end: to}, chunk: c, dependent: true, nodes: &nodes}
	parts := p.fragment()
	if p.err != nil {
		return nil, p.err
	}
	r := renderer{chunk: c, bytes: mostBytes, nodes: mostNodes}
	into := content{}
	r.all(&into, parts, nil)
	if r.err != nil {
		return nil, r.err
	}
	if len(into.fields) == 0 {
		return nil, fmt.Errorf("it holds no element")
	}
	return into.fields, nil
}

// renderer puts values into their places. It bounds what that may become.
type renderer struct {
	chunk *chunk
	depth int
	bytes int
	nodes int
	err   error
}

// content is what an element has been found to hold.
type content struct {
	fields map[string]any
	texts  []any
}

func (r *renderer) spend(n int) bool {
	r.bytes -= n
	if r.nodes--; (r.nodes < 0 || r.bytes < 0) && r.err == nil {
		r.err = errLarge
	}
	return r.err == nil
}

func (r *renderer) all(into *content, parts []node, values []value) {
	for i := range parts {
		r.part(into, &parts[i], values)
	}
}

func (r *renderer) part(into *content, n *node, values []value) {
	if !r.spend(len(n.text)) {
		return
	}
	if r.depth++; r.depth > 2*mostDepth {
		r.err = errDeep
		return
	}
	defer func() { r.depth-- }()
	switch {
	case n.element != nil:
		r.element(into, n.element, values)
	case n.instance != nil:
		r.all(into, n.instance.body, n.instance.values)
	case n.place > len(values):
	case n.place > 0:
		r.value(into, values[n.place-1])
	default:
		into.texts = append(into.texts, n.text)
	}
}

// value puts one value in. One that is itself binary XML is read here.
func (r *renderer) value(into *content, v value) {
	if !r.spend(v.to - v.from) {
		return
	}
	if v.kind == kindXML {
		r.nested(into, v)
		return
	}
	b := r.chunk.data[v.from:v.to]
	if v.kind&array != 0 {
		into.texts = append(into.texts, list(v.kind&^array, b))
	} else if got := scalar(v.kind, b); got != nil {
		into.texts = append(into.texts, got)
	}
}

// nested reads a value of binary XML. Some writers name dependencies in it.
func (r *renderer) nested(into *content, v value) {
	for _, dependent := range [...]bool{false, true} {
		nodes := 0
		p := parser{
			cursor: cursor{data: r.chunk.data, at: v.from, end: v.to}, chunk: r.chunk,
			dependent: dependent, depth: r.depth / 2, nodes: &nodes,
		}
		parts := p.fragment()
		if p.err == nil {
			r.all(into, parts, nil)
			return
		}
		if dependent && r.err == nil {
			r.err = p.err
		}
	}
}

// element renders an element into its parent. <Data Name="X"> stands under X. The
// attributes of an element that has text stand beside it: rules ask for the text
// (<EventID Qualifiers="16384">7045</EventID>).
func (r *renderer) element(into *content, e *element, values []value) {
	if into.fields == nil {
		into.fields = map[string]any{}
	}
	attributes := r.attributes(e, values)
	var inner content
	r.all(&inner, e.children, values)
	name := e.name
	if given, ok := attributes["Name"].(string); ok && e.name == "Data" && given != "" {
		name, attributes = given, nil
	}
	if inner.fields == nil && len(inner.texts) > 0 && attributes != nil {
		add(into.fields, name+"_attributes", attributes)
		attributes = nil
	}
	add(into.fields, name, inner.whole(attributes))
}

func (r *renderer) attributes(e *element, values []value) map[string]any {
	var all map[string]any
	for _, a := range e.attributes {
		var inner content
		r.all(&inner, a.parts, values)
		if got := inner.text(); got != nil {
			if all == nil {
				all = map[string]any{}
			}
			all[a.name] = got
		}
	}
	return all
}

// whole is what an element becomes.
func (c *content) whole(attributes map[string]any) any {
	text := c.text()
	if attributes == nil && c.fields == nil {
		return text
	}
	fields := c.fields
	if fields == nil {
		fields = map[string]any{}
	}
	if attributes != nil {
		fields["#attributes"] = attributes
	}
	if s, isText := text.(string); text != nil && (!isText || strings.TrimSpace(s) != "") {
		fields["#text"] = text
	}
	return fields
}

// text is one value as it is, several as one text.
func (c *content) text() any {
	switch len(c.texts) {
	case 0:
		return nil
	case 1:
		return c.texts[0]
	}
	var s strings.Builder
	for _, t := range c.texts {
		fmt.Fprint(&s, t)
	}
	return s.String()
}

// add puts a child in; the second of a name makes a list.
func add(fields map[string]any, name string, v any) {
	have, twice := fields[name]
	if !twice || have == nil {
		fields[name] = v
		return
	}
	items, isList := have.([]any)
	if !isList {
		items = []any{have}
	}
	if more, ok := v.([]any); ok {
		fields[name] = append(items, more...)
	} else {
		fields[name] = append(items, v)
	}
}
