package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"warder/internal/audit/tiled"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Lines is the part of the central database that the log follows; the store is
// one.
type Lines interface {
	Known
	PlaceAudit(ctx context.Context, most int) (int, error)
	KeepAuditCheckpoint(ctx context.Context, size int64, note string) error
	AuditLog(ctx context.Context, q store.AuditQuery) (lines []store.AuditLine, next string, err error)
	AuditPlaceOf(ctx context.Context, id string) (place int64, err error)
	Audited() <-chan struct{}
}

// Options is all that the audit rests on.
type Options struct {
	Lines   Lines
	Space   *store.Space // to write down who looked at the audit
	Dir     string       // of the log
	KeyFile string       // signs checkpoints; made when there is none
	Trouble func(error)  // is told when the log is found damaged
	Now     func() time.Time
	Log     *slog.Logger
}

// How often things are done.
const (
	lookEvery   = 5 * time.Second // for lines of other processes
	againFirst  = time.Second     // after an error, doubled to the longest
	againLast   = 5 * time.Minute
	verifyEvery = 6 * time.Hour
	tellEvery   = time.Minute // checkpoints in the program's log
)

// Module follows the audit and answers about it. Make one with New; Run works
// until its context ends.
type Module struct {
	o      Options
	key    *tiled.Key
	verify chan struct{} // a token asks for a verification
	told   int64         // size of the log when its checkpoint was told last
	toldAt time.Time

	appending sync.Mutex // held while the log changes, or must not

	mu       sync.Mutex
	trouble  error // why the log cannot be appended to
	state    LogState
	verified *Report
}

// LogState is how the log stands.
type LogState struct {
	Entries    int64         `json:"entries" doc:"in the tamper-evident log"`
	Waiting    int64         `json:"waiting" doc:"lines that are not in it yet"`
	Origin     string        `json:"origin" doc:"name of the log"`
	Verifier   string        `json:"verifier" doc:"key that checks its signatures: keep a copy elsewhere"`
	Checkpoint string        `json:"checkpoint,omitempty" doc:"newest signed checkpoint: keep copies elsewhere"`
	Published  *time.Time    `json:"published,omitempty" doc:"when this process published it"`
	Trouble    string        `json:"trouble,omitempty" doc:"why nothing is appended"`
	Verified   *Verification `json:"verified,omitempty" doc:"the last verification of everything"`
}

// Verification is the last one in short.
type Verification struct {
	Time     time.Time `json:"time"`
	Entries  int64     `json:"entries"`
	Good     bool      `json:"good"`
	Findings []Finding `json:"findings"`
}

// New returns the audit's module. A key is made when there is none; where the log
// was begun with another one, that is a trouble, told when Run begins.
func New(o Options) (*Module, error) {
	key, _, err := tiled.LoadKey(o.KeyFile)
	if err != nil {
		return nil, err
	}
	m := &Module{o: o, key: key, verify: make(chan struct{}, 1)}
	m.state.Origin, m.state.Verifier = key.Name(), key.Verifier()
	return m, nil
}

// Manifest says what this module is.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{Name: "audit", Does: "Keeps who did what, so that a change of it shows.",
		Personal: []module.PersonalData{{What: "who did or looked at what, and when", Why: "accountability; misuse of the system", Kept: "without end"}}}
}

// Check returns nil while the log is whole and keeps up.
func (m *Module) Check(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.trouble != nil {
		return fault.New(fault.Unavailable, "the audit's log: %w; see the operator's page on the audit", m.trouble)
	}
	if m.verified != nil && len(m.verified.Findings) > 0 {
		return fault.New(fault.Unavailable, "the audit does not verify: %s", m.verified.Findings[0])
	}
	return nil
}

// Run follows the audit and verifies it until ctx ends.
func (m *Module) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { m.keepVerifying(ctx) })
	defer wg.Wait()
	f := &follower{lines: m.o.Lines, dir: m.o.Dir, key: m.key, tell: m.o.Trouble}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	m.ask()
	for pause := againFirst; ; {
		n, err := m.step(ctx, f)
		if ctx.Err() != nil {
			return nil
		}
		m.note(f, n, err)
		switch {
		case err != nil:
			if !rest(ctx, pause) {
				return nil
			}
			pause = min(2*pause, againLast)
			continue
		case n == batch: // there is more
			continue
		}
		pause = againFirst
		m.tell(f.log)
		select {
		case <-ctx.Done():
			return nil
		case <-m.o.Lines.Audited():
		case <-tick.C:
		}
	}
}

func (m *Module) step(ctx context.Context, f *follower) (int, error) {
	defer m.Still()()
	return f.step(ctx)
}

// Still keeps the log as it is until release is called, so that its files can be
// copied; lines wait in the database meanwhile.
func (m *Module) Still() (release func()) {
	m.appending.Lock()
	return m.appending.Unlock
}

// tell writes the newest checkpoint to the program's log, so that it reaches
// whatever server keeps that; now and then only, and the last one in any case.
func (m *Module) tell(log *tiled.Log) {
	now := m.o.Now()
	if log.Tree().N == m.told || now.Sub(m.toldAt) < tellEvery && !now.Before(m.toldAt) {
		return
	}
	m.told, m.toldAt = log.Tree().N, now
	m.o.Log.Info("the audit's log was signed", "entries", m.told, "checkpoint", string(log.Note()))
}

func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// note takes down how a step went, and tells of damage. That the database is
// away is no damage, and is told by others.
func (m *Module) note(f *follower, n int, err error) {
	m.mu.Lock()
	m.trouble = err
	if f.log != nil {
		m.state.Entries, m.state.Checkpoint = f.log.Tree().N, string(f.log.Note())
		if n > 0 {
			now := m.o.Now()
			m.state.Published = &now
		}
	}
	m.mu.Unlock()
	switch {
	case err == nil:
	case fault.KindOf(err) == fault.Unavailable:
		m.o.Log.Warn("lines of the audit wait for the log", "error", err)
	default:
		m.o.Trouble(fmt.Errorf("lines of the audit wait in the database, because they cannot be appended to its log: %w", err))
	}
}

// ask asks for a verification; one that is asked for already does for both.
func (m *Module) ask() {
	select {
	case m.verify <- struct{}{}:
	default:
	}
}

func (m *Module) keepVerifying(ctx context.Context) {
	tick := time.NewTicker(verifyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.verify:
		case <-tick.C:
		}
		if err := m.verifyNow(ctx); err != nil && ctx.Err() == nil {
			m.o.Log.Warn("the audit could not be verified", "error", err)
		}
	}
}

// verifyNow verifies everything and tells of what it finds.
func (m *Module) verifyNow(ctx context.Context) error {
	report, err := Verify(ctx, Source{Dir: m.o.Dir, Known: m.o.Lines, Key: m.key.Verifier()})
	if err != nil {
		return err
	}
	report.Time = m.o.Now()
	m.mu.Lock()
	m.verified = report
	m.mu.Unlock()
	if len(report.Findings) > 0 {
		m.o.Trouble(errors.New("the audit does not verify: " + report.Findings[0].String()))
	}
	return nil
}

// State tells how the log stands.
func (m *Module) State(ctx context.Context) (*LogState, error) {
	head, err := m.o.Lines.AuditHead(ctx)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.state
	s.Waiting = head.Waiting + max(0, head.Placed-s.Entries)
	if m.trouble != nil {
		s.Trouble = m.trouble.Error()
	}
	if r := m.verified; r != nil {
		s.Verified = &Verification{Time: r.Time, Entries: r.Size, Good: len(r.Findings) == 0, Findings: r.Findings}
	}
	return &s, nil
}
