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
// write them, not as the file does.
func scalar(v *yaml.Node) string {
	switch v.ShortTag() {
	case "!!bool":
		return strings.ToLower(v.Value)
	case "!!int":
		if n, err := strconv.ParseInt(v.Value, 0, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	case "!!float":
		if n, err := strconv.ParseFloat(v.Value, 64); err == nil {
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
	exact := scalar(v)
	n, err := strconv.ParseFloat(exact, 64)
	kept := strconv.FormatFloat(n, 'f', -1, 64)
	return kept, err == nil && math.Abs(n) >= 1<<53 && kept != exact
}

// encoded applies the encodings in their order.
func (m modifiers) encoded(variants [][]piece) ([][]piece, error) {
	var texts []string
	for _, pieces := range variants {
		text, ok := literalOf(pieces)
		if !ok {
			return nil, errWildcard
		}
		texts = append(texts, text)
	}
	for _, name := range m.encode {
		var next []string
		for _, text := range texts {
			next = append(next, encode(name, text)...)
		}
		if texts = next; tooMany(texts) {
			return nil, errWritings
		}
	}
	if len(texts) == 0 {
		return nil, errors.New("is too short to be recognised once it is encoded")
	}
	out := make([][]piece, len(texts))
	for i, text := range texts {
		out[i] = []piece{{literal: text}}
	}
	return out, nil
}

func encode(name, s string) []string {
	switch name {
	case "base64":
		return []string{base64.StdEncoding.EncodeToString([]byte(s))}
	case "base64offset":
		return offsets(s)
	case "utf16be":
		return []string{wide(s, true)}
	case "utf16": // with its byte order mark, little endian
		return []string{"\xff\xfe" + wide(s, false)}
	}
	return []string{wide(s, false)} // wide, utf16le
}

func wide(s string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		if bigEndian {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
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
