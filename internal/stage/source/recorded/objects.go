package recorded

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"warder/internal/flow"
)

// objects takes JSON objects off a text in which they stand one a line, in an
// array or one behind the other. What is no object costs its line.
func (l *log) objects(in *bufio.Reader, format Format) error {
	s := objects{in: in, limit: l.o.Limit, line: 1}
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
			err = l.give(at, object(data, format, zeek))
		}
		if err != nil {
			return err
		}
	}
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
	in    *bufio.Reader
	limit int
	line  int
}

// next returns the next object, and the line that it begins on; or what is none,
// with the reason.
func (s *objects) next() (at int, data []byte, reason string, err error) {
	first, err := s.skip()
	if err != nil {
		return s.line, nil, "", err
	}
	at = s.line
	if first != '{' {
		data, err := s.dropLine()
		return at, data, "it is no JSON object", err
	}
	n, reason, err := s.extent()
	if err != nil {
		return at, nil, "", err
	}
	if reason != "" {
		data, err := s.dropLine()
		return at, data, reason, err
	}
	data = make([]byte, n)
	if _, err := io.ReadFull(s.in, data); err != nil {
		return at, nil, "", err
	}
	s.line += bytes.Count(data, []byte{'\n'})
	return at, data, "", nil
}

// skip passes over what stands between objects.
func (s *objects) skip() (byte, error) {
	for {
		b, err := s.in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case '\n':
			s.line++
		case ' ', '\t', '\r', ',', '[', ']', 0x1e: // the last is what RFC 7464 divides by
		default:
			return b, s.in.UnreadByte()
		}
	}
}

// extent looks for the end of the object that begins here, and gives its length,
// or why it has none. A line's end inside of a text is no JSON: the quotes do not
// fit, and to look further would cost what follows.
func (s *objects) extent() (length int, reason string, err error) {
	depth, text, escaped := 0, false, false
	for done := 0; ; {
		data, _ := s.in.Peek(max(s.in.Buffered(), 1)) // an error comes again below
		for i, b := range data[done:] {
			switch {
			case escaped:
				escaped = false
			case text && b == '\\':
				escaped = true
			case text && b == '\n':
				return 0, "it is no JSON: a text does not end on its line", nil
			case b == '"':
				text = !text
			case text:
			case b == '{':
				depth++
			case b == '}':
				if depth--; depth > 0 {
					break
				}
				if length = done + i + 1; length > s.limit {
					return 0, tooLong(s.limit), nil
				}
				return length, "", nil
			}
		}
		done = len(data)
		if done > s.limit {
			return 0, tooLong(s.limit), nil
		}
		if _, err := s.in.Peek(done + 1); errors.Is(err, io.EOF) {
			return 0, "it is no JSON: the object does not end", nil
		} else if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, "", err
		}
	}
}

// dropLine takes off what cannot be read: the line, and those behind it on which
// no object begins.
func (s *objects) dropLine() ([]byte, error) {
	line, whole, err := nextLine(s.in)
	s.line++
	if len(line) > s.limit {
		line = line[:s.limit]
	}
	for err == nil {
		next, peekErr := s.in.Peek(1)
		if peekErr != nil || whole && (next[0] == '{' || next[0] == '[' || next[0] == '\n') {
			break
		}
		if _, whole, err = nextLine(s.in); err == nil {
			s.line++
		}
	}
	if errors.Is(err, io.EOF) && line != nil {
		err = nil
	}
	return line, err
}
