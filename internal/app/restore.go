package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"warder/internal/app/backup"
	"warder/internal/exchange"
	"warder/internal/kit/fault"
	"warder/internal/store"
)

// RestoreOptions say what is restored, and how.
type RestoreOptions struct {
	Path    string // the backup
	Keys    []age.Identity
	Check   bool // do everything but the last step
	Replace bool // the data directory may hold something, which is kept beside it
	Version string
	Told    func(done, total int64) // bytes of the backup; nil for nobody
	Filling func()                  // the backup is read, now its rows go into the database; nil for nobody
}

// Restored is what came of a restore.
type Restored struct {
	backup.Contents
	Kept string // where the data directory of before is; empty for none
}

// Restore makes the data directory of a backup. Everything is read, verified and
// built beside the directory; only then is it exchanged, in one step. On
// PostgreSQL the rows go into an empty database, in one transaction before that
// step.
func Restore(ctx context.Context, cfg Config, o RestoreOptions) (_ *Restored, err error) {
	var c closers
	defer func() { err = errors.Join(err, c.close()) }()
	target, err := backup.OpenTarget(cfg.Data, o.Replace)
	if err != nil {
		return nil, err
	}
	c.add(target.Close)
	at, err := cfg.storeOptions(time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	at.Upgrades = ""
	if at.Driver == store.PostgreSQL {
		if err := store.Vacant(ctx, at); err != nil {
			return nil, err
		}
	}
	staged, err := target.Stage()
	if err != nil {
		return nil, err
	}
	c.add(func() error { return os.RemoveAll(staged) })
	unlock, err := lockDirectory(staged)
	if err != nil {
		return nil, err
	}
	c.add(unlock)
	found, err := extract(ctx, o, staged)
	if err != nil {
		return nil, err
	}
	if err := sameInstallation(ctx, cfg, found, target); err != nil {
		return nil, err
	}
	r := &Restored{Contents: found.Contents}
	if err := assemble(ctx, at, o, found, staged); err != nil || o.Check {
		return r, err
	}
	r.Kept, err = target.Swap(staged, time.Now())
	return r, err
}

// extract reads the whole backup.
func extract(ctx context.Context, o RestoreOptions, into string) (*backup.Extracted, error) {
	f, err := os.Open(o.Path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "read the backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fault.New(fault.Invalid, "read the backup: %w", err)
	}
	return backup.Extract(ctx, &watchedReader{from: bufio.NewReaderSize(f, 1<<20), total: info.Size(), told: o.Told}, o.Keys, into)
}

// UndoUpgrade fills the empty PostgreSQL database that the configuration names with
// the copy that was made of it before an upgrade. A copy of SQLite is the database
// itself and takes its file's place.
func UndoUpgrade(ctx context.Context, cfg Config, path string) error {
	if cfg.Store.Driver != store.PostgreSQL {
		return fault.New(fault.Invalid, "the configuration does not name PostgreSQL; with SQLite put the copy into the place of %s in the data directory", databaseFile)
	}
	unlock, err := lockDirectory(cfg.Data)
	if err != nil {
		return err
	}
	at, err := cfg.storeOptions(time.Now, slog.New(slog.DiscardHandler))
	if err == nil {
		err = store.LoadCopy(ctx, at, path, func(ctx context.Context, tx *store.Tx) error {
			return tx.Audit(ctx, store.Entry{By: "command-line", Name: "command line", Action: "backup.undo", Subject: filepath.Base(path)})
		})
	}
	return errors.Join(err, unlock())
}

// CheckBackup reads a backup to its end and says what is in it.
func CheckBackup(ctx context.Context, path string, keys []age.Identity, told func(done, total int64)) (*backup.Contents, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "read the backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fault.New(fault.Invalid, "read the backup: %w", err)
	}
	return backup.Check(ctx, &watchedReader{from: bufio.NewReaderSize(f, 1<<20), total: info.Size(), told: told}, keys)
}

type watchedReader struct {
	from        io.Reader
	done, total int64
	told        func(done, total int64)
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	w.done += int64(n)
	if w.told != nil {
		w.told(w.done, w.total)
	}
	return n, err
}

// sameInstallation refuses to put one installation into the place of another. A
// directory that can no longer say whose it is may be replaced.
func sameInstallation(ctx context.Context, cfg Config, found *backup.Extracted, target *backup.Target) error {
	if !target.Filled() {
		return nil
	}
	there, err := store.InstanceIn(ctx, filepath.Join(cfg.Data, databaseFile))
	if err != nil || there == "" || there == found.Head.Instance {
		return nil
	}
	return fault.New(fault.Conflict, "the backup is of another installation (%q) than the one in %s: "+
		"restore it to a directory of its own", found.Head.Name, cfg.Data)
}

// assemble makes the engines go on from what was extracted: the log under a new
// writer, the database bound to it.
func assemble(ctx context.Context, at store.Options, o RestoreOptions, found *backup.Extracted, staged string) error {
	writer, err := exchange.Adopt(ctx, exchange.Options{Dir: filepath.Join(staged, "exchange")}, found.Database.Ends)
	if err != nil {
		return err
	}
	if at.Driver != store.PostgreSQL {
		at.Path = filepath.Join(staged, databaseFile)
	} else if o.Check {
		// The rows are tried in a file: the database is not touched.
		at = store.Options{Path: filepath.Join(staged, databaseFile), Now: at.Now, Log: at.Log}
	}
	if o.Filling != nil {
		o.Filling()
	}
	err = store.Load(ctx, at, found.Database.Shape, found.Chunks, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Rebind(ctx, writer); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Time: at.Now(), By: "command-line", Name: "command line", Action: "backup.restore",
			Subject: filepath.Base(o.Path), Detail: map[string]any{"made": found.Head.Made, "program": o.Version, "writer": writer}})
	})
	if err != nil {
		return fmt.Errorf("restore the database: %w", err)
	}
	return found.ForgetRows()
}
