package exercise

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
)

// State is where an exercise stands.
type State string

// The states.
const (
	StateRunning     State = "running"
	StateFinished    State = "finished"
	StateStopped     State = "stopped" // by a person
	StateFailed      State = "failed"
	StateInterrupted State = "interrupted" // Warder stopped meanwhile
)

// Exercise is one performance of a scenario, as the API shows it.
type Exercise struct {
	ID       string     `json:"id"`
	Scenario string     `json:"scenario"`
	Title    Title      `json:"title"`
	Speed    float64    `json:"speed" doc:"scenario seconds per second; 0 is as fast as possible"`
	State    State      `json:"state" enum:"running,finished,stopped,failed,interrupted"`
	By       string     `json:"by" doc:"who began it"`
	Started  time.Time  `json:"started"`
	Ended    *time.Time `json:"ended,omitempty"`
	Sent     int        `json:"sent" doc:"records"`
	Refused  int        `json:"refused" doc:"records that a listener would not take"`
	Position float64    `json:"position_s" doc:"how far it came in the scenario, seconds"`
	Length   float64    `json:"length_s" doc:"how long the scenario lasts, seconds"`
	Problem  string     `json:"problem,omitempty" doc:"what went wrong"`

	byID string
}

func (e *Exercise) progress(p Progress) {
	e.Sent, e.Refused, e.Position = p.Sent, p.Refused, p.Position.Seconds()
	if p.Refusal != "" {
		e.Problem = "a listener refused records: " + p.Refusal
	}
}

// start checks that a scenario can be played here and begins it.
func (m *Module) start(ctx context.Context, scenario string, speed float64) (*Exercise, error) {
	s, err := m.o.Library.Find(scenario)
	if err != nil {
		return nil, err
	}
	snap := m.o.Model.Snapshot()
	if err := playable(s, snap); err != nil {
		return nil, err
	}
	to, err := m.o.Targets(ctx)
	if err != nil {
		return nil, err
	}
	who := module.Caller(ctx)
	e := Exercise{
		ID: "ex-" + id.New(), Scenario: s.ID, Title: s.Title, Speed: speed, State: StateRunning,
		By: who.Name, byID: who.ID, Started: m.o.Now().UTC(), Length: s.Length().Seconds(),
	}
	playing, err := m.begin(e)
	if err != nil {
		return nil, err
	}
	if err := m.keep(ctx, e, "exercise.started"); err != nil {
		m.over()
		return nil, err
	}
	go m.perform(playing, NewPlayer(to), e, Performance(s, snap, m.o.Now(), speed))
	return &e, nil
}

// playable tells why a scenario cannot be played against this hospital.
func playable(s *Scenario, snap *hospital.Snapshot) error {
	if s.Overlay != nil {
		return fault.New(fault.Conflict, "the scenario %q changes the hospital itself, so it is only for tests", s.ID)
	}
	if unknown := s.Unknown(snap); len(unknown) > 0 {
		return fault.New(fault.Conflict, "the scenario %q was written for the hospital %q: here there is no %s", s.ID, s.Hospital, strings.Join(unknown[:min(3, len(unknown))], ", "))
	}
	if err := Markable(s.Timeline); err != nil {
		return fault.New(fault.Invalid, "the scenario %q cannot be played as an exercise: %w", s.ID, err)
	}
	return nil
}

// Performance is a play of a scenario with its noise, for people who watch:
// records are given the time at which they leave. Where that would crowd a day
// into minutes (with noise faster than life, or as fast as possible) they keep
// the scenario's own times, in a day that is over, so that none lies in the
// future; with noise that day begins at midnight in the hospital's zone.
func Performance(s *Scenario, snap *hospital.Snapshot, now time.Time, speed float64) Play {
	p := Play{Records: slices.Values(s.Timeline), Start: now, Speed: speed, Zone: snap.Location()}
	if s.Noise != nil {
		p.Records = Merge(p.Records, QuietDay(snap, *s.Noise))
	}
	if speed > 0 && (s.Noise == nil || speed <= 1) {
		p.Live = true
		return p
	}
	p.Start = now.Add(-s.Length())
	if s.Noise != nil {
		local := p.Start.In(p.Zone)
		p.Start = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, p.Zone)
	}
	return p
}

// perform plays to the end and notes how it came.
func (m *Module) perform(ctx context.Context, player *Player, e Exercise, play Play) {
	defer m.over()
	play.Mark, play.Progress = e.ID, m.progressed
	progress, err := player.Play(ctx, play)
	e.progress(progress)
	switch {
	case err == nil:
		e.State = StateFinished
	case !errors.Is(err, context.Canceled):
		e.State, e.Problem = StateFailed, err.Error()
		m.log.Error("an exercise failed", "exercise", e.ID, "scenario", e.Scenario, "error", err)
	case m.stopping():
		e.State = StateInterrupted
	default:
		e.State = StateStopped
	}
	end := m.o.Now().UTC()
	e.Ended = &end
	// The end must be noted although what was played has ended, or Warder has.
	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := m.keep(keeping, e, "exercise.ended"); err != nil {
		m.log.Error("the end of an exercise was not noted", "exercise", e.ID, "error", err)
	}
}

func (m *Module) stopping() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.base == nil || m.base.Err() != nil
}

// halt stops an exercise; one that has ended stays as it is.
func (m *Module) halt(ctx context.Context, exercise string) error {
	m.mu.Lock()
	if m.current != nil && m.current.exercise.ID == exercise {
		m.current.stop()
		m.mu.Unlock()
		return nil
	}
	m.mu.Unlock()
	_, err := m.find(ctx, exercise)
	return err
}
