package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/valyala/fastjson"

	"warder/internal/kit/jsonerror"
	"warder/internal/stage/source/envelope"
)

// record is one record of a body.
type record struct {
	line   int
	data   []byte
	over   int    // bytes beyond the limit; then data is not meant to be kept
	cut    int    // bytes of damaged input that were let go
	reason string // why it cannot be read; empty when it can
}

// splitter takes records off a body: one a line, or the elements of an array,
// or one object over many lines. It holds one record and the reader's buffer.
type splitter struct {
	r     *bufio.Reader
	limit int
	line  int
	blank int // empty lines before the first record
	// unwrap takes an object that is too long for a record apart where it is an
	// envelope of records; wrapped is set in one.
	unwrap, wrapped bool
	mode            func(*splitter) (record, error) // nil until the first byte is seen
}

func newSplitter(body io.Reader, limit int) *splitter {
	return &splitter{r: bufio.NewReaderSize(body, limit+1), limit: limit}
}

// next returns the next record, or io.EOF after the last one.
func (s *splitter) next() (record, error) {
	if s.mode == nil {
		if err := s.choose(); err != nil {
			return record{}, err
		}
	}
	return s.mode(s)
}

// choose looks at the beginning. An object that is not whole on its first line,
// but is when the body is taken together, was printed for people.
func (s *splitter) choose() error {
	first, err := s.skipSpace()
	if err != nil {
		return err
	}
	if first == '[' {
		_, _ = s.r.Discard(1)
		s.mode = (*splitter).firstElement
		return nil
	}
	s.mode = (*splitter).nextLine
	s.line = s.blank
	if validate(s.firstLine()) == nil {
		return nil
	}
	all, err := s.r.Peek(s.limit + 1)
	// Without an end it is longer than a record may be, or broken, which reading will tell.
	if errors.Is(err, io.EOF) && validate(all) == nil {
		s.mode = (*splitter).whole
	}
	if n := envelope.Begins(all); err == nil && s.unwrap && n > 0 {
		_, _ = s.r.Discard(n)
		s.mode, s.wrapped, s.line = (*splitter).firstElement, true, 0
	}
	return nil
}

// firstLine returns what there is of the first line, without waiting for more
// than it.
func (s *splitter) firstLine() []byte {
	for n := 1; ; n++ {
		_, err := s.r.Peek(n)
		p, _ := s.r.Peek(s.r.Buffered())
		if line, _, found := bytes.Cut(p, []byte{'\n'}); found || err != nil {
			return line
		}
		n = len(p)
	}
}

func (s *splitter) whole() (record, error) {
	s.mode = (*splitter).nextLine
	data, err := io.ReadAll(s.r)
	if err != nil {
		return record{}, err
	}
	s.line++
	data = bytes.TrimSpace(data)
	return record{line: s.line, data: data, reason: unreadable(data)}, nil
}

// nextLine returns the next line that is not empty.
func (s *splitter) nextLine() (record, error) {
	for {
		data, over, err := s.readLine()
		if err != nil {
			return record{}, err
		}
		s.line++
		if over > 0 {
			return record{line: s.line, over: over}, nil
		}
		if data = bytes.TrimSpace(data); len(data) > 0 {
			return record{line: s.line, data: data, reason: unreadable(data)}, nil
		}
	}
}

// readLine reads to a line's end or the body's; of a line that is too long it
// reads past it and says by how much.
func (s *splitter) readLine() (data []byte, over int, err error) {
	chunk, err := s.r.ReadSlice('\n') // the buffer holds limit+1 bytes
	if err == nil || errors.Is(err, io.EOF) && len(chunk) > 0 {
		return bytes.Clone(bytes.TrimSuffix(chunk, []byte{'\n'})), 0, nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return nil, 0, err
	}
	over = len(chunk) - s.limit
	for {
		chunk, err = s.r.ReadSlice('\n')
		over += len(bytes.TrimSuffix(chunk, []byte{'\n'}))
		if err == nil || errors.Is(err, io.EOF) {
			return nil, over, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, 0, err
		}
	}
}

// deepest is how deep the normaliser reads.
const deepest = fastjson.MaxDepth

var errDeep = fmt.Errorf("it is nested more than %d deep", deepest)

// validate tells whether a text is JSON. Depth is looked at first, for the library
// names every list around a fault: of a million it would make a million messages.
func validate(data []byte) error {
	var e extent
	for _, b := range data {
		if e.ends(b); e.depth > deepest {
			return errDeep
		}
	}
	return fastjson.ValidateBytes(data)
}

// unreadable says why a record cannot be read, or nothing.
func unreadable(data []byte) string {
	if err := validate(data); err != nil {
		if bytes.Contains(data, []byte("}{")) || bytes.Contains(data, []byte("} {")) {
			return "more than one object stands on the line; put each on a line of its own (curl: use --data-binary, not --data)"
		}
		return "it is no JSON: " + jsonerror.Brief(err)
	}
	if data[0] != '{' {
		return "it is JSON, but no object"
	}
	return ""
}

func (s *splitter) skipSpace() (byte, error) {
	for {
		b, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case '\n':
			s.blank++
		case ' ', '\t', '\r':
		default:
			return b, s.r.UnreadByte()
		}
	}
}
