package follow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"warder/internal/kit/id"
	"warder/internal/stage/source"
)

// tail is one open file.
type tail struct {
	file     *os.File
	identity string
	path     string // where it was seen last
	listed   bool   // it still stands where the configuration looks
	grew     time.Time

	offset     int64  // behind the last line that is durable
	generation string // new whenever the file begins anew
	head       string
	headLen    int64
	saved      source.FileCursor

	// What is known of the line that begins at offset and has no end yet: scanned
	// bytes of it were looked at and hold none.
	scanned int64
}

// headBytes are hashed to tell a file from another with the same identity, and
// from itself after it was truncated and written anew.
const headBytes = 256

func (t *tail) cursor() source.FileCursor {
	return source.FileCursor{
		Identity: t.identity, Generation: t.generation, Path: t.path, Offset: t.offset, Head: t.head, HeadLen: t.headLen,
	}
}

// hashHead hashes the first n bytes; nothing has no hash.
func hashHead(f io.ReaderAt, n int64) (string, error) {
	if n == 0 {
		return "", nil
	}
	buf := make([]byte, n)
	if _, err := f.ReadAt(buf, 0); err != nil {
		return "", err
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:16]), nil
}

// sameContent tells whether the file is still the one that the cursor was made
// for: not shorter, with the same beginning, and a line's end before the cursor.
func sameContent(f io.ReaderAt, size int64, c source.FileCursor) (bool, error) {
	if size < c.Offset || size < c.HeadLen {
		return false, nil
	}
	if c.Offset > 0 {
		var end [1]byte
		if _, err := f.ReadAt(end[:], c.Offset-1); err != nil || end[0] != '\n' {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return false, err
		}
	}
	got, err := hashHead(f, c.HeadLen)
	if errors.Is(err, io.EOF) { // truncated since its size was asked
		return false, nil
	}
	return got == c.Head, err
}

// check starts again at the beginning when the file was truncated, and learns
// its head while it is short. It returns the file's size.
func (t *tail) check() (int64, error) {
	info, err := t.file.Stat()
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", t.path, err)
	}
	size := info.Size()
	same, err := sameContent(t.file, size, t.cursor())
	if err != nil {
		return 0, fmt.Errorf("read the beginning of %s: %w", t.path, err)
	}
	if !same {
		t.offset, t.scanned, t.head, t.headLen, t.generation = 0, 0, "", 0, id.New()
	}
	if size < t.offset+t.scanned { // the beginning of a line was taken back
		t.scanned = 0
	}
	return size, nil
}

// learn hashes as much of the head as was taken in, up to headBytes. What is not
// taken in yet must not be part of it: a writer may still change its mind.
func (t *tail) learn() error {
	n := min(t.offset, headBytes)
	if n == t.headLen {
		return nil
	}
	head, err := hashHead(t.file, n)
	if err != nil {
		return fmt.Errorf("read the beginning of %s: %w", t.path, err)
	}
	t.head, t.headLen = head, n
	return nil
}

func openTail(path string) (*tail, os.FileInfo, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return &tail{file: file, identity: identityOf(path, info), generation: id.New(), path: path, listed: true}, info, nil
}

// skipToEnd moves behind the last whole line.
func (t *tail) skipToEnd(size int64) error {
	buf := make([]byte, min(size, chunkBytes))
	n, err := t.file.ReadAt(buf, size-int64(len(buf)))
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("find the end of %s: %w", t.path, err)
	}
	t.offset = size - int64(len(buf)) + int64(bytes.LastIndexByte(buf[:n], '\n')+1)
	return t.learn()
}
