package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/user"
	"strconv"
	"time"

	"warder/internal/audit"
	"warder/internal/audit/tiled"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// AuditDesk is what commands do with the audit of a data directory, beside a
// running Warder or without one. It reads only.
type AuditDesk struct {
	store *store.Store
	cfg   Config
	key   string
}

// OpenAudit opens the database and the log of a data directory for reading. The
// verifier key is the one that lies beside the log, unless another is given.
func OpenAudit(ctx context.Context, cfg Config, key string) (*AuditDesk, error) {
	o, err := cfg.storeOptions(time.Now, nil)
	if err != nil {
		return nil, err
	}
	s, err := store.Look(ctx, o)
	if err != nil {
		return nil, err
	}
	d := &AuditDesk{store: s, cfg: cfg, key: key}
	if key == "" {
		if d.key, err = (tiled.Reader{Dir: cfg.auditDir()}).Verifier(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(fmt.Errorf("read the verifier key of the audit: %w", err), s.Close())
		}
	}
	return d, nil
}

// Close closes the database.
func (d *AuditDesk) Close() error { return d.store.Close() }

func (d *AuditDesk) source(against []string) audit.Source {
	return audit.Source{Dir: d.cfg.auditDir(), Known: d.store, Key: d.key, Against: against}
}

// Verify verifies log and database, and against checkpoints that were kept.
func (d *AuditDesk) Verify(ctx context.Context, against []string) (*audit.Report, error) {
	return audit.Verify(ctx, d.source(against))
}

// Export writes what a query chooses.
func (d *AuditDesk) Export(ctx context.Context, q store.AuditQuery, to io.Writer) error {
	return audit.Export(ctx, d.source(nil), q, time.Now(), to)
}

// Prove writes the proof of one entry, named by its place or its line's id.
func (d *AuditDesk) Prove(ctx context.Context, which string, to io.Writer) error {
	place, err := strconv.ParseInt(which, 10, 64)
	if err != nil {
		place, err = d.store.AuditPlaceOf(ctx, which)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "the log holds no line %q; a place is a number from 0", which)
	}
	if err != nil {
		return err
	}
	return audit.Prove(ctx, d.source(nil), place, time.Now(), to)
}

// AsCommandLine makes the audit name the command line, and who is signed in to
// the machine, for what is done with the context.
func AsCommandLine(ctx context.Context) context.Context {
	who := module.Principal{ID: "command-line", Name: "command line"}
	if u, err := user.Current(); err == nil && u.Username != "" {
		who.Name += " (" + u.Username + ")"
	}
	return module.WithCaller(ctx, who)
}
