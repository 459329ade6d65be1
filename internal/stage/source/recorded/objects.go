package recorded

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"warder/internal/flow"
	"warder/internal/stage/source/envelope"
)

// objects takes JSON objects off a text in which they stand one a line, in an
// array or one behind the other. What is no object costs its line, and no other.
func (l *log) objects(in *bufio.Reader, format Format) error {
	head, err := peek(in)
	if err != nil {
		return err
	}
	array := bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("["))
	s := objects{in: in, limit: l.o.Limit, array: array, line: 1}
	zeek := zeekPath(l.file)
	for {
		at, data, reason, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d: %w", s.line, err)
		}
		if reason != "" {
			err = l.refuse(at, data, reason)
		} else {
			err = l.object(at, data, format, zeek)
		}
		if err != nil {
			return err
		}
	}
}

// object gives an object, or the records that it is the envelope of.
func (l *log) object(at int, data []byte, format Format, zeek string) error {
	var inside []envelope.Element
	if format != EVE && format != Zeek {
		inside = envelope.Open(data)
	}
	if len(inside) == 0 {
		return l.give(at, object(data, format, zeek))
	}
	for _, e := range inside {
		if err := l.give(at+bytes.Count(data[:e.At], []byte{'\n'}), object(e.Data, format, zeek)); err != nil {
			return err
		}
	}
	return nil
}

// object tells what a JSON object is a record of.
func object(data []byte, format Format, zeek string) flow.Raw {
	switch {
	case format == EVE || format != Zeek && isEVE(data):
		return flow.Raw{Format: flow.FormatSuricata, Data: data}
	case format == Zeek || isZeek(data, zeek):
		return flow.Raw{Format: flow.FormatJSON, Data: withPath(data, zeek)}
	}
	return flow.Raw{Format: flow.FormatJSON, Data: data}
}

func isEVE(data []byte) bool {
	return bytes.Contains(data, []byte(`"event_type"`)) && bytes.Contains(data, []byte(`"timestamp"`)) &&
		(bytes.Contains(data, []byte(`"flow_id"`)) || bytes.Contains(data, []byte(`"src_ip"`)) || bytes.Contains(data, []byte(`"stats"`)))
}

// objects is a text while objects are taken off it.
type objects struct {
	in     *bufio.Reader
	limit  int
	line   int
	array  bool // the text begins with a bracket, so that brackets are no rubbish
	indent int  // bytes that the line is set in
	// wrapped is set inside an envelope of records that is too large to be one
	// object, or has no end.
	wrapped bool
	beside  *beside
	used    bool // an object, or a part of one, was taken off the line
}

// beside is what stands behind the records of an envelope and is not paging.
type beside struct {
	at     int
	data   []byte
	reason string
}

// next returns the next object, and the line that it begins on; or what is none,
// with the reason.
func (s *objects) next() (at int, data []byte, reason string, err error) {
	first, err := s.skip()
	at = s.line
	if b := s.beside; b != nil {
		s.beside = nil
		return b.at, b.data, b.reason, err
	}
	if errors.Is(err, io.EOF) && s.wrapped {
		s.wrapped = false
		return at, nil, "the list of records does not end", nil
	}
	if err != nil {
		return at, nil, "", err
	}
	if first != '{' {
		data, _, err := nextLine(s.in, s.limit)
		s.newLine()
		return at, data, "it is no JSON object", err
	}
	n, reason, err := s.extent()
	if err != nil {
		return at, nil, "", err
	}
	if reason != "" && s.unwrap() {
		return s.next()
	}
	if reason != "" {
		data, reason, err := s.drop(reason)
		return at, data, reason, err
	}
	data = make([]byte, n)
	if _, err := io.ReadFull(s.in, data); err != nil {
		return at, nil, "", err
	}
	if lines := bytes.Count(data, []byte{'\n'}); lines > 0 {
		s.line += lines
		last := data[bytes.LastIndexByte(data, '\n')+1:]
		s.indent = len(last) - len(bytes.TrimLeft(last, " \t"))
	}
	s.used = true
	return at, data, "", nil
}

