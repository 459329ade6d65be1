package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"warder/internal/events"
	"warder/internal/store"
)

// Source is what a backup is made of. Each engine is known by what is needed of it.
type Source struct {
	Database Tables
	Evidence Evidence
	Exchange Exchange
	// Quiet keeps messages from being forgotten until release is called.
	Quiet func() (release func())
	// Still keeps the audit's log from being appended to until release is called.
	Still func() (release func())
	// Moment keeps the hospital from being emptied until release is called.
	Moment func() (release func())
	// Ends tells where topics end that only the outbox feeds.
	Ends func(ctx context.Context) (map[string]uint64, error)

	Data   string   // the data directory
	Config string   // the configuration file; empty for none
	Named  []Named  // what the configuration names and lies elsewhere
	Except []string // paths below Data that are no part of a backup: its own folder, and locks
	Head   Head     // but for kind, format and time
}

// Named is a file or a folder that a key of the configuration names.
type Named struct{ Key, Path string }

// Tables is the central database.
type Tables interface {
	Snapshot(ctx context.Context, still func(context.Context) error) (*store.Snapshot, error)
}

// Exchange writes the log as it is now into a new folder on the same disk.
type Exchange interface {
	Snapshot(ctx context.Context, dir string) error
}

// Evidence keeps the segments of one moment in place.
type Evidence interface {
	Pin() (*events.Pinned, error)
}

// Places in the data directory.
const (
	eventsFolder   = "events"
	exchangeFolder = "exchange"
	auditFolder    = "audit"
	quarantine     = "quarantine" // below that of the events: what is there is no segment any more
	workFolder     = "backup.tmp" // the snapshot of the log; removed with the end of a backup
)

// write writes everything, in the order in which each may be behind the next.
func (s *Source) write(ctx context.Context, a *archive) (err error) {
	defer s.Quiet()()
	work := filepath.Join(s.Data, workFolder)
	if err := os.RemoveAll(work); err != nil { // of a run that was killed
		return fmt.Errorf("make room for a snapshot of the exchange: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := s.writeFiles(ctx, a); err != nil {
		return err
	}
	m, err := s.moment(ctx, work)
	if err != nil {
		return err
	}
	defer m.held.Release()
	if err := m.writeDatabase(ctx, a); err != nil {
		return err
	}
	if err := s.writeEvidence(ctx, a, m); err != nil {
		return err
	}
	return writeExchange(ctx, a, work)
}

// moment is the database, the evidence as it was right after it, and, in a folder,
// the log as it was right after that. All of it is taken at once: whoever reads
// files has the places in the database, and would read again what a later log holds.
type moment struct {
	rows *store.Snapshot
	held *events.Pinned
	ends map[string]uint64
}

func (s *Source) moment(ctx context.Context, work string) (m *moment, err error) {
	defer s.Moment()()
	m = &moment{}
	m.rows, err = s.Database.Snapshot(ctx, func(ctx context.Context) (err error) {
		if m.ends, err = s.Ends(ctx); err != nil {
			return err
		}
		if m.held, err = s.Evidence.Pin(); err != nil {
			return err
		}
		return s.Exchange.Snapshot(ctx, work)
	})
	if err != nil && m.held != nil {
		m.held.Release()
	}
	return m, err
}

// writeDatabase ends the snapshot too, which holds back the database's own tidying.
func (m *moment) writeDatabase(ctx context.Context, a *archive) error {
	defer m.rows.Close()
	if err := a.addJSON(databaseName, Database{Shape: m.rows.Shape, Ends: m.ends}); err != nil {
		return err
	}
	return m.rows.Dump(ctx, a.addChunk)
}

func (s *Source) writeEvidence(ctx context.Context, a *archive, m *moment) error {
	for _, name := range slices.Sorted(maps.Keys(m.held.Notes)) {
		if err := a.add(eventsPart+"/"+filepath.ToSlash(name), int64(len(m.held.Notes[name])), bytes.NewReader(m.held.Notes[name])); err != nil {
			return err
		}
	}
	for _, name := range m.held.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.addFile(eventsPart+"/"+filepath.ToSlash(name), filepath.Join(s.Data, eventsFolder, name)); err != nil {
			return err
		}
	}
	return nil
}

func writeExchange(ctx context.Context, a *archive, work string) error {
	entries, err := os.ReadDir(work)
	if err != nil {
		return fmt.Errorf("read the snapshot of the exchange: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.Type().IsRegular() && e.Name() != "LOCK" {
			if err := a.addFile(exchangePart+"/"+e.Name(), filepath.Join(work, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
