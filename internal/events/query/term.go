package query

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Term asks something of one field's values, or with an empty Field of every
// text of an event. Make one with Parse.
type Term struct {
	Field    string
	original string // the field's name in the sender's own record
	words    bool   // a value is several words: each counts as one too
	// One of three is set: a pattern, a regular expression, or numbers.
	parts   []part
	regex   *regexp.Regexp
	pattern string // what was between the slashes
	numbers *numbers
}

// part is a run of a pattern: literal text, or a star.
type part struct {
	star bool
	text string // lower case, for literals
	raw  string // as it was written
}

// numbers is a range; the infinities mean no bound.
type numbers struct {
	low, high         float64
	lowOpen, highOpen bool
}

// Value tells whether one value of the term's field meets the term: the whole
// value for a pattern, any part of it for a regular expression. Without a field
// a pattern may stand anywhere in the text.
func (t *Term) Value(v string) bool {
	switch {
	case t.regex != nil:
		return t.regex.MatchString(v)
	case t.numbers != nil:
		return t.numbers.holds(v)
	}
	if t.Field == "" {
		return t.within(v)
	}
	return t.whole(v) || t.words && slices.ContainsFunc(strings.Fields(v), t.whole)
}

// Exact returns the folded text that a value must equal, when the term asks for
// one whole value of a field; it is what a Bloom filter can be asked for.
func (t *Term) Exact() (folded string, ok bool) {
	if t.Field == "" || t.words || t.regex != nil || t.numbers != nil || len(t.parts) > 1 {
		return "", false
	}
	if len(t.parts) == 0 {
		return "", true
	}
	return t.parts[0].text, !t.parts[0].star
}

// Literals returns folded texts that a value must contain to meet the term; none
// when nothing is known.
func (t *Term) Literals() []string {
	var out []string
	for _, p := range t.parts {
		if !p.star {
			out = append(out, p.text)
		}
	}
	return out
}

// Everywhere tells that the term looks at every text of an event.
func (t *Term) Everywhere() bool { return t.Field == "" }

func (t *Term) within(v string) bool {
	if len(t.parts) == 1 && !t.parts[0].star {
		return contains(v, t.parts[0].text)
	}
	v = fold(v)
	for _, p := range t.parts {
		if p.star {
			continue
		}
		at := strings.Index(v, p.text)
		if at < 0 {
			return false
		}
		v = v[at+len(p.text):]
	}
	return true
}

func (t *Term) whole(v string) bool {
	v = fold(v)
	for i, p := range t.parts {
		if p.star {
			continue
		}
		last, free := i == len(t.parts)-1, i > 0 // two literals never stand side by side
		switch {
		case !free:
			if !strings.HasPrefix(v, p.text) || last && len(v) != len(p.text) {
				return false
			}
			v = v[len(p.text):]
		case last:
			return strings.HasSuffix(v, p.text)
		default:
			at := strings.Index(v, p.text)
			if at < 0 {
				return false
			}
			v = v[at+len(p.text):]
		}
	}
	return len(t.parts) > 0 || v == ""
}

func (n *numbers) holds(v string) bool {
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsNaN(f) {
		return false
	}
	return (f > n.low || f == n.low && !n.lowOpen) && (f < n.high || f == n.high && !n.highOpen)
}

func (n *numbers) String() string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	switch {
	case !math.IsInf(n.low, 0) && !math.IsInf(n.high, 0):
		return number(n.low) + ".." + number(n.high)
	case math.IsInf(n.high, 1) && n.lowOpen:
		return ">" + number(n.low)
	case math.IsInf(n.high, 1):
		return ">=" + number(n.low)
	case n.highOpen:
		return "<" + number(n.high)
	default:
		return "<=" + number(n.high)
	}
}

func (t *Term) String() string {
	field := ""
	if t.Field != "" {
		field = t.Field + ":"
		if !plainField(t.Field) {
			field = quote(t.Field) + ":"
		}
	}
	switch {
	case t.regex != nil:
		return field + "/" + strings.ReplaceAll(t.pattern, "/", `\/`) + "/"
	case t.numbers != nil:
		return field + t.numbers.String()
	}
	return field + t.text()
}

// text writes the pattern: with quotes where it holds no star, and else bare,
// with every character that means something escaped.
func (t *Term) text() string {
	if len(t.parts) == 0 {
		return `""`
	}
	if len(t.parts) == 1 && !t.parts[0].star {
		if plainValue(t.parts[0].raw, t.Field != "") {
			return t.parts[0].raw
		}
		return quote(t.parts[0].raw)
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.star {
			b.WriteByte('*')
			continue
		}
		b.WriteString(quoteIn(p.raw))
	}
	return b.String()
}
