package sigma

import (
	"errors"
	"fmt"
)

// Bounds of one record. Deeper nesting is refused; so is a line whose positions
// would not fit.
const (
	deepestRecord = 300
	longestRecord = 1 << 31
)

var (
	errRecord     = errors.New("read JSON: want one object a line")
	errRecordDeep = fmt.Errorf("read JSON: is nested more than %d deep", deepestRecord)
	errRecordLong = errors.New("read JSON: the line is longer than 2 GiB")
)

// record is one line of JSON, taken apart without being copied: where each key
// and value stands. It accepts what RFC 8259 allows and encoding/json does, and
// refuses the rest; but bytes that are no UTF-8, and halves of surrogate pairs,
// are repaired when they are looked at.
type record struct {
	line  string
	nodes []node // the root first; what an object or list holds follows it
	at    int
}

// node is a value with its key, by their positions in the line.
type node struct {
	key, keyEnd uint32 // between the quotes
	from, to    uint32 // of text between the quotes
	next        int32  // the node after what this one holds
	kind        nodeKind
	looks       textLooks
	keyLooks    textLooks
}

// textLooks is what was seen in a text while its end was sought.
type textLooks uint8

const (
	looksEscaped textLooks = 1 << iota // it holds backslashes
	looksCoded                         // also such as \u0041
	looksForeign                       // it holds bytes that are no ASCII
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	textNode
	integerNode // its text is as detect.Text writes it
	numberNode
	trueNode
	falseNode
	listNode
	objectNode
)

// read takes a line apart. The record looks at the line until the next read.
func (r *record) read(line string) error {
	r.line, r.nodes, r.at = line, r.nodes[:0], 0
	if len(line) >= longestRecord {
		return errRecordLong
	}
	if r.blank() != '{' {
		return errRecord
	}
	r.nodes = append(r.nodes, node{kind: objectNode})
	r.at++
	if err := r.object(0, 1); err != nil {
		return err
	}
	if r.blank(); r.at < len(line) {
		return r.unexpected()
	}
	return nil
}

// blank skips white space and gives the byte that follows; 0 at the end.
func (r *record) blank() byte {
	for r.at < len(r.line) {
		if c := r.line[r.at]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		r.at++
	}
	return 0
}

func (r *record) unexpected() error {
	if r.at >= len(r.line) {
		return errors.New("read JSON: ends too early")
	}
	return fmt.Errorf("read JSON: %q at byte %d is not expected", r.line[r.at], r.at)
}

// object reads what follows "{".
func (r *record) object(self int, depth int) error {
	if r.blank() == '}' {
		return r.close(self)
	}
	for {
		if r.blank() != '"' {
			return r.unexpected()
		}
		from, to, looks, err := r.text()
		if err != nil {
			return err
		}
		if r.blank() != ':' {
			return r.unexpected()
		}
		r.at++
		if err := r.value(node{key: from, keyEnd: to, keyLooks: looks}, depth); err != nil {
			return err
		}
		switch r.blank() {
		case ',':
			r.at++
		case '}':
			return r.close(self)
		default:
			return r.unexpected()
		}
	}
}

// list reads what follows "[".
func (r *record) list(self int, depth int) error {
	if r.blank() == ']' {
		return r.close(self)
	}
	for {
		if err := r.value(node{}, depth); err != nil {
			return err
		}
		switch r.blank() {
		case ',':
			r.at++
		case ']':
			return r.close(self)
		default:
			return r.unexpected()
		}
	}
}

func (r *record) close(self int) error {
	r.at++
	r.nodes[self].next = int32(len(r.nodes))
	return nil
}

// value reads any value into the node given, which has its key already.
func (r *record) value(n node, depth int) (err error) {
	self := len(r.nodes)
	n.next = int32(self + 1)
	switch c := r.blank(); c {
	case '"':
		n.kind = textNode
		n.from, n.to, n.looks, err = r.text()
	case '{', '[':
		if depth == deepestRecord {
			return errRecordDeep
		}
		r.at++
		if c == '{' {
			n.kind = objectNode
			r.nodes = append(r.nodes, n)
			return r.object(self, depth+1)
		}
		n.kind = listNode
		r.nodes = append(r.nodes, n)
		return r.list(self, depth+1)
	case 't':
		n.kind, err = trueNode, r.word("true")
	case 'f':
		n.kind, err = falseNode, r.word("false")
	case 'n':
		n.kind, err = nullNode, r.word("null")
	default:
		err = r.number(&n)
	}
	r.nodes = append(r.nodes, n)
	return err
}

func (r *record) word(w string) error {
	for i := range len(w) {
		if r.at >= len(r.line) || r.line[r.at] != w[i] {
			return r.unexpected()
		}
		r.at++
	}
	return nil
}
