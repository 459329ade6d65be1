package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"

	"warder/internal/flow"
)

// Bounds of what one look at a file takes in.
const (
	chunkBytes = 1 << 20
	chunkLines = 512
)

// advance takes in a file's next lines, and tells whether it may hold more.
func (f *Follower) advance(ctx context.Context, t *tail) (more bool, err error) {
	size, err := t.check()
	if err != nil {
		return false, err
	}
	if size == t.offset+t.scanned {
		return false, f.retire(ctx, t)
	}
	t.grew = f.now()
	if t.saved.Generation != t.generation {
		// Lines are named by the generation, so it must outlive a crash before they do.
		if err := f.save(ctx, true); err != nil {
			return false, err
		}
	}
	lines, end, err := t.read(size, f.in.Limit())
	if errors.Is(err, errAnew) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", t.path, err)
	}
	if err := f.accept(ctx, t, lines, end); err != nil {
		return false, err
	}
	return t.offset+t.scanned < size, nil
}

// accept makes lines durable and moves on behind them.
func (f *Follower) accept(ctx context.Context, t *tail, lines []line, end int64) error {
	if len(lines) > 0 {
		if err := f.in.Accept(ctx, f.records(t, lines)...); err != nil {
			return fmt.Errorf("take in lines of %s: %w", t.path, err)
		}
		f.unsaved += len(lines)
	}
	if end > t.offset {
		t.offset, t.scanned = end, 0
	}
	return t.learn()
}

func (f *Follower) records(t *tail, lines []line) []flow.Raw {
	recs := make([]flow.Raw, len(lines))
	for i, l := range lines {
		recs[i] = flow.Raw{
			Format: f.o.Format, Channel: t.path, Data: l.data, Truncated: l.cut,
			Key: t.key(l),
		}
	}
	return recs
}

// key names a line: the file's generation, the offset, and its text, because a
// file that was truncated while the program did not run may look like the old one.
func (t *tail) key(l line) string {
	h := fnv.New64a()
	_, _ = h.Write(l.data) // never fails (hash.Hash)
	return t.generation + "/" + strconv.FormatInt(l.at, 10) + "/" + strconv.FormatUint(h.Sum64(), 16)
}

// retire lets go of a file that was rotated away and does not grow any more. A
// last line without its end is a record then.
func (f *Follower) retire(ctx context.Context, t *tail) error {
	if t.listed {
		return nil
	}
	if f.now().Sub(t.grew) < f.o.Linger {
		return nil
	}
	if t.scanned > 0 {
		l, end, err := t.last(f.in.Limit())
		if errors.Is(err, errAnew) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the end of %s: %w", t.path, err)
		}
		if err := f.accept(ctx, t, []line{l}, end); err != nil {
			return err
		}
	}
	delete(f.tails, t.identity)
	f.gone = append(f.gone, t.identity)
	return t.file.Close()
}

// line is one line of a file, without its end.
type line struct {
	at   int64
	data []byte
	cut  int // bytes beyond the limit
}

// read returns whole lines behind the cursor, and where they end. A line that
// has no end yet is only looked over, so that it is not read again and again.
func (t *tail) read(size int64, limit int) (lines []line, end int64, err error) {
	if t.scanned > 0 {
		return t.finish(size, limit)
	}
	buf, err := t.behind(min(chunkBytes, size-t.offset))
	if err != nil {
		return nil, 0, err
	}
	end = t.offset
	for len(buf) > 0 && len(lines) < chunkLines {
		text, rest, whole := bytes.Cut(buf, []byte{'\n'})
		if !whole {
			if len(lines) == 0 {
				t.scanned = int64(len(buf))
			}
			break
		}
		lines = t.add(lines, end, text, limit)
		end += int64(len(text)) + 1
		buf = rest
	}
	return lines, end, nil
}

// finish looks for the end of a line of which scanned bytes hold none.
func (t *tail) finish(size int64, limit int) ([]line, int64, error) {
	buf := make([]byte, min(chunkBytes, size-t.offset-t.scanned))
	n, err := t.file.ReadAt(buf, t.offset+t.scanned)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	at := bytes.IndexByte(buf[:n], '\n')
	if at < 0 {
		t.scanned += int64(n)
		return nil, t.offset, nil
	}
	length := t.scanned + int64(at)
	text, err := t.text(length, limit)
	if err != nil {
		return nil, 0, err
	}
	lines := t.add(nil, t.offset, text, limit)
	if len(lines) > 0 {
		lines[0].cut += int(length) - len(text)
	}
	return lines, t.offset + length + 1, nil
}

// last returns the line that has no end and will get none.
func (t *tail) last(limit int) (line, int64, error) {
	text, err := t.text(t.scanned, limit)
	if err != nil {
		return line{}, 0, err
	}
	return line{at: t.offset, data: text, cut: int(t.scanned) - len(text)}, t.offset + t.scanned, nil
}

// text reads the first bytes of the line at the cursor, no more than the limit.
func (t *tail) text(length int64, limit int) ([]byte, error) {
	return t.behind(min(length, int64(limit)))
}

// behind reads up to n bytes behind the cursor. Nothing comes when the byte
// before it is no line's end any more: the file was written anew since it was
// checked, and what stands there is the middle of something else. The next check
// sees that too. One read tells both, so nothing that was read is thrown away.
func (t *tail) behind(n int64) ([]byte, error) {
	before := min(t.offset, 1)
	buf := make([]byte, before+n)
	got, err := t.file.ReadAt(buf, t.offset-before)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if before == 1 && (got == 0 || buf[0] != '\n') {
		return nil, errAnew
	}
	return buf[before:got], nil
}

// errAnew says that a file was written anew under the follower's hands.
var errAnew = errors.New("the file was written anew")

// add appends a line unless it is empty.
func (t *tail) add(lines []line, at int64, text []byte, limit int) []line {
	text = bytes.TrimSuffix(text, []byte{'\r'})
	if len(text) == 0 {
		return lines
	}
	cut := max(0, len(text)-limit)
	return append(lines, line{at: at, data: bytes.Clone(text[:len(text)-cut]), cut: cut})
}
