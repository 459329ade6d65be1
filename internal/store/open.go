package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"warder/internal/kit/fault"
)

// Names of the two engines, for Options.Driver.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgres"
)

// Options say where the database is.
type Options struct {
	Driver string // SQLite or PostgreSQL; empty means SQLite
	Path   string // SQLite: the file; made when it is absent
	DSN    string // PostgreSQL: URL or keyword/value form; never shown or logged
	// Upgrades is a folder for copies of the database from before an upgrade.
	// Empty means none, and no trial of the upgrade either: for databases that
	// nobody would miss.
	Upgrades string
	Now      func() time.Time // nil means time.Now
	Log      *slog.Logger     // nil means slog.Default
}

// Store is the central database. Make one with Open; all methods may be called
// at the same time.
type Store struct {
	engine engine
	writer *sql.DB // on SQLite one connection: the one writer
	reader *sql.DB // connections that refuse to write
	// holding says how to open the connection of Hold; nil on SQLite.
	holding  *pgx.ConnConfig
	upgrades string
	free     func(dir string) (uint64, error) // bytes of its disk
	now      func() time.Time
	log      *slog.Logger
	// relaying is held while messages move to the exchange.
	relaying sync.Mutex
	// emitted holds a token when a commit left messages in the outbox since the
	// relay looked last; it is what wakes the relay.
	emitted chan struct{}
	// audited is the same for lines of the audit that have no place yet.
	audited chan struct{}
}

// Open opens the database, making it when it is new, and brings its tables to
// this program's version. A database made by a newer program is refused. The
// caller closes the store.
func Open(ctx context.Context, o Options) (*Store, error) {
	return open(ctx, o, migrations())
}

func open(ctx context.Context, o Options, migrations fs.FS) (*Store, error) {
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, migrations); err != nil {
		return nil, errors.Join(s.engine.fault("prepare the database", err), s.Close())
	}
	return s, nil
}

// OpenAsIs opens a database that is there without changing its tables. One that is
// empty, or was made by a newer program, is refused.
func OpenAsIs(ctx context.Context, o Options) (*Store, error) {
	known, err := readMigrations(migrations())
	if err != nil {
		return nil, err
	}
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	applied, err := s.applied(ctx)
	if err == nil && len(applied) == 0 {
		err = fault.New(fault.NotFound, "there is no database of Warder's yet")
	}
	if err := errors.Join(err, refuseNewer(applied, known)); err != nil {
		return nil, errors.Join(s.engine.fault("open the database", err), s.Close())
	}
	return s, nil
}

// connect makes the store without looking at what is in the database.
func connect(o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Store{now: o.Now, log: o.Log, upgrades: o.Upgrades, free: freeBytes,
		emitted: make(chan struct{}, 1), audited: make(chan struct{}, 1)}
	var err error
	switch o.Driver {
	case SQLite, "":
		err = s.openSQLite(o.Path)
	case PostgreSQL:
		err = s.openPostgres(o.DSN)
	default:
		err = fault.New(fault.Invalid, "database driver %q is not known: use %q or %q", o.Driver, SQLite, PostgreSQL)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends all connections. Transactions that still run fail.
func (s *Store) Close() error {
	return errors.Join(s.writer.Close(), s.reader.Close())
}

// Engine names the engine behind the store: SQLite or PostgreSQL.
func (s *Store) Engine() string { return s.engine.name }

// Check returns nil when the database answers.
func (s *Store) Check(ctx context.Context) error {
	var one int
	err := s.reader.QueryRowContext(ctx, `SELECT 1 FROM store_cursor UNION SELECT 1`).Scan(&one)
	return s.engine.fault("ask the database whether it answers", err)
}
