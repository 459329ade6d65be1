package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"warder/internal/kit/fault"
)

const (
	holdLock = `SELECT pg_try_advisory_lock(7523094288207667811)`
	// holdWait is how long a start waits for the lock: the server needs a moment
	// to see that a process which was killed is gone.
	holdWait  = 3 * time.Second
	holdRetry = 200 * time.Millisecond
	holdPause = time.Second      // between two tries to take a lost lock again
	holdLook  = 15 * time.Second // an idle connection is asked whether it lives
)

// errHeld says that another process has the lock.
var errHeld = fault.New(fault.Conflict, "another Warder serves from this PostgreSQL database. "+
	"Stop it first, or give this one a database of its own")

// Hold takes the database for one serving process, until release is called or
// the process ends; a second is refused. Others may still read and write, as the
// commands of an administrator do. It keeps a connection of its own, so a pooler
// between must pool sessions, not transactions. When that connection breaks,
// trouble is told once, and the lock is taken again as soon as that is possible.
// On SQLite it does nothing: the lock of the data directory covers the file.
func (s *Store) Hold(ctx context.Context, trouble func(error)) (release func() error, err error) {
	if s.holding == nil {
		return func() error { return nil }, nil
	}
	limit, cancel := context.WithTimeout(ctx, holdWait)
	defer cancel()
	conn, err := s.hold(ctx)
	for errors.Is(err, errHeld) && pause(limit, holdRetry) {
		conn, err = s.hold(ctx)
	}
	if err != nil {
		return nil, s.engine.fault("take the database", err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { s.keepHold(ctx, conn, trouble) })
	return func() error { stop(); wg.Wait(); return nil }, nil
}

// hold opens a connection and takes the lock with it.
func (s *Store) hold(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, s.holding.Copy())
	if err != nil {
		return nil, err
	}
	var got bool
	if err = conn.QueryRow(ctx, holdLock).Scan(&got); err == nil && !got {
		err = errHeld
	}
	if err != nil {
		return nil, errors.Join(err, letGo(conn))
	}
	return conn, nil
}

// keepHold watches the connection, and takes the lock again after it broke.
func (s *Store) keepHold(ctx context.Context, conn *pgx.Conn, trouble func(error)) {
	for {
		err := watch(ctx, conn)
		_ = letGo(conn) // broken, or at the end: the server gives the lock back either way
		if ctx.Err() != nil {
			return
		}
		trouble(fmt.Errorf("the connection that holds the database for this Warder broke; it is taken again: %w", s.engine.fault("hold the database", err)))
		if conn = s.holdAgain(ctx, trouble); conn == nil {
			return
		}
		s.log.Info("the database is held again")
	}
}

// holdAgain returns a connection with the lock, or nil when ctx ended.
func (s *Store) holdAgain(ctx context.Context, trouble func(error)) *pgx.Conn {
	told := false
	for {
		conn, err := s.hold(ctx)
		if err == nil {
			return conn
		}
		if errors.Is(err, errHeld) && !told {
			told = true
			trouble(err)
		}
		if !pause(ctx, holdPause) {
			return nil
		}
	}
}

// watch returns when the connection broke or ctx ended. Nobody notifies: to wait
// for it is to hear at once that the server closed.
func watch(ctx context.Context, conn *pgx.Conn) error {
	for {
		look, cancel := context.WithTimeout(ctx, holdLook)
		_, err := conn.WaitForNotification(look)
		quiet := look.Err() != nil
		cancel()
		if ctx.Err() != nil || err != nil && (!quiet || conn.IsClosed()) {
			return err
		}
		look, cancel = context.WithTimeout(ctx, holdLook)
		err = conn.Ping(look)
		cancel()
		if err != nil {
			return err
		}
	}
}

func letGo(conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return conn.Close(ctx)
}

// pause waits, and tells whether ctx still goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
