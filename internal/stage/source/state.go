package source

import (
	"context"
	"time"

	"warder/internal/store"
)

// savedState is what the database holds of a source.
type savedState struct {
	since, last, silent                                       int64
	received, bytes, parseErrors, refused, dropped, truncated int64
}

// loadStates fills in what is known of the sources from before. A source seen
// for the first time is set up now.
func (m *Module) loadStates(ctx context.Context) error {
	for _, f := range m.feeds {
		f.watch.since = m.started.UnixMicro()
	}
	rows, err := m.d.Space.QueryContext(ctx, `SELECT id, since, last, silent,
		received, bytes, parse_errors, refused, dropped, truncated FROM source_state`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var s savedState
		err := rows.Scan(&id, &s.since, &s.last, &s.silent,
			&s.received, &s.bytes, &s.parseErrors, &s.refused, &s.dropped, &s.truncated)
		if err != nil {
			return m.d.Space.Fault("read the state of a source", err)
		}
		if f := m.byID[id]; f != nil {
			f.restore(s)
		}
	}
	return m.d.Space.Fault("read the states of sources", rows.Err())
}

func (f *feed) restore(s savedState) {
	c := f.meter
	f.watch.since, f.watch.saved = s.since, s
	f.watch.silent.Store(s.silent)
	c.last.Store(s.last)
	c.received.Store(s.received)
	c.bytes.Store(s.bytes)
	c.parseErrors.Store(s.parseErrors)
	c.refused.Store(s.refused)
	c.dropped.Store(s.dropped)
	c.truncated.Store(s.truncated)
}

func (f *feed) state() savedState {
	c := f.meter
	return savedState{
		since: f.watch.since, last: c.last.Load(), silent: f.watch.silent.Load(),
		received: c.received.Load(), bytes: c.bytes.Load(), parseErrors: c.parseErrors.Load(),
		refused: c.refused.Load(), dropped: c.dropped.Load(), truncated: c.truncated.Load(),
	}
}

// saving is what one source has that the database lacks.
type saving struct {
	feed     *feed
	state    savedState
	first    int64 // number of the first of failures
	failures []Failure
}

// unsaved lists what changed, in the order of the configuration, so that
// transactions do not cross.
func (m *Module) unsaved() (out []saving) {
	for _, f := range m.feeds {
		s := saving{feed: f, state: f.state()}
		f.meter.mu.Lock()
		s.first, s.failures = f.meter.failures.from(f.watch.savedFailures)
		f.meter.mu.Unlock()
		if s.state != f.watch.saved || len(s.failures) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// saveStates writes what changed, in one transaction.
func (m *Module) saveStates(ctx context.Context) error {
	m.saving.Lock()
	defer m.saving.Unlock()
	list := m.unsaved()
	if len(list) == 0 {
		return nil
	}
	err := m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, s := range list {
			if err := s.write(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range list {
		s.feed.watch.saved = s.state
		s.feed.watch.savedFailures = s.first + int64(len(s.failures))
	}
	return nil
}

func (s *saving) write(ctx context.Context, tx *store.Tx) error {
	id, v := s.feed.inlet.source.ID, s.state
	_, err := tx.ExecContext(ctx, `INSERT INTO source_state
			(id, since, last, silent, received, bytes, parse_errors, refused, dropped, truncated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET last = excluded.last, silent = excluded.silent, received = excluded.received,
			bytes = excluded.bytes, parse_errors = excluded.parse_errors, refused = excluded.refused,
			dropped = excluded.dropped, truncated = excluded.truncated`,
		id, v.since, v.last, v.silent, v.received, v.bytes, v.parseErrors, v.refused, v.dropped, v.truncated)
	if err != nil {
		return err
	}
	for i, one := range s.failures {
		if err := writeFailure(ctx, tx, id, s.first+int64(i), one); err != nil {
			return err
		}
	}
	return nil
}

func fromMicros(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := store.FromMicros(us)
	return &t
}
