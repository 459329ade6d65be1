package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"warder/internal/kit/fault"
)

// Target is the data directory that a backup is restored to.
type Target struct {
	Dir     string
	Replace bool // it may hold something, which is kept beside it
	filled  bool
	lock    *os.File
}

// Names beside the data directory.
const (
	stagingMark = ".restoring-"
	beforeMark  = ".before-"
)

// OpenTarget looks whether a restore may go there. It changes nothing. The caller
// closes it.
func OpenTarget(dir string, replace bool) (*Target, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // the directory is exchanged, not a name that leads to it
	}
	t := &Target{Dir: dir, Replace: replace}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s cannot be read as a data directory: %w", dir, err)
	}
	t.filled = len(entries) > 0
	if t.filled && !replace {
		return nil, fault.New(fault.Conflict, "%s is not empty: name an empty or a new directory, or say --replace, which keeps the old one beside it", dir)
	}
	if err := t.refuseMount(); err != nil {
		return nil, err
	}
	return t, t.take()
}

// refuseMount: a directory that is a mount cannot be exchanged for another.
func (t *Target) refuseMount() error {
	var own, parent syscall.Stat_t
	if err := errors.Join(syscall.Stat(t.Dir, &own), syscall.Stat(filepath.Dir(t.Dir), &parent)); err != nil {
		return fmt.Errorf("look at the data directory: %w", err)
	}
	if own.Dev != parent.Dev {
		return fault.New(fault.Conflict, "%s is a disk of its own (a mount), which cannot be exchanged in one step: "+
			"restore to a directory in it, and name that as the data directory", t.Dir)
	}
	return nil
}

// take holds the directory's lock without writing to it.
func (t *Target) take() error {
	lock, err := os.Open(filepath.Join(t.Dir, "lock"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // no Warder ever worked here
	}
	if err != nil {
		return fmt.Errorf("look whether a Warder works on the data directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return fault.New(fault.Conflict, "a Warder works on the data directory %s: stop it first", t.Dir)
	}
	t.lock = lock
	return nil
}

// Filled tells whether something is there.
func (t *Target) Filled() bool { return t.filled }

// Close lets the directory go.
func (t *Target) Close() error {
	if t.lock == nil {
		return nil
	}
	return t.lock.Close()
}

// Stage makes an empty folder beside the data directory, and removes those that
// restores left which were killed.
func (t *Target) Stage() (dir string, err error) {
	parent := filepath.Dir(t.Dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for the restore: %w", err)
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		return "", fmt.Errorf("make a folder for the restore: %w", err)
	}
	prefix := filepath.Base(t.Dir) + stagingMark
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) && abandoned(filepath.Join(parent, e.Name())) {
			if err := os.RemoveAll(filepath.Join(parent, e.Name())); err != nil {
				return "", fmt.Errorf("remove what an earlier restore left: %w", err)
			}
		}
	}
	if dir, err = os.MkdirTemp(parent, prefix); err != nil {
		return "", fmt.Errorf("make a folder for the restore: %w", err)
	}
	return dir, nil
}

// abandoned tells whether no process holds the lock in a folder.
func abandoned(dir string) bool {
	lock, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	defer lock.Close()
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// Swap puts a folder, whose files are all on the disk, into the place of the data
// directory in one step. What was there is kept beside; its path is returned.
func (t *Target) Swap(staged string, now time.Time) (kept string, err error) {
	if err := syncDisk(staged); err != nil {
		return "", fmt.Errorf("bring the restored files to the disk: %w", err)
	}
	parent := filepath.Dir(t.Dir)
	if !t.filled {
		err := os.Rename(staged, t.Dir) // an empty directory gives way
		return "", errors.Join(err, syncPath(parent))
	}
	kept = t.Dir + beforeMark + now.UTC().Format("20060102T150405Z")
	if _, err := os.Lstat(kept); err == nil {
		return "", fault.New(fault.Conflict, "%s exists already: move it away", kept)
	}
	// The name under which the old one will be kept is taken first: whatever kills
	// this, nothing that somebody may need has the name of an abandoned restore.
	if err := os.Rename(staged, kept); err != nil {
		return "", fmt.Errorf("exchange the data directory: %w", err)
	}
	err = unix.Renameat2(unix.AT_FDCWD, kept, unix.AT_FDCWD, t.Dir, unix.RENAME_EXCHANGE)
	switch {
	case err == nil:
		return kept, syncPath(parent)
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		// This disk cannot exchange two names. A kill between the steps leaves the
		// old directory under the name that it is kept under.
		return kept, errors.Join(os.Rename(kept, staged), os.Rename(t.Dir, kept), os.Rename(staged, t.Dir), syncPath(parent))
	}
	return "", fmt.Errorf("exchange the data directory: %w", errors.Join(err, os.Rename(kept, staged)))
}

// syncDisk brings everything to the disk that a folder lies on.
func syncDisk(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(f.Fd())), f.Close())
}
