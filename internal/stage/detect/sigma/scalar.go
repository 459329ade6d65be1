package sigma

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
)

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
