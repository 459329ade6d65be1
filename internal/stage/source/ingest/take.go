package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/stage/source"
	"warder/internal/stage/source/envelope"
)

// Bounds of a chunk: what a request holds in memory before it waits for the log.
const (
	chunkRecords = 512
	chunkBytes   = 1 << 20
)

// take is one request at work.
type take struct {
	in       *source.Inlet
	patience time.Duration
	proto    flow.Raw
	key      string
	answer   Answer

	chunk []flow.Raw
	bytes int
}

// all takes every record of the body, chunk by chunk.
func (t *take) all(ctx context.Context, body io.Reader) error {
	s := newSplitter(body, t.in.Limit())
	s.unwrap = t.proto.Format == flow.FormatJSON
	oversize, some := 0, false
	for {
		rec, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(t.flush(ctx), broken(err))
		}
		some = true
		if rec.over > 0 {
			oversize++
			t.refuse(rec.line, fmt.Sprintf("the record has %d bytes; at most %d", t.in.Limit()+rec.over, t.in.Limit()))
			continue
		}
		if len(rec.data) == 0 { // there is nothing to keep
			t.refuse(rec.line, rec.reason)
			continue
		}
		if err := t.addAll(ctx, rec); err != nil {
			return err
		}
	}
	if !some {
		return fault.New(fault.Invalid, "the body holds no record; send JSON lines, an array of objects, or one object")
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	if oversize > 0 && t.answer.Accepted == 0 {
		return fault.New(fault.TooLarge, "no record was accepted: each has more than %d bytes, the most that one may have", t.in.Limit())
	}
	return nil
}

func (t *take) refuse(line int, reason string) {
	t.in.Refused(1)
	t.answer.refuse(line, reason)
}

// addAll adds a record, or those that it is the envelope of.
func (t *take) addAll(ctx context.Context, rec record) error {
	name := strconv.Itoa(rec.line)
	if rec.reason == "" && t.proto.Format == flow.FormatJSON {
		if inside := envelope.Open(rec.data); len(inside) > 0 {
			for i, e := range inside {
				if err := t.add(ctx, record{line: rec.line, data: e.Data}, name+"."+strconv.Itoa(i+1)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return t.add(ctx, rec, name)
}

// add adds a record under its name within the request.
func (t *take) add(ctx context.Context, rec record, name string) error {
	raw := t.proto
	raw.Data, raw.Truncated = rec.data, rec.cut
	if t.key != "" {
		raw.Key = t.key + "/" + name
	}
	if rec.reason != "" {
		raw.Refused = rec.reason
		t.answer.unreadable(rec.line, rec.reason)
	}
	t.chunk = append(t.chunk, raw)
	t.bytes += len(raw.Data)
	if len(t.chunk) < chunkRecords && t.bytes < chunkBytes {
		return nil
	}
	return t.flush(ctx)
}

// flush returns after the chunk is durable.
func (t *take) flush(ctx context.Context) error {
	if len(t.chunk) == 0 {
		return nil
	}
	n := len(t.chunk)
	done := make(chan error, 1)
	room, cancel := wait(ctx, t.patience)
	defer cancel()
	if err := t.in.Submit(room, func(err error) { done <- err }, t.chunk...); err != nil {
		if context.Cause(room) != nil {
			return context.Cause(room)
		}
		return err
	}
	t.chunk, t.bytes = nil, 0
	select {
	case err := <-done:
		if err == nil {
			t.answer.Accepted += n
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// broken gives an error of the body a sentence.
func broken(err error) error {
	if fault.KindOf(err) != fault.Internal || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fault.New(fault.Invalid, "the body could not be read to its end: %w", err)
}
