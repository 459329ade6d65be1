package recorded

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// nextLine takes the next line off, without its end; the bytes are the caller's.
// Of a line longer than the limit it returns that much, not whole. Either way the
// line is gone, whatever the size of the buffer.
func nextLine(in *bufio.Reader, limit int) (line []byte, whole bool, err error) {
	const end = len("\r\n")
	length := 0
	for err = bufio.ErrBufferFull; errors.Is(err, bufio.ErrBufferFull); {
		var piece []byte
		piece, err = in.ReadSlice('\n')
		length += len(piece)
		line = append(line, piece[:min(len(piece), limit+end-len(line))]...)
	}
	if err != nil && (!errors.Is(err, io.EOF) || length == 0) {
		return nil, false, err
	}
	whole = length == len(line)
	line = bytes.TrimRight(line, "\r\n")
	return line[:min(len(line), limit)], whole && len(line) <= limit, nil
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
