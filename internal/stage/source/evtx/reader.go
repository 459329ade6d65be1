package evtx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// Sizes of the format in bytes.
const (
	fileHeaderSize  = 4096
	chunkSize       = 64 << 10
	chunkHeaderSize = 512
	recordHeadSize  = 24 // signature, size, id, time
	leastRecord     = recordHeadSize + 4
)

// Magic is how every file begins.
const Magic = "ElfFile\x00"

const (
	chunkMagic  = "ElfChnk\x00"
	recordMagic = "**\x00\x00"
)

// ErrNoLog says that a file is no event log at all.
var ErrNoLog = errors.New("not a Windows event log: the file does not begin with ElfFile")

// Record is one event of a log.
type Record struct {
	ID      uint64
	Written time.Time      // by the logging computer's clock; zero when it is not said
	Event   map[string]any // {"Event": {...}}; nil when Err is set
	Err     error          // why this one record cannot be read
}

// Damage counts what had to be passed over.
type Damage struct {
	Chunks  int // blocks of 64 KiB in which nothing could be found
	Records int // places in chunks where a record should be and is none
}

// Reader reads the records of one file. One goroutine uses it.
type Reader struct {
	in     io.Reader
	chunk  *chunk
	number int // of the chunk, from 1
	damage Damage
	ended  bool
}

// NewReader reads the head of a file. It fails with ErrNoLog when that is none.
func NewReader(in io.Reader) (*Reader, error) {
	head := make([]byte, fileHeaderSize)
	if _, err := io.ReadFull(in, head[:128]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, ErrNoLog
	} else if err != nil {
		return nil, fmt.Errorf("read the head of an event log: %w", err)
	}
	if string(head[:len(Magic)]) != Magic {
		return nil, ErrNoLog
	}
	rest := int(binary.LittleEndian.Uint16(head[40:])) - 128 // the header's own size: 4096
	if rest < 0 || rest > fileHeaderSize-128 {
		rest = fileHeaderSize - 128
	}
	r := &Reader{in: in}
	if _, err := io.ReadFull(in, head[128:128+rest]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.ended = true // a log without a chunk
	} else if err != nil {
		return nil, fmt.Errorf("read the head of an event log: %w", err)
	}
	return r, nil
}

// Next returns the next record, or io.EOF after the last one. Any other error is
// one of reading the file.
func (r *Reader) Next() (Record, error) {
	for {
		if r.chunk != nil {
			if rec, ok := r.chunk.next(&r.damage); ok {
				return rec, nil
			}
		}
		if r.ended {
			return Record{}, io.EOF
		}
		if err := r.nextChunk(); err != nil {
			return Record{}, err
		}
	}
}

// Damage says what was passed over so far.
func (r *Reader) Damage() Damage { return r.damage }

// nextChunk reads one block. The number of chunks in the file's head is not
// asked: it is wrong in a log that was copied while Windows wrote it.
func (r *Reader) nextChunk() error {
	block := make([]byte, chunkSize)
	n, err := io.ReadFull(r.in, block)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.ended, err = true, nil
	}
	if err != nil {
		return fmt.Errorf("read chunk %d of an event log: %w", r.number+1, err)
	}
	r.chunk = nil
	r.number++
	if n == 0 || empty(block[:n]) {
		return nil // space that Windows keeps ready
	}
	if n < chunkHeaderSize || string(block[:len(chunkMagic)]) != chunkMagic {
		r.damage.Chunks++
		return nil
	}
	if n < chunkSize {
		r.damage.Chunks++ // cut off; what is there is read
	}
	r.chunk = newChunk(block[:n])
	return nil
}

func empty(block []byte) bool {
	for _, b := range block {
		if b != 0 {
			return false
		}
	}
	return true
}
