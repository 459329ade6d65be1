package sigma

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
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

// text reads a text from its opening quote to beyond its closing one.
func (r *record) text() (from, to uint32, looks textLooks, err error) {
	r.at++
	from = uint32(r.at)
	for {
		end, foreign := plainEnd(r.line, r.at)
		if r.at = end; foreign {
			looks |= looksForeign
		}
		if r.at >= len(r.line) {
			return 0, 0, 0, r.unexpected()
		}
		switch r.line[r.at] {
		case '"':
			r.at++
			return from, uint32(r.at - 1), looks, nil
		case '\\':
			more, err := r.escape()
			if err != nil {
				return 0, 0, 0, err
			}
			looks |= more
		default:
			return 0, 0, 0, r.unexpected()
		}
	}
}

func (r *record) escape() (textLooks, error) {
	r.at++
	if r.at >= len(r.line) {
		return 0, r.unexpected()
	}
	switch r.line[r.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		r.at++
		return looksEscaped, nil
	case 'u':
		r.at++
		for range 4 {
			if r.at >= len(r.line) || !isHex(r.line[r.at]) {
				return 0, r.unexpected()
			}
			r.at++
		}
		return looksEscaped | looksCoded, nil
	}
	return 0, r.unexpected()
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// plainEnd finds the next quote, backslash or control character from at on,
// looking at eight bytes at a time, and tells whether there are bytes before it
// that are no ASCII.
func plainEnd(line string, at int) (end int, foreign bool) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	b := bytesOf(line)
	high := uint64(0)
	for ; at+8 <= len(b); at += 8 {
		w := binary.LittleEndian.Uint64(b[at:])
		quote, slash := w^ones*'"', w^ones*'\\'
		stop := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & highs
		if stop != 0 {
			n := bits.TrailingZeros64(stop) &^ 7
			high |= w & (1<<n - 1)
			return at + n/8, high&highs != 0
		}
		high |= w
	}
	for ; at < len(b); at++ {
		c := b[at]
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		high |= uint64(c)
	}
	return at, high&highs != 0
}

// mostDigits bounds the integers that a float64 holds exactly, and so writes as
// they came.
const mostDigits = 15

// number reads a number (RFC 8259 section 6).
func (r *record) number(n *node) error {
	from := r.at
	if r.at < len(r.line) && r.line[r.at] == '-' {
		r.at++
	}
	whole := r.at
	switch {
	case r.at < len(r.line) && r.line[r.at] == '0':
		r.at++
	case !r.digits():
		return r.unexpected()
	}
	n.kind = integerNode
	if r.at-whole > mostDigits {
		n.kind = numberNode
	}
	exponent := false
	if r.at < len(r.line) && r.line[r.at] == '.' {
		n.kind = numberNode
		r.at++
		if !r.digits() {
			return r.unexpected()
		}
	}
	if r.at < len(r.line) && r.line[r.at]|0x20 == 'e' {
		n.kind, exponent = numberNode, true
		r.at++
		if r.at < len(r.line) && (r.line[r.at] == '+' || r.line[r.at] == '-') {
			r.at++
		}
		if !r.digits() {
			return r.unexpected()
		}
	}
	n.from, n.to = uint32(from), uint32(r.at)
	if exponent || r.at-from > 300 { // it may be too large for a float64
		if _, err := strconv.ParseFloat(r.line[from:r.at], 64); err != nil {
			return fmt.Errorf("read JSON: the number at byte %d is too large", from)
		}
	}
	return nil
}

// digits skips digits; there must be one.
func (r *record) digits() bool {
	from := r.at
	for r.at < len(r.line) && r.line[r.at]-'0' <= 9 {
		r.at++
	}
	return r.at > from
}

// float is the value of a number, which is known to be in range.
func (r *record) float(n *node) float64 {
	f, _ := strconv.ParseFloat(r.line[n.from:n.to], 64)
	return f
}
