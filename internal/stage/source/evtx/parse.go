package evtx

import "fmt"

// The tokens of binary XML ([MS-EVEN6] 2.2.12); more (0x40) is set where more of
// the same follows, and is not needed to read them.
const (
	tokenEnd          = 0x00
	tokenOpen         = 0x01
	tokenCloseOpen    = 0x02
	tokenCloseEmpty   = 0x03
	tokenCloseElement = 0x04
	tokenValue        = 0x05
	tokenAttribute    = 0x06
	tokenCData        = 0x07
	tokenCharacter    = 0x08
	tokenEntity       = 0x09
	tokenPITarget     = 0x0a
	tokenPIData       = 0x0b
	tokenTemplate     = 0x0c
	tokenSubstitution = 0x0d
	tokenOptional     = 0x0e
	tokenFragment     = 0x0f
	more              = 0x40
)

// node is a part of a template or fragment: an element, a text, a place for one
// of the record's values, or a template with values of its own.
type node struct {
	element  *element
	text     string
	place    int // index of the value, from 1
	instance *instance
}

type element struct {
	name       string
	attributes []attribute
	children   []node
}

type attribute struct {
	name  string
	parts []node
}

// parser reads binary XML. In templates each element names what it depends on;
// in fragments that are themselves values it does not.
type parser struct {
	cursor
	chunk     *chunk
	dependent bool
	depth     int
	nodes     *int
}

// fragment reads up to the end token or the cursor's end.
func (p *parser) fragment() (list []node) {
	for p.err == nil && p.at < p.end {
		token := p.u8()
		if token == tokenEnd {
			break
		}
		if token == tokenFragment {
			p.take(3) // version and flags
			continue
		}
		list = p.part(list, token)
	}
	return list
}

// part reads what one token begins.
func (p *parser) part(list []node, token byte) []node {
	if *p.nodes++; *p.nodes > mostNodes {
		p.fail(errLarge)
	}
	switch token &^ more {
	case tokenOpen:
		return append(list, node{element: p.element(token&more != 0)})
	case tokenValue:
		if kind := p.u8(); kind != kindString {
			p.fail(fmt.Errorf("a text of type 0x%02x", kind))
		}
		return append(list, node{text: p.counted()})
	case tokenCData:
		return append(list, node{text: p.counted()})
	case tokenCharacter:
		return append(list, node{text: string(rune(p.u16()))})
	case tokenEntity:
		return append(list, node{text: entity(p.name())})
	case tokenPITarget:
		p.name()
	case tokenPIData:
		p.counted()
	case tokenTemplate:
		return append(list, node{instance: p.instance()})
	case tokenSubstitution, tokenOptional:
		place := int(p.u16()) + 1
		p.u8() // the type that is expected there; the value says its own
		return append(list, node{place: place})
	default:
		p.fail(fmt.Errorf("the unknown token 0x%02x", token))
	}
	return list
}

func entity(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	return "&" + name + ";"
}

func (p *parser) element(attributes bool) *element {
	if p.depth++; p.depth > mostDepth {
		p.fail(errDeep)
	}
	defer func() { p.depth-- }()
	if p.dependent {
		p.u16()
	}
	p.u32() // size
	e := &element{name: p.name()}
	if attributes {
		p.u32() // size
		for p.err == nil && p.at < p.end && p.data[p.at]&^more == tokenAttribute {
			p.u8()
			e.attributes = append(e.attributes, attribute{name: p.name(), parts: p.parts()})
		}
	}
	switch token := p.u8(); token {
	case tokenCloseEmpty:
	case tokenCloseOpen:
		e.children = p.content()
	default:
		p.fail(fmt.Errorf("the token 0x%02x where an element's start should end", token))
	}
	return e
}

// parts reads an attribute's value: everything that is text.
func (p *parser) parts() (list []node) {
	for p.err == nil && p.at < p.end {
		switch p.data[p.at] &^ more {
		case tokenValue, tokenCharacter, tokenEntity, tokenSubstitution, tokenOptional:
			list = p.part(list, p.u8())
		default:
			return list
		}
	}
	return list
}

// content reads an element's children up to its end.
func (p *parser) content() (list []node) {
	for p.err == nil {
		token := p.u8()
		if p.err != nil || token == tokenCloseElement {
			break
		}
		list = p.part(list, token)
	}
	return list
}

// name reads a reference to a name, which stands right behind it the first time.
func (p *parser) name() string {
	offset := p.u32()
	if p.err != nil {
		return ""
	}
	inline := int(offset) == p.at
	if s, ok := p.chunk.names[offset]; ok && !inline {
		return s
	}
	at := cursor{data: p.data, at: int(offset), end: len(p.data)}
	at.take(6) // the next name of the same hash, the hash
	s := at.counted()
	at.take(2) // a zero
	if at.err == nil && len(s) > mostName {
		at.err = errLarge
	}
	if at.err != nil {
		p.fail(at.err)
		return ""
	}
	if len(p.chunk.names) < mostNames {
		p.chunk.names[offset] = s
	}
	if inline {
		p.at = at.at
	}
	return s
}
