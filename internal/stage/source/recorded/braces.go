package recorded

import (
	"bytes"
	"errors"
	"io"
)

// braces follows an object of JSON to its end, piece by piece.
type braces struct {
	depth         int
	text, escaped bool
}

// What a piece of an object brings.
type outcome int

const (
	open   outcome = iota // the object goes on
	closed                // it ends here
	torn                  // a line ends inside of a text
)

// scan looks at the next piece, as far as its outcome, and says how far that is.
func (b *braces) scan(data []byte) (length int, _ outcome) {
	depth, text, escaped := b.depth, b.text, b.escaped
	for i, c := range data {
		switch {
		case escaped:
			escaped = false
		case text && c == '\\':
			escaped = true
		case text && c == '\n':
			return i, torn
		case c == '"':
			text = !text
		case text:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1, closed
			}
		}
	}
	b.depth, b.text, b.escaped = depth, text, escaped
	return len(data), open
}

// drop takes an object off that cannot be read: as far as its end or that of its
// line, for the next line is another record's. Only an object whose brace stands
// alone on its line is written over many lines, and what is set in deeper than it
// belongs to it.
func (s *objects) drop(reason string) (data []byte, _ string, err error) {
	indent := s.indent
	data, whole, err := s.dropOnLine()
	if err != nil {
		return nil, "", err
	}
	if len(bytes.TrimSpace(data)) == 1 {
		return data, reason, s.dropDeeper(indent)
	}
	if whole && reason == tooLong(s.limit) {
		reason = noEnd // what made it too long were the lines behind it
	}
	return data, reason, nil
}

// dropOnLine takes an object off as far as its end or that of its line, and
// returns its beginning, and whether that is all of it.
func (s *objects) dropOnLine() (data []byte, whole bool, err error) {
	var b braces
	for length := 0; ; {
		piece, err := s.in.Peek(max(s.in.Buffered(), 1))
		if len(piece) == 0 && !errors.Is(err, io.EOF) {
			return nil, false, err
		}
		piece, _, ended := bytes.Cut(piece, []byte{'\n'})
		n, outcome := b.scan(piece)
		length += n
		data = append(data, piece[:min(n, s.limit-len(data))]...)
		switch {
		case outcome == closed || n == 0 && !ended: // or the text ends
			_, err = s.in.Discard(n)
			s.used = true
			return data, length == len(data), err
		case ended:
			_, err = s.in.Discard(n + 1)
			s.newLine()
			return data, length == len(data), err
		}
		if _, err = s.in.Discard(n); err != nil {
			return nil, false, err
		}
	}
}

// dropDeeper takes off the lines that are set in deeper than so much, and the
// brace behind them.
func (s *objects) dropDeeper(indent int) error {
	for {
		lead, _ := s.in.Peek(indent + 1) // an error comes again with what is read next
		if len(lead) <= indent {
			return nil
		}
		switch text := bytes.TrimLeft(lead, " \t"); {
		case len(text) == 0:
			if _, _, err := nextLine(s.in, 0); err != nil {
				return err
			}
			s.newLine()
		case string(text) == "}":
			_, err := s.in.Discard(len(lead))
			s.indent, s.used = indent, true
			return err
		default:
			return nil
		}
	}
}