// unwrap goes into an envelope of records that is too large to be one object, or
// has no end.
func (s *objects) unwrap() bool {
	head, _ := s.in.Peek(min(s.in.Buffered(), longestBeginning))
	n := envelope.Begins(head)
	if n == 0 || s.wrapped {
		return false
	}
	for range bytes.Count(head[:n], []byte{'\n'}) {
		s.newLine()
	}
	_, _ = s.in.Discard(n) // it is in the buffer
	s.wrapped = true
	return true
}

// longestBeginning is how much may stand before the records of an envelope.
const longestBeginning = 4 << 10

// leave passes over the paging behind the records of an envelope. What is more
// than that belongs to none of them, and is kept by itself.
func (s *objects) leave() error {
	s.wrapped = false
	at, length := s.line, 0
	var tail []byte
	b := braces{depth: 1}
	for end := open; end == open; {
		piece, err := s.in.Peek(max(s.in.Buffered(), 1))
		if len(piece) == 0 && errors.Is(err, io.EOF) {
			break
		}
		if len(piece) == 0 {
			return err
		}
		var n int
		n, end = b.scan(piece)
		for range bytes.Count(piece[:n], []byte{'\n'}) {
			s.newLine()
		}
		length += n
		tail = append(tail, piece[:min(n, s.limit-len(tail))]...)
		_, _ = s.in.Discard(n)
	}
	s.used = true
	switch {
	case length > len(tail):
		s.beside = &beside{at, tail, envelope.Beside + "; " + tooLong(s.limit)}
	case len(bytes.TrimSpace(tail)) == 0:
		s.beside = &beside{at, nil, noEnd}
	case !envelope.Ends(tail):
		s.beside = &beside{at, tail, envelope.Beside}
	}
	return nil
}

func (s *objects) newLine() { s.line, s.indent, s.used = s.line+1, 0, false }

// skip passes over what stands between objects. It stops at the end of a line of
// brackets and commas only, where no array is written: the line is rubbish there.
func (s *objects) skip() (byte, error) {
	inset, rubbish := !s.used, false
	for {
		b, err := s.in.ReadByte()
		if rubbish && (b == '\n' || errors.Is(err, io.EOF)) {
			return b, s.in.UnreadByte()
		}
		if err != nil {
			return 0, err
		}
		switch b {
		case '\n':
			s.newLine()
			inset = true
		case ' ', '\t':
			if inset {
				s.indent++
			}
		case '[', ']', ',':
			inset, rubbish = false, !s.array && !s.wrapped && !s.used
			if b == ']' && s.wrapped {
				if err := s.leave(); err != nil || s.beside != nil {
					return 0, err
				}
			}
		case '\r', 0x1e: // the second is what RFC 7464 divides by
			inset = false
		default:
			return b, s.in.UnreadByte()
		}
	}
}

// extent looks for the end of the object that begins here, and gives its length,
// or why it has none. A line's end inside of a text is no JSON: the quotes do not
// fit, and to look further would cost what follows.
func (s *objects) extent() (length int, reason string, err error) {
	var b braces
	for done := 0; ; {
		data, _ := s.in.Peek(max(s.in.Buffered(), 1)) // an error comes again below
		n, outcome := b.scan(data[done:])
		switch {
		case done+n > s.limit:
			return 0, tooLong(s.limit), nil
		case outcome == torn:
			return 0, "it is no JSON: a text does not end on its line", nil
		case outcome == closed:
			return done + n, "", nil
		}
		done += n
		if _, err := s.in.Peek(done + 1); errors.Is(err, io.EOF) {
			return 0, noEnd, nil
		} else if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, "", err
		}
	}
}

const noEnd = "it is no JSON: the object does not end"
