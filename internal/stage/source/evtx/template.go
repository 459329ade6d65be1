package evtx

// instance is a template with the values for its places.
type instance struct {
	body   []node
	values []value
}

// value is one value as it stands in the chunk.
type value struct {
	kind     byte
	from, to int
}

// instance reads a template, which stands right here the first time, and its values.
func (p *parser) instance() *instance {
	p.take(5) // version, the template's number
	offset := p.u32()
	if p.err != nil {
		return nil
	}
	body, after := p.template(offset)
	if int(offset) == p.at {
		p.at = after
	}
	return &instance{body: body, values: p.values()}
}

// template reads a template's definition; after is where it ends.
func (p *parser) template(offset uint32) (body []node, after int) {
	at := cursor{data: p.data, at: int(offset), end: len(p.data)}
	at.take(20) // the next template, GUID
	size := int(at.u32())
	from := at.at
	if at.take(size); at.err != nil {
		p.fail(at.err)
		return nil, p.at
	}
	if body, ok := p.chunk.templates[offset]; ok {
		return body, at.at
	}
	if p.depth++; p.depth > mostDepth {
		p.fail(errDeep)
		return nil, p.at
	}
	before := *p.nodes
	inner := parser{cursor: cursor{data: p.data, at: from, end: at.at}, chunk: p.chunk, dependent: true, depth: p.depth, nodes: p.nodes}
	body = inner.fragment()
	p.depth--
	if inner.err != nil {
		p.fail(inner.err)
		return nil, p.at
	}
	if p.chunk.kept += *p.nodes - before; p.chunk.kept < mostNodes {
		p.chunk.templates[offset] = body
	}
	return body, at.at
}

// values reads the list of sizes and types, and then where each value stands.
func (p *parser) values() []value {
	n := int(p.u32())
	if p.err != nil || n > (p.end-p.at)/4 {
		p.fail(errShort)
		return nil
	}
	list := make([]value, n)
	sizes := p.at
	p.take(4 * n)
	for i := range list {
		size := int(p.data[sizes+4*i]) | int(p.data[sizes+4*i+1])<<8
		list[i] = value{kind: p.data[sizes+4*i+2], from: p.at, to: p.at + size}
		if p.take(size); p.err != nil {
			return nil
		}
	}
	return list
}
