package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"warder/internal/kit/fault"
)

// Options of the embedded log.
type Options struct {
	Dir    string
	FS     vfs.FS           // nil means the disk
	Writer string           // writer id of a new directory, without dots; empty means a random one. A directory keeps its own.
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means none
}

// Embedded is the log inside the program: one directory, one process.
type Embedded struct {
	db     *pebble.DB
	lock   *pebble.Lock
	writer string
	now    func() time.Time
	log    *slog.Logger
	commit *committer
	tide   *tide // only the committer touches it

	mu     sync.Mutex // guards topics
	topics map[string]*topicState

	burying sync.Mutex    // dead letters change one at a time
	purges  sync.Mutex    // one purge at a time
	purging *atomic.Bool  // while it is set, nothing is kept apart from the tables
	closing chan struct{} // closed when Close begins
	life    sync.RWMutex  // read-held by every call; Close takes it whole
	closed  bool
}

var _ Log = (*Embedded)(nil)

// OpenEmbedded opens the log in a directory, which it makes when there is none.
// The caller closes it. A directory that another process has open is refused
// with fault.Conflict.
func OpenEmbedded(o Options) (*Embedded, error) {
	o = o.withDefaults()
	lock, err := lockDirectory(o)
	if err != nil {
		return nil, err
	}
	purging := &atomic.Bool{}
	db, err := pebble.Open(o.Dir, pebbleOptions(o.FS, lock, purging, o.Log))
	if err != nil {
		return nil, errors.Join(o.opening(err), lock.Close())
	}
	tide, marks, err := openTide(o.FS, o.Dir)
	if err != nil {
		return nil, errors.Join(o.opening(err), db.Close(), lock.Close())
	}
	l := &Embedded{
		db: db, lock: lock, purging: purging, tide: tide, now: o.Now, log: o.Log,
		topics: map[string]*topicState{}, closing: make(chan struct{}),
	}
	if err := l.load(o.Writer, marks); err != nil {
		return nil, errors.Join(o.opening(err), tide.close(), db.Close(), lock.Close())
	}
	l.commit = newCommitter(db, o.spaceGuard(), o.Log)
	return l, nil
}

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) spaceGuard() *spaceGuard {
	return &spaceGuard{now: o.Now, free: func() (uint64, error) {
		usage, err := o.FS.GetDiskUsage(o.Dir)
		return usage.AvailBytes, err
	}}
}

func lockDirectory(o Options) (*pebble.Lock, error) {
	if err := o.FS.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the exchange's directory: %w", err)
	}
	lock, err := pebble.LockDirectory(o.Dir, o.FS)
	switch {
	case err == nil:
		return lock, nil
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("lock the exchange's directory: %w", err)
	}
	return nil, fault.New(fault.Conflict, "the directory %s is in use by another Warder process: stop that process or choose another data directory: %w", o.Dir, err)
}

// opening says why the log did not open, and what a person can do about damage.
func (o Options) opening(err error) error {
	if !pebble.IsCorruptionError(err) && !errors.Is(err, ErrDamaged) {
		return fmt.Errorf("open the exchange in %s: %w", o.Dir, err)
	}
	return fault.New(fault.Internal,
		"the exchange in %s is damaged and was not opened: bring the whole data directory back from a backup, database and exchange together, or keep it aside and start with an empty one: %w",
		o.Dir, errors.Join(ErrDamaged, err))
}

// Writer returns the id under which this directory's messages are written.
func (l *Embedded) Writer() string { return l.writer }

// Close ends the log: calls at work are finished, later ones and waiting readers
// get fault.Unavailable.
func (l *Embedded) Close() error {
	l.mu.Lock()
	select {
	case <-l.closing:
		l.mu.Unlock()
		return nil
	default:
		close(l.closing)
	}
	l.mu.Unlock()

	l.life.Lock()
	defer l.life.Unlock()
	l.closed = true
	l.commit.stop()
	return errors.Join(l.closeDB(), l.tide.close(), l.lock.Close())
}

// closeDB tells a panic of a database that had stopped writing as an error.
func (l *Embedded) closeDB() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("close the exchange: %v", p)
		}
	}()
	return l.db.Close()
}

// enter begins a call; the caller defers leave when there is no error.
func (l *Embedded) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.life.RLock()
	if l.closed {
		l.life.RUnlock()
		return errClosed()
	}
	return nil
}

func (l *Embedded) leave() { l.life.RUnlock() }

func errClosed() error {
	return fault.New(fault.Unavailable, "the exchange is closed: Warder is stopping")
}

// topic returns the state of a topic, which begins empty.
func (l *Embedded) topic(name string) (*topicState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.topics[name]; t != nil {
		return t, nil
	}
	if err := checkName("topic", name); err != nil {
		return nil, err
	}
	t := newTopicState(name)
	l.topics[name] = t
	return t, nil
}

// newWriter makes a writer id: 13 letters, 65 random bits.
func newWriter() string { return strings.ToLower(rand.Text()[:13]) }
