package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Space is one module's part of the database: the tables whose names begin with
// its name. Reads through a Space see what is committed and cannot write.
type Space struct {
	store  *Store
	module string
}

// Space returns the part that belongs to a module.
func (s *Store) Space(module string) *Space { return &Space{store: s, module: module} }

// QueryContext runs a query on a connection that cannot write.
func (sp *Space) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := sp.store.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, sp.Fault("read from the database", err)
	}
	return rows, nil
}

// QueryRowContext runs a query on a connection that cannot write. The row's own
// errors are the driver's: pass them through Fault.
func (sp *Space) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return sp.store.reader.QueryRowContext(ctx, query, args...)
}

// Fault is Store.Fault, with the module's name before what was being done.
func (sp *Space) Fault(doing string, err error) error {
	return sp.store.engine.fault(sp.module+": "+doing, err)
}

// Cursor returns how far this module came on a topic, 0 for not at all.
func (sp *Space) Cursor(ctx context.Context, topic string) (uint64, error) {
	at, err := cursor(ctx, sp, sp.module, topic)
	return at, sp.Fault("read the cursor", err)
}

// Pauses between two tries of a transaction that met another one.
const (
	firstPause   = 2 * time.Millisecond
	longestPause = 200 * time.Millisecond
	mostTries    = 40 // about seven seconds
)

type writingKey struct{}

// Write runs fn in one transaction: everything that it did through tx is
// committed when fn returns nil, and nothing otherwise. Transactions are
// serialisable; one that met another is rolled back and fn runs again, so fn
// must have no effects but those on tx. When the connection broke in the moment
// of the commit the error is Unavailable and the outcome is not known: whoever
// repeats it reads its cursor (or its rows) again first. A Write within fn is
// refused, because on SQLite it would wait for itself.
func (sp *Space) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(writingKey{}) != nil {
		return fmt.Errorf("%s: a transaction was begun within a transaction", sp.module)
	}
	ctx = context.WithValue(ctx, writingKey{}, true)
	pause := firstPause
	for try := 1; ; try++ {
		err := sp.store.once(ctx, sp.module, fn)
		if err == nil || try == mostTries || sp.store.engine.sort(err) != again {
			return sp.Fault("write to the database", err)
		}
		select {
		case <-ctx.Done():
			return sp.Fault("write to the database", ctx.Err())
		case <-time.After(pause/2 + rand.N(pause)): // two that met should not meet again
		}
		pause = min(2*pause, longestPause)
	}
}

// once runs fn in one transaction, one time.
func (s *Store) once(ctx context.Context, module string, fn func(context.Context, *Tx) error) (err error) {
	inner, err := s.writer.BeginTx(ctx, &sql.TxOptions{Isolation: s.engine.isolation})
	if err != nil {
		return err
	}
	tx := &Tx{tx: inner, store: s, module: module}
	defer func() {
		if rollback := inner.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			s.log.Debug("a rollback failed", "module", module, "error", rollback)
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if err := tx.flush(ctx); err != nil {
		return err
	}
	err = inner.Commit()
	if len(tx.out) > 0 {
		s.wake() // also after an error: the commit may have happened
	}
	if tx.audited {
		s.wakeAudit()
	}
	return err
}
