package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"warder/internal/kit/fault"
)

const (
	// keepCopies is how many databases from before an upgrade stay.
	keepCopies = 3
	// upgradeRoom is what must stay free beside copy, trial and the upgrade itself.
	upgradeRoom = 64 << 20

	copyPrefix = "before-upgrade-"
	trialName  = "trial.db"
)

// prepareUpgrade makes sure that an upgrade will succeed before it touches
// anything: there is room, the database can be read to its end, a copy of it is
// safe, and the migrations work on a copy. Others who would upgrade wait until
// unlock is called.
func (s *Store) prepareUpgrade(ctx context.Context, known []migration) (unlock func(), err error) {
	if err := os.MkdirAll(s.upgrades, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for copies of the database: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(s.upgrades, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take the folder for copies of the database: %w", err)
	}
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("take the folder for copies of the database: %w", err)
	}
	applied, err := s.applied(ctx)
	if err != nil || len(missing(known, applied)) == 0 { // another did it meanwhile
		return func() { _ = lock.Close() }, err
	}
	s.log.Info("the database is of an older version: the upgrade is tried on a copy first", "migrations", len(missing(known, applied)))
	if err := s.checkRoom(ctx); err != nil {
		return nil, err
	}
	if err := s.safeCopy(ctx, applied[len(applied)-1]); err != nil {
		return nil, refusedUpgrade("no copy of the database could be made", err)
	}
	if err := s.engine.tryUpgrade(s, ctx, known); err != nil {
		return nil, refusedUpgrade("the upgrade failed on a copy of the database", err)
	}
	return func() { _ = lock.Close() }, nil
}

func refusedUpgrade(what string, err error) error {
	return fault.New(fault.Conflict, "%s, so nothing was changed: start the version of before, which still works, and report this: %w", what, err)
}

// checkRoom asks for three times the size of the database: the copy that stays,
// the one of the trial, and what the upgrade itself rewrites.
func (s *Store) checkRoom(ctx context.Context) error {
	var size uint64
	if err := s.reader.QueryRowContext(ctx, s.engine.size).Scan(&size); err != nil {
		return fmt.Errorf("measure the database: %w", err)
	}
	free, err := s.free(s.upgrades)
	if err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	if need := 3*size + upgradeRoom; free < need {
		return fault.New(fault.Unavailable, "the upgrade needs %d MiB on the disk of %s and %d MiB are free, so nothing was changed: "+
			"make room, or start the version of before, which still works", need>>20, s.upgrades, free>>20)
	}
	return nil
}

// freeBytes tells how much this program may still write to a folder's disk.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return st.Bavail * uint64(st.Bsize), nil
}

// safeCopy keeps the database as it is, and removes the oldest copies.
func (s *Store) safeCopy(ctx context.Context, version int64) error {
	name := fmt.Sprintf("%s%s-from-%05d%s", copyPrefix, s.now().UTC().Format("20060102T150405"), version, s.engine.copyEnds)
	path := filepath.Join(s.upgrades, name)
	unfinished := path + ".tmp"
	_ = os.Remove(unfinished) // of a run that was killed
	err := s.engine.copyTo(s, ctx, unfinished)
	if err == nil {
		err = errors.Join(syncPath(unfinished), os.Rename(unfinished, path), syncPath(s.upgrades))
	}
	if err != nil {
		return errors.Join(err, removeIfThere(unfinished))
	}
	return s.pruneCopies(name)
}

// pruneCopies removes the oldest copies because one was made. That one never goes;
// those that seem newer were made while the clock was ahead, and go first.
func (s *Store) pruneCopies(made string) error {
	entries, err := os.ReadDir(s.upgrades)
	if err != nil {
		return err
	}
	var past, ahead []string
	for _, e := range entries {
		switch {
		case strings.HasSuffix(e.Name(), ".tmp"):
			if err := os.Remove(filepath.Join(s.upgrades, e.Name())); err != nil {
				return err
			}
		case !strings.HasPrefix(e.Name(), copyPrefix) || e.Name() == made:
		case e.Name() > made: // they begin with the time
			ahead = append(ahead, e.Name())
		default:
			past = append(past, e.Name())
		}
	}
	others := append(ahead, past...) // each is in the order of its names
	for len(others) >= keepCopies {
		if err := os.Remove(filepath.Join(s.upgrades, others[0])); err != nil {
			return err
		}
		others = others[1:]
	}
	return nil
}

// copySQLite writes a whole, defragmented copy; it reads every row.
func copySQLite(s *Store, ctx context.Context, path string) error {
	var verdict string
	if err := s.reader.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged: %s", verdict)
	}
	if _, err := s.writer.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)
}

// trySQLite upgrades a copy, which is removed afterwards.
func trySQLite(s *Store, ctx context.Context, known []migration) (err error) {
	path := filepath.Join(s.upgrades, trialName)
	clear := func() error {
		return errors.Join(removeIfThere(path), removeIfThere(path+"-wal"), removeIfThere(path+"-shm"))
	}
	if err := clear(); err != nil { // of a run that was killed
		return err
	}
	defer func() { err = errors.Join(err, clear()) }()
	if err := copySQLite(s, ctx, path); err != nil {
		return err
	}
	trial, err := connect(Options{Path: path, Now: s.now, Log: s.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, trial.Close()) }()
	if err := trial.within(ctx, func(tx *sql.Tx) error { return trial.upgrade(ctx, tx, known) }); err != nil {
		return err
	}
	var verdict string
	if err := trial.reader.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the upgraded copy is damaged: %s", verdict)
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
