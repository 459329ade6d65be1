package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Options is what the module may touch.
type Options struct {
	Config Config
	Folder string // where backups go
	Source Source
	Space  *store.Space // for the audit
	Now    func() time.Time
	Free   func(path string) (uint64, error) // nil asks the system
	// OnTrouble is told of a backup that failed or is overdue.
	OnTrouble func(error)
	Log       *slog.Logger
}

// Module makes backups when they are due and when somebody asks.
type Module struct {
	o     Options
	shelf shelf
	asked chan module.Principal // who wants one now

	mu      sync.Mutex
	running *Running
	failed  error // why the last one failed; nil after one that worked
	since   time.Time
	retry   time.Time // not before, after a failure
	told    time.Time // when it was told last that a backup is overdue
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Checker = (*Module)(nil)
)

// How often the clock is looked at, and how long a failure rests.
const (
	tick       = time.Minute
	retryAfter = 15 * time.Minute
	tellEvery  = time.Hour // of a backup that is overdue
)

// New makes the module.
func New(o Options) *Module {
	return &Module{o: o, shelf: shelf{o.Folder}, asked: make(chan module.Principal, 1), since: o.Now()}
}

// Manifest says what the module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{Name: "backup", Does: "makes encrypted backups and verifies them",
		Personal: []module.PersonalData{{What: "everything that the database and the evidence hold, encrypted",
			Why: "so that nothing is lost with the machine", Kept: "as many backups as are configured"}}}
}

// Run makes backups until ctx ends.
func (m *Module) Run(ctx context.Context) error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		if m.due() {
			m.make(ctx, module.Principal{})
		}
		m.watch()
		select {
		case <-ctx.Done():
			return nil
		case who := <-m.asked:
			m.make(ctx, who)
		case <-clock.C:
		}
	}
}

// next returns when the next backup is due; ok is false when none is planned.
func (m *Module) next() (at time.Time, ok bool) {
	if len(m.o.Config.Recipients) == 0 || m.o.Config.Every == 0 {
		return time.Time{}, false
	}
	all, err := m.shelf.list()
	if err != nil {
		return m.since, true
	}
	now := m.o.Now()
	for _, made := range all {
		if !made.Made.After(now) { // others were made while the clock was ahead
			return made.Made.Add(m.o.Config.Every), true
		}
	}
	if m.since.After(now) {
		return now, true
	}
	return m.since, true
}

func (m *Module) due() bool {
	at, ok := m.next()
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.o.Now()
	return ok && !now.Before(at) && !now.Before(m.retry)
}

// watch tells of a backup that should have been made long ago.
func (m *Module) watch() {
	now := m.o.Now()
	if err := m.overdue(); err != nil && now.Sub(m.told) >= tellEvery {
		m.told = now
		m.o.OnTrouble(err)
	}
}

// overdue says that the newest backup is older than twice the time between two.
func (m *Module) overdue() error {
	at, ok := m.next()
	if !ok || m.o.Now().Before(at.Add(m.o.Config.Every)) {
		return nil
	}
	return fmt.Errorf("no backup has been made since %s: see the page of settings for what is in the way",
		at.Add(-m.o.Config.Every).UTC().Format("2006-01-02 15:04 UTC"))
}

// Check returns nil, or why the last backup failed.
func (m *Module) Check(context.Context) error {
	m.mu.Lock()
	failed := m.failed
	m.mu.Unlock()
	if failed != nil {
		return fmt.Errorf("the last backup failed: %w", failed)
	}
	return m.overdue()
}

// make makes one backup and tells when it failed.
func (m *Module) make(ctx context.Context, who module.Principal) {
	err := m.once(ctx, who)
	m.mu.Lock()
	m.running = nil
	if ctx.Err() == nil {
		m.failed = err
	}
	if err != nil {
		m.retry = m.o.Now().Add(retryAfter)
	}
	m.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		m.o.OnTrouble(fmt.Errorf("the backup failed and is tried again in %s: %w", retryAfter, err))
	}
}

func (m *Module) once(ctx context.Context, who module.Principal) error {
	recipients, err := Recipients(m.o.Config.Recipients)
	if err != nil {
		return err
	}
	if err := m.shelf.clear(); err != nil {
		return err
	}
	began := m.o.Now()
	m.progress(began, Progress{})
	maker := Maker{Source: m.o.Source, Recipients: recipients, Now: m.o.Now, Free: m.o.Free,
		Told: func(p Progress) { m.progress(began, p) }}
	made, err := maker.Make(ctx, m.shelf.path(began))
	if err != nil {
		return err
	}
	if err := m.shelf.put(made, m.o.Config.Keep); err != nil {
		return err
	}
	m.o.Log.Info("a backup was made and verified", "file", made.Name, "bytes", made.Bytes, "seconds", made.Took)
	return m.audit(ctx, who, "backup.make", made)
}

func (m *Module) progress(began time.Time, p Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running = &Running{Began: began.UTC(), Progress: p}
}

func (m *Module) audit(ctx context.Context, who module.Principal, action string, made Made) error {
	return m.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: m.o.Now(), By: who.ID, Name: who.Name, Action: action, Subject: made.Name,
			Detail: map[string]any{"sha256": made.SHA256, "bytes": made.Bytes}})
	})
}

// ask wants a backup now.
func (m *Module) ask(who module.Principal) error {
	if len(m.o.Config.Recipients) == 0 {
		return fault.New(fault.Conflict, "There is no recovery key yet: make one with warder backup key, and put its recipient into the configuration.")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running != nil {
		return fault.New(fault.Conflict, "A backup is being made already.")
	}
	select {
	case m.asked <- who:
		m.running = &Running{Began: m.o.Now().UTC()}
		return nil
	default:
		return fault.New(fault.Conflict, "A backup is being made already.")
	}
}

// sentence is an error for people, without what is only for the log.
func sentence(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Sentence
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
