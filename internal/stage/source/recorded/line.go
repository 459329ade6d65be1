package recorded

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// nextLine takes the next line off, without its end; the bytes are the caller's.
// Of a line that does not fit into the buffer it returns the beginning, not whole,
// and passes over the rest.
func nextLine(in *bufio.Reader) (line []byte, whole bool, err error) {
	piece, err := in.ReadSlice('\n')
	line = bytes.Clone(bytes.TrimRight(piece, "\r\n"))
	if err == nil || errors.Is(err, io.EOF) && len(piece) > 0 {
		return line, true, nil
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	if len(line) > 0 && (err == nil || errors.Is(err, io.EOF)) {
		return line, false, nil
	}
	return nil, false, err
}

// peekMost is how much of a file's beginning tells its format.
const peekMost = 16 << 10

// peek returns the beginning of a file, and passes over the mark of UTF-8.
func peek(in *bufio.Reader) ([]byte, error) {
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	head, err := in.Peek(min(peekMost, in.Size()))
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	return head, nil
}
