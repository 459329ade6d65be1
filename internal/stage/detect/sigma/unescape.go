package sigma

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// plain is the text that stands in a record between quotes, as encoding/json
// reads it. The record was found to be well formed.
func (s *scratch) plain(raw string, looks textLooks) string {
	if looks&looksEscaped != 0 {
		raw = s.unescape(raw)
	}
	if looks&looksForeign != 0 { // what is coded is written as UTF-8
		raw = s.repaired(raw)
	}
	return raw
}

// unescape writes into the scratch's bytes, where there is room for eight more
// than the text can have: it is copied eight bytes at a time.
func (s *scratch) unescape(raw string) string {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	at := len(s.text)
	s.text = slices.Grow(s.text, len(raw)+8)
	dst, src := s.text[at:at+len(raw)+8], bytesOf(raw)
	i, j := 0, 0
	for i < len(src) {
		if i+8 <= len(src) {
			w := binary.LittleEndian.Uint64(src[i:])
			binary.LittleEndian.PutUint64(dst[j:], w)
			slash := w ^ ones*'\\'
			stop := (slash - ones) &^ slash & highs
			if stop == 0 {
				i, j = i+8, j+8
				continue
			}
			n := bits.TrailingZeros64(stop) / 8
			i, j = i+n, j+n
		}
		if src[i] != '\\' {
			dst[j] = src[i]
			i, j = i+1, j+1
			continue
		}
		n, m := unescapeOne(dst[j:], src[i:])
		i, j = i+n, j+m
	}
	s.text = s.text[:at+j]
	return textOf(s.text[at:])
}

// unescapeOne writes what one escape stands for, and tells how many bytes it took
// and gave.
func unescapeOne(dst, src []byte) (took, gave int) {
	c := src[1]
	switch c {
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		r, took := unescapeRune(src)
		return took, utf8.EncodeRune(dst, r)
	}
	dst[0] = c
	return 2, 1
}

func unescapeRune(src []byte) (r rune, took int) {
	r = hexRune(src)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(src) >= 12 && src[6] == '\\' && src[7] == 'u' {
		if pair := utf16.DecodeRune(r, hexRune(src[6:])); pair != unicode.ReplacementChar {
			return pair, 12
		}
	}
	return unicode.ReplacementChar, 6
}

// hexRune reads \u and four digits.
func hexRune(src []byte) (r rune) {
	for _, c := range src[2:6] {
		switch {
		case c <= '9':
			c -= '0'
		default:
			c = c&^0x20 - 'A' + 10
		}
		r = r<<4 | rune(c)
	}
	return r
}
