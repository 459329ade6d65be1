package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"warder/internal/kit/fault"
)

// lockDirectory makes the data directory (for its owner only) and takes it for
// this process. The lock ends with the process, however it ends.
func lockDirectory(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the data directory's lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name())
		_ = f.Close()
		return nil, fault.New(fault.Conflict, "another Warder (process %s) works on the data directory %s. "+
			"Stop it first, or give this one a directory of its own", strings.TrimSpace(string(holder)), dir)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintln(f, os.Getpid()) // only for the sentence above
	}
	return f.Close, nil
}
