//go:build unix

package recorded

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPipeIsReadToItsEnd(t *testing.T) {
	path := pipe(t)
	wrote := make(chan error, 1)
	go func() { wrote <- os.WriteFile(path, []byte("{\"a\":1}\n{\"a\":2}\n"), 0o600) }()
	n := 0
	err := Read(t.Context(), Files([]string{path}), Options{}, func(r Record) error {
		if r.Raw.Refused != "" {
			t.Error(r.Raw.Refused)
		}
		n++
		return nil
	})
	if err := errors.Join(err, <-wrote); err != nil || n != 2 {
		t.Errorf("%d records, %v", n, err)
	}
}

// TestWaitingEndsWithTheContext waits for a writer, for more of what one began,
// and for standard input, and is called off.
func TestWaitingEndsWithTheContext(t *testing.T) {
	begun := pipe(t)
	began, err := os.OpenFile(begun, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer began.Close()
	if _, err := began.WriteString("{\"a\":1}\n"); err != nil {
		t.Fatal(err)
	}
	silent, writer := io.Pipe()
	defer writer.Close()
	for _, path := range []string{pipe(t), begun, "-"} {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- Read(ctx, Files([]string{path}), Options{Stdin: silent}, func(Record) error { return nil })
		}()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
