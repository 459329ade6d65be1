package evtx

import (
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// Limits of one record. Windows itself allows 64 KiB of binary XML; a template
// may name a value as often as it likes.
const (
	mostDepth = 32
	mostNodes = 50_000
	mostBytes = 4 << 20
	mostName  = 1024 // bytes
	mostNames = 4096 // remembered of a chunk
)

var (
	errShort = errors.New("binary XML ends too early or points outside of its chunk")
	errDeep  = errors.New("binary XML is nested too deep")
	errLarge = errors.New("binary XML becomes too large")
)

// cursor reads a part of a chunk. After its first error it gives zeros.
type cursor struct {
	data    []byte // the chunk's
	at, end int
	err     error
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.at = c.end
}

func (c *cursor) take(n int) []byte {
	if n < 0 || c.at < 0 || n > c.end-c.at {
		c.fail(errShort)
		return nil
	}
	c.at += n
	return c.data[c.at-n : c.at]
}

func (c *cursor) u8() byte {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// counted reads UTF-16 text behind its number of characters.
func (c *cursor) counted() string { return utf16Text(c.take(2 * int(c.u16()))) }

// utf16Text reads little-endian UTF-16; zeros at its end are no part of it.
func utf16Text(b []byte) string {
	for len(b) >= 2 && b[len(b)-1] == 0 && b[len(b)-2] == 0 && len(b)%2 == 0 {
		b = b[:len(b)-2]
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
