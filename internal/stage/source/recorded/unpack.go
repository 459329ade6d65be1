package recorded

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// Bounds of unpacking in bytes.
const (
	readAhead = 64 << 10
	mostZstd  = 64 << 20
)

// unpack reads gzip and Zstandard, known by their first bytes, and text of UTF-16.
// done lets go of what unpacking needs.
func unpack(in io.Reader) (out io.Reader, done func(), err error) {
	buffered := bufio.NewReaderSize(in, readAhead)
	done = func() {}
	head, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, nil, fmt.Errorf("unpack gzip: %w", err)
		}
		return wide(z), done, nil
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostZstd))
		if err != nil {
			return nil, nil, fmt.Errorf("unpack Zstandard: %w", err)
		}
		return wide(z), z.Close, nil
	}
	return wide(buffered), done, nil
}

// wide reads UTF-16, which exports of Windows are often written in, when the text
// begins with its mark.
func wide(in io.Reader) io.Reader {
	buffered := bufio.NewReaderSize(in, readAhead)
	head, _ := buffered.Peek(2) // an error comes again with the first read
	if string(head) == "\xff\xfe" || string(head) == "\xfe\xff" {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(buffered)
	}
	return buffered
}

// metered tells how much is read.
type metered struct {
	io.Reader
	read func(int)
}

func (m metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if m.read != nil {
		m.read(n)
	}
	return n, err
}
