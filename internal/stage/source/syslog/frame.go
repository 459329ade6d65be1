package syslog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Frame is one message as it was framed on a stream.
type Frame struct {
	Data      []byte // without framing; the caller may keep it
	Truncated int    // bytes beyond the limit, which were read and let go
	Refused   string // why the message is not whole or cannot be trusted
}

// Reader takes messages off a stream with either framing of RFC 6587, decided
// for each message: octet counting ("LEN SP MSG", section 3.4.1, the only one of
// RFC 5425) or a terminator (section 3.4.2: LF, and NUL as some firewalls send).
// It holds at most limit bytes of one message.
type Reader struct {
	r     *bufio.Reader
	limit int
	// counted is set by the first message with a count. From then on a number
	// and a space at the start are a count, whatever follows them.
	counted bool
	// began is called at the first byte of each message.
	began func()
}

const (
	bufferSize = 64 << 10
	// mostDigits and mostCount bound a count: what is beyond them is no length
	// but a stream that lost its framing.
	mostDigits = 9
	mostCount  = 64 << 20
)

// errFraming ends a connection whose framing is lost: what follows cannot be
// told from the middle of a message.
var errFraming = errors.New("the framing of the stream is lost")

// NewReader returns a reader of messages of at most limit bytes; began, if not
// nil, is called at the first byte of each.
func NewReader(r io.Reader, limit int, began func()) *Reader {
	if began == nil {
		began = func() {}
	}
	return &Reader{r: bufio.NewReaderSize(r, bufferSize), limit: limit, began: began}
}

// Buffered is how many bytes are there already.
func (r *Reader) Buffered() int { return r.r.Buffered() }

// Whole tells whether a whole message is there already, so that Next does not
// wait for the sender. It may say no where there is one.
func (r *Reader) Whole() bool {
	p, _ := r.r.Peek(r.r.Buffered()) // what is buffered can be had
	p = bytes.TrimLeft(p, "\r\n\x00")
	n, digits := 0, 0
	for digits < min(len(p), mostDigits) && p[digits] >= '0' && p[digits] <= '9' {
		n = n*10 + int(p[digits]-'0')
		digits++
	}
	if digits > 0 { // perhaps a count; if it is none, waiting for more costs nothing
		return len(p) > digits+n
	}
	return bytes.IndexByte(p, '\n') >= 0 || bytes.IndexByte(p, 0) >= 0
}

// Next returns the next message. A frame may come together with an error: then
// it is the last, and what could be read of it.
func (r *Reader) Next() (Frame, error) {
	if err := r.skipBetween(); err != nil {
		return Frame{}, err
	}
	r.began()
	n, head, err := r.count()
	switch {
	case errors.Is(err, errFraming):
		return r.lost(head), err
	case err != nil && !errors.Is(err, io.EOF):
		return r.cut(head, err), err
	case n > 0:
		r.counted = true
		if _, err := r.r.Discard(head); err != nil {
			return Frame{}, err
		}
		return r.takeCounted(n)
	}
	return r.takeLine()
}

// skipBetween passes over terminators that senders put after counted messages,
// and over empty lines.
func (r *Reader) skipBetween() error {
	for {
		b, err := r.r.ReadByte()
		if err != nil {
			return err
		}
		if b != '\n' && b != '\r' && b != 0 {
			return r.r.UnreadByte()
		}
	}
}

// count looks for "LEN SP" without taking it; head is its length in bytes. n is
// 0 when the message is not counted.
func (r *Reader) count() (n, head int, err error) {
	for head = 1; head <= mostDigits+1; head++ {
		p, err := r.r.Peek(head)
		if err != nil {
			return 0, head - 1, err
		}
		b := p[head-1]
		switch {
		case b >= '0' && b <= '9' && (head > 1 || b != '0'):
			n = n*10 + int(b-'0')
		case b == ' ' && head > 1:
			return r.believe(n, head)
		default:
			return 0, head, nil
		}
	}
	if r.counted {
		return 0, head - 1, fmt.Errorf("a count of more than %d digits: %w", mostDigits, errFraming)
	}
	return 0, head - 1, nil
}

// believe decides whether a number and a space are a count. On a stream that
// did not count so far, "30 users" may be the text of a bare line; a counted
// message starts with its priority (RFC 5424 section 6).
func (r *Reader) believe(n, head int) (int, int, error) {
	if n > mostCount {
		if r.counted {
			return 0, head, fmt.Errorf("a count of %d bytes: %w", n, errFraming)
		}
		return 0, head, nil
	}
	if r.counted {
		return n, head, nil
	}
	p, err := r.r.Peek(head + 1)
	if err != nil {
		return 0, head, err
	}
	if p[head] == '<' {
		return n, head, nil
	}
	return 0, head, nil
}

func (r *Reader) takeCounted(n int) (Frame, error) {
	f := Frame{Data: make([]byte, 0, min(n, r.limit, bufferSize)), Truncated: max(0, n-r.limit)}
	left := min(n, r.limit)
	for left > 0 {
		// Grown by what arrives, not by what was announced: a count costs nothing.
		chunk, err := r.peekSome(left)
		f.Data = append(f.Data, chunk...)
		left -= len(chunk)
		_, _ = r.r.Discard(len(chunk)) // what was peeked is there
		if err != nil && left > 0 {
			f.Truncated = 0
			f.Refused = fmt.Sprintf("the connection ended after %d of %d bytes", len(f.Data), n)
			return f, noEOF(err)
		}
	}
	if d, err := r.r.Discard(f.Truncated); err != nil {
		f.Truncated = d
		f.Refused = fmt.Sprintf("the connection ended after %d of %d bytes", len(f.Data)+d, n)
		return f, noEOF(err)
	}
	return f, nil
}

// peekSome returns at least one byte and at most n, waiting if it must.
func (r *Reader) peekSome(n int) ([]byte, error) {
	if _, err := r.r.Peek(1); err != nil {
		return nil, err
	}
	return r.r.Peek(min(n, r.r.Buffered()))
}

// takeLine reads to the next LF or NUL, or to the end of the stream.
func (r *Reader) takeLine() (Frame, error) {
	var f Frame
	for {
		chunk, err := r.peekSome(bufferSize)
		if err != nil {
			if errors.Is(err, io.EOF) {
				return f, nil // senders end the last line by closing
			}
			f.Refused = "the connection ended in the middle of the line"
			return f, err
		}
		end := bytes.IndexAny(chunk, "\n\x00")
		take := chunk
		if end >= 0 {
			take = chunk[:end]
		}
		room := r.limit - len(f.Data)
		f.Data = append(f.Data, take[:min(room, len(take))]...)
		f.Truncated += max(0, len(take)-room)
		if end >= 0 {
			_, _ = r.r.Discard(end + 1)
			if f.Truncated == 0 && len(f.Data) > 0 {
				f.Data = bytes.TrimSuffix(f.Data, []byte{'\r'}) // CR LF is one terminator
			}
			return f, nil
		}
		_, _ = r.r.Discard(len(chunk))
	}
}

// lost keeps what stands where a count should be, so that a person can see it.
func (r *Reader) lost(head int) Frame {
	p, _ := r.r.Peek(min(max(head, r.r.Buffered()), r.limit, 1024))
	return Frame{Data: bytes.Clone(p), Refused: errFraming.Error()}
}

// cut keeps the beginning of a message that never came.
func (r *Reader) cut(head int, err error) Frame {
	p, _ := r.r.Peek(head)
	return Frame{Data: bytes.Clone(p), Refused: "the message was not finished: " + err.Error()}
}

// noEOF tells the end of a stream in the middle of a message from its proper end.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
