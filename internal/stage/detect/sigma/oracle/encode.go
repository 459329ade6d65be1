package oracle

import (
	"encoding/base64"
	"errors"
	"slices"
	"unicode/utf16"
)

var errWildcard = errors.New("a value with wildcards cannot be encoded")

// form is one way in which a value may be written. Of a form that went through
// UTF-16 every plain sign is one byte, which in text is the character of that
// number (House: utf16 and its like).
type form struct {
	signs []sign
	bytes bool
}

// raw gives the bytes that an encoding works on.
func (f form) raw() ([]byte, error) {
	var out []byte
	for _, s := range f.signs {
		switch {
		case s.kind != plain:
			return nil, errWildcard
		case f.bytes:
			out = append(out, byte(s.char))
		default:
			out = append(out, string(s.char)...)
		}
	}
	return out, nil
}

func literal(s string) form {
	var f form
	for _, c := range s {
		f.signs = append(f.signs, sign{plain, c})
	}
	return f
}

// encodeBase64 is Modifiers: Encoding, base64.
func encodeBase64(f form) ([]form, error) {
	raw, err := f.raw()
	return []form{literal(base64.StdEncoding.EncodeToString(raw))}, err
}

// encodeOffsets is Modifiers: Encoding, base64offset. A character of base64
// stands for six bits; of the text that has the value after 0, 1 or 2 other
// bytes, those characters are known of which all six bits are the value's.
func encodeOffsets(f form) ([]form, error) {
	raw, err := f.raw()
	var forms []form
	for before := range 3 {
		whole := append(make([]byte, before), raw...)
		encoded := base64.RawStdEncoding.EncodeToString(whole)
		first := (before*8 + 5) / 6
		end := len(whole) * 8 / 6
		if first < end {
			forms = append(forms, literal(encoded[first:end]))
		}
	}
	if err == nil && len(forms) == 0 {
		err = errors.New("a value without a static part cannot be recognised")
	}
	return forms, err
}

// encodeUTF16 is Modifiers: Encoding, utf16le, utf16be, utf16, wide. A * stays
// any number of characters; a ?, a single character of the value, becomes as many
// signs as the bytes of one unit (House: utf16 and its like).
func encodeUTF16(f form, mark, bigEndian bool) form {
	out := form{bytes: true}
	put := func(unit uint16) {
		pair := []byte{byte(unit), byte(unit >> 8)}
		if bigEndian {
			slices.Reverse(pair)
		}
		for _, b := range pair {
			out.signs = append(out.signs, sign{plain, rune(b)})
		}
	}
	if mark {
		put(0xFEFF)
	}
	for _, s := range f.signs {
		switch s.kind {
		case many:
			out.signs = append(out.signs, s)
			continue
		case one:
			out.signs = append(out.signs, s, s)
			continue
		}
		for _, unit := range utf16.Encode([]rune{s.char}) {
			put(unit)
		}
	}
	return out
}

// dashes are those of Modifiers: String Modifiers, windash: hyphen, slash, en
// dash, em dash, horizontal bar.
func dashes() []rune { return []rune{'-', '/', '–', '—', '―'} }

func isDash(c rune) bool { return slices.Contains(dashes(), c) }

// windash makes every dash that begins a word stand for all of them, which is
// what all permutations amount to (House: windash).
func windash(f form) form {
	out := form{bytes: f.bytes}
	for i, s := range f.signs {
		begins := !isWord(f.signs, i-1) && isWord(f.signs, i+1)
		if s.kind == plain && isDash(s.char) && begins {
			s = sign{kind: dash}
		}
		out.signs = append(out.signs, s)
	}
	return out
}

// isWord says whether there is a letter, a digit or a low line at a position.
func isWord(signs []sign, at int) bool {
	if at < 0 || at >= len(signs) || signs[at].kind != plain {
		return false
	}
	c := signs[at].char
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// permutations writes the dashes of a form out, for encodings after windash.
func permutations(f form) []form {
	i := slices.IndexFunc(f.signs, func(s sign) bool { return s.kind == dash })
	if i < 0 {
		return []form{f}
	}
	var all []form
	for _, c := range dashes() {
		signs := slices.Clone(f.signs)
		signs[i] = sign{plain, c}
		all = append(all, permutations(form{signs, f.bytes})...)
	}
	return all
}
