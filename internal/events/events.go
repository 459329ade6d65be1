// Package events is the event store: the evidence. Every normalised event is
// kept here with the bytes that it was made from, and can be searched.
//
// Guarantees:
//   - An event can be found when Append returns. Until it is in a segment it is
//     in memory; StoredThrough tells the offset on topic raw up to which
//     everything is in segments whose bytes and folders were fsynced. Whoever
//     feeds the store keeps its cursor there and appends again what lies above.
//   - Appending again is harmless: an event whose id is there already is ignored.
//   - Memory is bounded: Append waits while too much is not in segments yet.
//   - A search sees one state of the store: while events move from memory into
//     segments and small segments become large ones, none is found twice or missed.
//   - Empty removes all events or none, and never lowers StoredThrough.
//   - What Erase was asked for is in no search from the moment in which it
//     answers, also after a crash, and does not come back when it is appended
//     again; it leaves the disk soon after. Sweep removes what is too old. Neither
//     removes what is held.
//   - Segments are never changed. The name of each ends with the SHA-256 of its
//     bytes (its first half), which is verified before the segment is read for
//     the first time in a run. A damaged one is set aside in the folder
//     "quarantine", reported, and named by Check until somebody removes it.
//
// Segments are Parquet files, <dir>/<date>/<hour>/<after>-<through>-<sum>.parquet,
// by the hour (UTC) in which the first of their events was received; any program
// that reads Parquet can read them. Times have microseconds.
//
// One process owns a folder.
package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"warder/internal/flow"
)

// Options say where events are kept and when they leave memory. Zero values of
// the bounds mean the defaults that are named.
type Options struct {
	Dir string
	Now func() time.Time // nil means time.Now
	Log *slog.Logger     // nil means slog.Default
	// Disk is where Dir lies; nil means the operating system's.
	Disk Disk

	FlushAge   time.Duration // the oldest event in memory becomes no older; 10 s
	FlushCount int           // so many events make a segment; 32,768
	FlushBytes int           // or so many bytes in memory; 32 MiB
	// MaxBytes is how much may wait in memory before Append waits; 96 MiB.
	MaxBytes int

	// CompactRows is how many events make a segment that is left alone; 131,072.
	CompactRows int
	// CompactCount is how many small segments side by side are made one; 8.
	CompactCount int

	// Scarce tells that the disk has no room for what can wait: then no segments
	// are joined. It may be nil.
	Scarce func() bool

	// OnStored is called after StoredThrough moved, from one goroutine and never
	// twice at the same time. It may be nil.
	OnStored func(through uint64)
	// OnTrouble is called for each failure that somebody should know of: a
	// damaged segment, a disk that is full. It may be nil; the log has it too.
	OnTrouble func(err error)
}

