package sigma

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"
)

var errWildcard = errors.New("wildcards cannot be encoded; escape them with a backslash if they are meant as text")

// scalar is a YAML value as text. Numbers and truth values are taken as events
// write them, not as the file does; an infinity, which no event can hold as a
// number, is as it is written.
func scalar(v *yaml.Node) string {
	switch v.ShortTag() {
	case "!!bool":
		return strings.ToLower(v.Value)
	case "!!int":
		var n int64
		if v.Decode(&n) == nil {
			return strconv.FormatInt(n, 10)
		}
	case "!!float":
		var n float64
		if v.Decode(&n) == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	return v.Value
}

// rounded is a whole number as events hold it (as float64) where that is another
// one, because it is too large: a rule that asks for the number means it too.
func rounded(v *yaml.Node) (string, bool) {
	if v.ShortTag() != "!!int" {
		return "", false
	}
	var n float64
	err := v.Decode(&n)
	kept := strconv.FormatFloat(n, 'f', -1, 64)
	return kept, err == nil && math.Abs(n) >= 1<<53 && kept != scalar(v)
}

// encoded applies the encodings in their order. In between, a value that went
// through UTF-16 is bytes, written as the characters of the same numbers: so it
// stays when nothing makes text of the bytes.
func (m modifiers) encoded(variants [][]piece) ([][]piece, error) {
	bytes := false
	for i, name := range m.encode {
		var next [][]piece
		for _, pieces := range variants {
			if m.after > 0 && i == len(m.encode)-m.after {
				pieces = m.open(pieces)
			}
			if encodesUnits(name) {
				next = append(next, units(name, pieces))
				continue
			}
			text, ok := literalOf(pieces)
			if !ok {
				return nil, errWildcard
			}
			if bytes {
				text = narrowed(text)
			}
			for _, written := range encode64(name, text) {
				next = append(next, []piece{{literal: written}})
			}
		}
		bytes = encodesUnits(name)
		if variants = next; tooMany(textsOf(variants)) {
			return nil, errWritings
		}
	}
	if len(variants) == 0 {
		return nil, errors.New("is too short to be recognised once it is encoded")
	}
	return variants, nil
}

// textsOf gives the literal text of each variant, for its size.
func textsOf(variants [][]piece) []string {
	texts := make([]string, len(variants))
	for i, pieces := range variants {
		for _, p := range pieces {
			texts[i] += p.literal
		}
	}
	return texts
}

// encodesUnits tells the encodings that give UTF-16.
func encodesUnits(name string) bool { return name != "base64" && name != "base64offset" }

func encode64(name, s string) []string {
	if name == "base64offset" {
		return offsets(s)
	}
	return []string{base64.StdEncoding.EncodeToString([]byte(s))}
}

// units writes a value in UTF-16, byte for byte. Of its wildcards, * is any text
// as before and ? one unit, which is two bytes.
func units(name string, pieces []piece) []piece {
	var out []piece
	if name == "utf16" { // with its byte order mark, little endian
		out = append(out, piece{literal: wide("\uFEFF", false)})
	}
	for _, p := range pieces {
		switch n := len(out); {
		case p.many:
			out = append(out, p)
		case p.one:
			out = append(out, p, p)
		case n > 0 && out[n-1].literal != "":
			out[n-1].literal += wide(p.literal, name == "utf16be")
		default:
			out = append(out, piece{literal: wide(p.literal, name == "utf16be")})
		}
	}
	return out
}

// wide gives the bytes of a text's UTF-16, each as the character of its number.
func wide(s string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		first, second := rune(u&0xFF), rune(u>>8)
		if bigEndian {
			first, second = second, first
		}
		b.WriteRune(first)
		b.WriteRune(second)
	}
	return b.String()
}

// narrowed gives the bytes that characters below 256 stand for.
func narrowed(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// offsets gives the three forms that a text takes inside longer base64 text,
// without the letters at the ends that depend on its neighbours.
func offsets(s string) []string {
	start, end := [...]int{0, 2, 3}, [...]int{0, 3, 2}
	var out []string
	for shift := range 3 {
		full := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + s))
		to := len(full) - end[(len(s)+shift)%3]
		if from := start[shift]; from < to {
			out = append(out, full[from:to])
		}
	}
	return out
}

const (
	// mostDashes bounds the option dashes of one value that are varied.
	mostDashes = 4
	// mostWritings bounds what one value may become by dashes, placeholders and
	// encodings: five writings of each dash make 625 of the most that are varied.
	mostWritings = 10_000
	// mostWritten bounds the same in bytes.
	mostWritten = 2 << 20
)

var errWritings = fmt.Errorf("becomes more than %d values or %d bytes, written out", mostWritings, mostWritten)

func tooMany(writings []string) bool {
	size := 0
	for _, s := range writings {
		size += len(s)
	}
	return len(writings) > mostWritings || size > mostWritten
}

// dashes gives a value with each option dash written in the ways that Windows
// programs accept. An option dash begins a word: -x or /x, not a-b or a/b.
func (c *compiler) dashes(s string) ([]string, error) {
	at := c.optionDash.FindAllStringIndex(s, -1)
	if len(at) > mostDashes {
		c.warn("windash: only the first %d dashes of %q are taken in every writing", mostDashes, s)
		at = at[:mostDashes]
	}
	texts := []string{s}
	for _, where := range slices.Backward(at) {
		var next []string
		for _, text := range texts {
			for _, dash := range [...]string{"-", "/", "–", "—", "―"} {
				next = append(next, text[:where[0]]+dash+text[where[1]:])
			}
		}
		if texts = next; tooMany(texts) {
			return nil, errWritings
		}
	}
	return texts, nil
}

func optionDash() *regexp.Regexp { return regexp.MustCompile(`\B[-/–—―]\b`) }
