// Package follow takes records in from files that others write and rotate:
// Suricata's EVE log, JSON lines, syslog on disk.
//
// Guarantees: at least once. A file's cursor is saved after the records before
// it are durable, so nothing that stands in a file when it is read is lost by a
// crash; what was accepted after the last save (a second or 4096 lines) comes
// again, with the same key (the file's generation, the line's offset and its
// text), by which the intake knows it. Rotation by rename is followed to the
// last byte, also when it happened while the program did not run and the old
// file still lies in its folder uncompressed; a file that appears and is renamed
// again between two looks is not seen, unless the paths are a glob that its new
// name matches. Rotation by copy and truncate loses what was written between the
// last read and the truncation (at most one poll interval), and whatever the
// copier itself loses. A last line without its end waits until the end comes, or
// until the file is rotated away. Memory is bounded by one chunk and one line.
package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warder/internal/stage/source"
)

// Cursors keeps how far files were taken in; source.Module does.
type Cursors interface {
	FileCursors(ctx context.Context, source string) ([]source.FileCursor, error)
	SaveFileCursors(ctx context.Context, source string, cursors []source.FileCursor, gone []string) error
}

// Options are what a follower is made of.
type Options struct {
	Inlet   *source.Inlet
	Cursors Cursors
	Now     func() time.Time
	Log     *slog.Logger
}

// Follower follows the files of one source.
type Follower struct {
	in      *source.Inlet
	o       source.Files
	cursors Cursors
	now     func() time.Time
	log     *slog.Logger

	tails   map[string]*tail // by identity
	gone    []string         // identities whose cursors can be forgotten
	saved   time.Time
	unsaved int  // lines that are durable and whose cursors are not
	known   bool // the source has followed files before: what appears is new, and read from its beginning
}

// New returns a follower; the caller runs it.
func New(o Options) *Follower {
	s := o.Inlet.Source()
	return &Follower{
		in: o.Inlet, o: *s.Files, cursors: o.Cursors, now: o.Now, log: o.Log.With("source", s.ID), tails: make(map[string]*tail),
	}
}

const (
	// saveEvery and saveLines bound what comes again after a crash. The intake
	// remembers more keys than that.
	saveEvery = time.Second
	saveLines = 4096
	// retryPause is the rest after the log could not be written.
	retryPause = time.Second
)

// Run follows until ctx ends; then it saves the cursors and returns nil. What
// goes wrong meanwhile is shown as the source's trouble and tried again.
func (f *Follower) Run(ctx context.Context) error {
	wake := f.watchFolders(ctx)
	defer f.closeAll()
	for err := f.resume(ctx); err != nil; err = f.resume(ctx) {
		if ctx.Err() != nil {
			return nil
		}
		f.in.Trouble(err)
		f.log.Warn("files cannot be followed yet", "error", err)
		rest(ctx, retryPause)
	}
	poll := time.NewTicker(f.o.Poll)
	defer poll.Stop()
	for {
		more := f.round(ctx)
		if ctx.Err() != nil {
			return f.lastSave(ctx)
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
			return f.lastSave(ctx)
		case <-wake:
		case <-poll.C:
		}
	}
}

// round looks at every file once, and tells whether one holds more.
func (f *Follower) round(ctx context.Context) (more bool) {
	if err := f.discover(); err != nil {
		f.in.Trouble(err)
		f.log.Warn("files could not be looked for", "error", err)
		return false
	}
	var troubles []error
	for _, t := range f.ordered() {
		some, err := f.advance(ctx, t)
		if err != nil {
			troubles = append(troubles, err)
		}
		more = more || some && err == nil
	}
	if err := f.save(ctx, f.unsaved >= saveLines); err != nil {
		troubles = append(troubles, err)
	}
	f.known = true
	err := errors.Join(troubles...)
	if ctx.Err() != nil {
		return false
	}
	f.in.Trouble(err)
	if err != nil {
		f.log.Warn("a file could not be followed and will be again", "error", err)
		rest(ctx, retryPause)
	}
	return more
}

// save keeps cursors that moved, not more often than saveEvery unless it must.
func (f *Follower) save(ctx context.Context, must bool) error {
	now := f.now()
	if !must && now.Sub(f.saved) < saveEvery {
		return nil
	}
	var moved []*tail
	var cursors []source.FileCursor
	for _, t := range f.tails {
		if c := t.cursor(); c != t.saved {
			moved, cursors = append(moved, t), append(cursors, c)
		}
	}
	if err := f.cursors.SaveFileCursors(ctx, f.in.Source().ID, cursors, f.gone); err != nil {
		return fmt.Errorf("save how far files were read: %w", err)
	}
	for i, t := range moved {
		t.saved = cursors[i]
	}
	f.gone, f.saved, f.unsaved = nil, now, 0
	return nil
}

// lastSaveTime is how long the end of the program may wait for the database.
const lastSaveTime = 5 * time.Second

func (f *Follower) lastSave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSaveTime)
	defer cancel()
	return f.save(ctx, true)
}

func (f *Follower) closeAll() {
	for _, t := range f.tails {
		_ = t.file.Close()
	}
	clear(f.tails)
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
