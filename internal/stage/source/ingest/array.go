package ingest

import (
	"bytes"
	"errors"
	"io"

	"warder/internal/stage/source/envelope"
)

// firstElement is nextElement without the comma before it.
func (s *splitter) firstElement() (record, error) {
	b, err := s.skipSpace()
	if err != nil {
		return s.tornArray(err)
	}
	s.mode = (*splitter).nextElement
	if b == ']' {
		return s.closed()
	}
	return s.element()
}

// nextElement returns the next element of an array of which at least one was read.
func (s *splitter) nextElement() (record, error) {
	b, err := s.skipSpace()
	if err != nil {
		return s.tornArray(err)
	}
	switch b {
	case ']':
		return s.closed()
	case ',':
		_, _ = s.r.Discard(1)
		if _, err := s.skipSpace(); err != nil {
			return s.tornArray(err)
		}
		return s.element()
	}
	return s.rest("the elements of the array are not divided by commas")
}

// tornArray ends an array that ends before its bracket; every element so far is good.
func (s *splitter) tornArray(err error) (record, error) {
	if !errors.Is(err, io.EOF) {
		return record{}, err
	}
	s.mode = (*splitter).end
	s.line++
	return record{line: s.line, data: []byte{}, reason: "the array ends without its bracket"}, nil
}

// closed takes the bracket and whatever follows it.
func (s *splitter) closed() (record, error) {
	_, _ = s.r.Discard(1)
	if s.wrapped {
		s.wrapped, s.mode = false, (*splitter).behind
		if rec, err := s.closeEnvelope(); err != nil || rec.reason != "" {
			return rec, err
		}
	}
	return s.behind()
}

// behind ends the body, or keeps what follows its array.
func (s *splitter) behind() (record, error) {
	if _, err := s.skipSpace(); err != nil {
		return record{}, err
	}
	return s.rest("something follows the array")
}

// closeEnvelope passes over the paging behind the records. What is more than
// that belongs to none of them, and is kept by itself.
func (s *splitter) closeEnvelope() (record, error) {
	var tail []byte
	n := 0
	for e := (extent{depth: 1}); e.depth > 0; {
		b, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(tail)) > 0 {
			break
		}
		if err != nil {
			return s.tornArray(err)
		}
		e.ends(b)
		if n++; n <= s.limit {
			tail = append(tail, b)
		}
	}
	if n == len(tail) && envelope.Ends(tail) {
		return record{}, nil
	}
	s.line++
	return record{line: s.line, data: tail, cut: n - len(tail), reason: envelope.Beside}, nil
}

func (s *splitter) end() (record, error) { return record{}, io.EOF }

// rest keeps what cannot be divided into records any more as one.
func (s *splitter) rest(reason string) (record, error) {
	s.mode = (*splitter).end
	s.line++
	data, err := io.ReadAll(io.LimitReader(s.r, int64(s.limit)))
	if err != nil {
		return record{}, err
	}
	cut, err := io.Copy(io.Discard, s.r)
	if err != nil {
		return record{}, err
	}
	return record{line: s.line, data: data, cut: int(cut), reason: reason}, nil
}

// element reads one value by the depth of its brackets; whether it is valid
// inside is looked at afterwards, when its end is known.
func (s *splitter) element() (record, error) {
	s.line++
	var e extent
	var buf bytes.Buffer
	n := 0
	for {
		b, err := s.r.ReadByte()
		if err != nil {
			return s.tornElement(buf.Bytes(), n, err)
		}
		if e.ends(b) {
			if err := s.r.UnreadByte(); err != nil {
				return record{}, err
			}
			break
		}
		if n++; n <= s.limit {
			buf.WriteByte(b)
		}
	}
	if n > s.limit {
		return record{line: s.line, over: n - s.limit}, nil
	}
	data := bytes.TrimSpace(buf.Bytes())
	if len(data) == 0 {
		return record{line: s.line, data: []byte{}, reason: "an element of the array is empty"}, nil
	}
	return record{line: s.line, data: data, reason: unreadable(data)}, nil
}

func (s *splitter) tornElement(data []byte, n int, err error) (record, error) {
	if !errors.Is(err, io.EOF) {
		return record{}, err
	}
	s.mode = (*splitter).end
	return record{line: s.line, data: data, cut: n - len(data), reason: "the body ends in the middle of an element"}, nil
}

// extent follows a value's brackets and strings.
type extent struct {
	depth   int
	text    bool
	escaped bool
}

// ends tells whether b stands behind the value: a comma or bracket of the array.
func (e *extent) ends(b byte) bool {
	switch {
	case e.escaped:
		e.escaped = false
	case e.text && b == '\\':
		e.escaped = true
	case b == '"':
		e.text = !e.text
	case e.text:
	case b == '{' || b == '[':
		e.depth++
	case e.depth == 0 && (b == ',' || b == ']'):
		return true
	case b == '}' || b == ']':
		e.depth--
	}
	return false
}