func (o *Options) defaults() {
	positive(&o.FlushAge, 10*time.Second)
	positive(&o.FlushCount, 32768)
	positive(&o.FlushBytes, 32<<20)
	positive(&o.MaxBytes, 96<<20)
	positive(&o.CompactRows, 131072)
	positive(&o.CompactCount, 8)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Disk == nil {
		o.Disk = osDisk{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Scarce == nil {
		o.Scarce = func() bool { return false }
	}
	if o.OnStored == nil {
		o.OnStored = func(uint64) {}
	}
	if o.OnTrouble == nil {
		o.OnTrouble = func(error) {}
	}
}

func positive[T int | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}

// Store is the event store. Make one with Open; all methods may be called at the
// same time, but Append by one caller only.
type Store struct {
	o      Options
	layout *layout

	// making is held for reading while a segment is made, for writing by Empty,
	// which must meet none half made; it is locked before mu.
	making sync.RWMutex
	// shaping is held while segments are joined or one is written anew; it is
	// locked before making.
	shaping sync.Mutex
	held    atomic.Pointer[func(*flow.Event) bool]

	mu       sync.Mutex
	segments []*segment // by After; each holds the store's reference
	active   *buffer    // takes what is appended
	moving   *buffer    // is being written into a segment; nil when none is
	appended uint64     // offset up to which everything was appended
	stored   uint64     // offset up to which everything is in segments
	damaged  []string   // names of segments that were set aside
	trouble  error      // why the last flush failed; nil after one that worked
	hurry    bool       // somebody waits for the active buffer to become a segment
	emptied  uint64     // offset up to which Empty removed everything; 0 for never
	floor    uint64     // offset that StoredThrough does not fall below
	erasing  []*erasure // under way
	leaving  []*segment // written anew, and perhaps still read
	closed   bool
	filled   time.Time // when a buffer became a segment because it was full
	told     uint64    // what OnStored was told last; the flushing goroutine's own
	made     string    // the folder that was made last; the flushing goroutine's own

	flush   chan struct{} // a token: look whether something is to be flushed now
	moved   chan struct{} // closed and made anew when memory became free
	compact chan struct{} // a token: look whether segments are to be joined
	turns   chan struct{} // how many row groups searches work at in the same moment
	end     context.CancelFunc
	tasks   sync.WaitGroup
}

// ErrClosed says that the store was closed.
var ErrClosed = errors.New("the event store is closed")

// Open opens a folder, making it when it is not there, and looks at every
// segment in it: what is not whole is set aside and reported. The caller closes
// the store.
func Open(o Options) (*Store, error) {
	o.defaults()
	if err := errors.Join(o.Disk.MakeFolder(o.Dir), o.Disk.SyncFolder(filepath.Dir(o.Dir))); err != nil {
		return nil, fmt.Errorf("open the event store: %w", err)
	}
	s := &Store{o: o, layout: newLayout(o.Disk), active: newBuffer(), flush: make(chan struct{}, 1),
		moved: make(chan struct{}), compact: make(chan struct{}, 1),
		turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open the event store: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.end = cancel
	s.tasks.Go(func() { s.flushing(ctx) })
	s.tasks.Go(func() { s.compacting(ctx) })
	return s, nil
}

// Append keeps events; through is the offset on topic raw that they complete.
// What is at or below an offset that was appended before is ignored, and so is
// every event whose id is here already. It waits while too much is in memory,
// until ctx ends. The caller must not change the events' maps and bytes later.
func (s *Store) Append(ctx context.Context, through uint64, evs []flow.Event) error {
	fresh := make([]*flow.Event, len(evs))
	bytes := 0
	for i := range evs {
		fresh[i] = tidy(evs[i])
		bytes += weight(fresh[i])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.room(ctx, bytes); err != nil {
		return err
	}
	if through <= s.appended {
		return nil
	}
	fresh, err := s.withoutErased(fresh)
	if err == nil {
		fresh, err = s.unknown(fresh)
	}
	if err != nil {
		return fmt.Errorf("append to the event store: %w", err)
	}
	s.active.add(s.appended, through, fresh, bytes)
	s.appended = through
	if s.active.empty() && s.moving == nil {
		s.stored = through // nothing waits
		wake(s.flush)      // to tell so
	}
	if len(fresh) > 0 && (len(s.active.events) == len(fresh) || s.due()) {
		wake(s.flush)
	}
	return nil
}

// room waits until bytes fit into memory. It holds the lock when it returns.
func (s *Store) room(ctx context.Context, bytes int) error {
	for {
		waiting := s.active.bytes
		if s.moving != nil {
			waiting += s.moving.bytes
		}
		switch {
		case s.closed:
			return ErrClosed
		case waiting == 0 || waiting+bytes <= s.o.MaxBytes:
			return nil
		}
		s.hurry = true
		wake(s.flush)
		if err := s.pause(ctx); err != nil {
			return fmt.Errorf("append to the event store: %w", err)
		}
	}
}

// pause waits until a buffer became a segment or ctx ends, without the lock.
func (s *Store) pause(ctx context.Context) error {
	moved := s.moved
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-ctx.Done():
	case <-moved:
	}
	return ctx.Err()
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// StoredThrough returns the offset up to which every event is in a segment that
// survives a power cut.
func (s *Store) StoredThrough() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stored
}

// Flush writes everything that was appended before into segments and returns when
// it is there.
func (s *Store) Flush(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for through := s.appended; s.stored < through; {
		if s.closed {
			return ErrClosed
		}
		s.hurry = true
		wake(s.flush)
		if err := s.pause(ctx); err != nil {
			return fmt.Errorf("flush the event store: %w", err)
		}
	}
	return nil
}

// Check returns nil, or what is wrong with the evidence and what to do about it.
func (s *Store) Check(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble != nil {
		return fmt.Errorf("events wait in memory and cannot be written: %w", s.trouble)
	}
	if n := len(s.damaged); n > 0 {
		return fmt.Errorf("%d damaged segments of events are set aside in the folder quarantine: "+
			"restore them from a backup or remove them (%s)", n, s.damaged[0])
	}
	return nil
}

// Close writes what is in memory and ends the store's work.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.free()
	s.mu.Unlock()
	s.end()
	s.tasks.Wait()
	return errors.Join(s.flushAll(), s.layout.shelf.clear())
}

// free lets those go on that wait for memory.
func (s *Store) free() {
	close(s.moved)
	s.moved = make(chan struct{})
}

func (s *Store) report(err error) {
	s.o.Log.Error("trouble in the event store", "error", err)
	s.o.OnTrouble(err)
}
