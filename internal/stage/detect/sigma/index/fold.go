package index

import (
	"unicode"
	"unicode/utf8"
)

// Fold gives texts that differ only in case the same form: the smallest rune of
// each simple-folding orbit (Unicode, CaseFolding.txt, statuses C and S), with
// ASCII letters in lower case. A byte that is no UTF-8 becomes U+FFFD. Text that
// is in that form already is returned as it is.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return string(AppendFold(make([]byte, 0, len(s)+8), s))
		}
	}
	return s
}

// AppendFold appends the folded form of a text.
func AppendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, lower(c))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, FoldRune(r))
		i += size
	}
	return dst
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// FoldRune folds one rune. Latin-1, typographic signs and ideographs, which make
// up nearly all that is no ASCII, take no table.
func FoldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return rune(lower(byte(r)))
	case r <= 0xFF:
		if r >= 0xE0 && r != 0xF7 && r != 0xFF {
			return r - 0x20
		}
		return r
	case r >= 0x2000 && r < 0x2126, r >= 0x3000 && r < 0xA640, r == utf8.RuneError:
		return r // without case
	}
	return leastOfOrbit(r)
}

func leastOfOrbit(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

// Ready gives a text in the form that an Index reads: as it is when it is ASCII,
// otherwise folded into the buffer, which is given back for the next text.
func Ready(s string, buf []byte) (ready string, next []byte) {
	if ASCII(s) {
		return s, buf
	}
	at := len(buf)
	buf = AppendFold(buf, s)
	return text(buf[at:]), buf
}
