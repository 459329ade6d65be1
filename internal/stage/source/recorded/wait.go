package recorded

import (
	"context"
	"io"
	"os"
)

// A pipe may be what is meant, as a shell's <(...) is, but to open one waits for
// who writes to it, and to read it for what is written: no context ends that. So
// what is no regular file is waited for beside, and left waiting when ctx ends.

// openFile opens a file for reading.
func openFile(ctx context.Context, path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return os.Open(path)
	}
	var f *os.File
	if waitErr := wait(ctx, func() { f, err = os.Open(path) }); waitErr != nil {
		return nil, waitErr
	}
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{&waiting{ctx: ctx, in: f}, f}, nil
}

func (l *log) stdin() io.Reader { return &waiting{ctx: l.ctx, in: l.o.Stdin} }

// waiting reads what may let wait for ever.
type waiting struct {
	ctx context.Context
	in  io.Reader
	own []byte // what is read into, as an abandoned reading may still write there
}

func (w *waiting) Read(p []byte) (int, error) {
	if len(w.own) < len(p) {
		w.own = make([]byte, len(p))
	}
	own := w.own[:len(p)]
	var n int
	var err error
	if waitErr := wait(w.ctx, func() { n, err = w.in.Read(own) }); waitErr != nil {
		return 0, waitErr
	}
	return copy(p, own[:n]), err
}

// wait waits for what is done beside, or for the end of ctx; then what it was to
// set is not to be looked at.
func wait(ctx context.Context, do func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
