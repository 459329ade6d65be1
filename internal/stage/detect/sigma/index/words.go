package index

import (
	"encoding/binary"
	"unsafe"
)

// Texts are read eight bytes at a time where it pays: these are the usual tricks
// on the bytes of one word (H. S. Warren, "Hacker's Delight", chapter 6).
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// lower8 folds the ASCII letters of eight bytes; other bytes stay.
func lower8(w uint64) uint64 {
	low := w &^ highs
	fromA := low + ones*(0x80-'A')
	afterZ := low + ones*(0x7f-'Z')
	return w | ((fromA^afterZ)&^w&highs)>>2
}

func load8(s string, at int) uint64 { return binary.LittleEndian.Uint64(bytesOf(s)[at:]) }

// load gives the last bytes of a text, fewer than eight, as a word.
func load(s string) (w uint64) {
	for i := len(s) - 1; i >= 0; i-- {
		w = w<<8 | uint64(s[i])
	}
	return w
}

// ASCII tells whether a text has no byte from 0x80 on.
func ASCII(s string) bool {
	i, all := 0, uint64(0)
	for ; i+8 <= len(s); i += 8 {
		all |= load8(s, i)
	}
	return (all|load(s[i:]))&highs == 0
}

// text and bytesOf look at the same memory; nothing that they give is written to.
func text(b []byte) string    { return unsafe.String(unsafe.SliceData(b), len(b)) }
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
