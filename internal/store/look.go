package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"warder/internal/kit/fault"
)

// Look opens a database that is there already, for reading only: nothing is
// made, nothing is brought to another version. It may be done beside a serving
// Warder. Whoever writes through it gets an error.
func Look(ctx context.Context, o Options) (*Store, error) {
	s := &Store{now: time.Now, log: slog.New(slog.DiscardHandler), emitted: make(chan struct{}, 1), audited: make(chan struct{}, 1)}
	var err error
	switch o.Driver {
	case PostgreSQL:
		err = s.openPostgres(o.DSN)
	default:
		if _, err = os.Stat(o.Path); errors.Is(err, fs.ErrNotExist) {
			return nil, fault.New(fault.NotFound, "there is no database %s: name the data directory of a Warder", o.Path)
		}
		if err == nil {
			err = s.openSQLite(o.Path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the database to look at it: %w", err)
	}
	if err := s.writer.Close(); err != nil {
		return nil, errors.Join(err, s.reader.Close())
	}
	if err := s.reader.PingContext(ctx); err != nil {
		return nil, errors.Join(s.engine.fault("open the database to look at it", err), s.reader.Close())
	}
	return s, nil
}
