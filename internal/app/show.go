package app

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"warder/internal/capability/exercise"
	"warder/internal/hospital"
	"warder/test/scenario"
)

// show plays a demo's records until somebody stops it.
type show struct {
	house   *house
	options DemoOptions
	over    context.Context // ends when the show was stopped
	end     context.CancelFunc
	playing sync.Mutex // held while it plays
}

func newShow(h *house, o DemoOptions) *show {
	s := &show{house: h, options: o}
	s.over, s.end = context.WithCancel(context.Background())
	return s
}

// stop ends the show for good and returns when it sends nothing more.
func (s *show) stop() {
	s.end()
	s.playing.Lock()
	defer s.playing.Unlock()
}

// run plays until ctx ends or the show was stopped.
func (s *show) run(ctx context.Context) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.over, cancel)()
	err := s.play(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// lookEvery is how often it is looked whether somebody has signed in.
const lookEvery = 500 * time.Millisecond

// play plays an ordinary day at its own speed, and the scenario once somebody
// looks.
func (s *show) play(ctx context.Context) error {
	library, err := exercise.Load(scenario.FS)
	if err != nil {
		return err
	}
	story, err := library.Find(s.options.Scenario)
	if err != nil {
		return err
	}
	to, err := s.house.exerciseTargets(ctx)
	if err != nil {
		return err
	}
	snapshot := s.house.hospital.Snapshot()
	today := midnight(s.house.now().In(snapshot.Location()))
	ordinary := exercise.Play{Start: s.house.now(), Speed: 1, Zone: snapshot.Location(),
		Records: from(exercise.QuietDay(snapshot, exercise.Noise{Profile: exercise.ProfileQuietDay, Seed: 1, Hours: 48}), s.house.now().Sub(today))}
	around := to
	around.MQTT.ClientID = "warder-day" // two clients of one name would put each other out
	done := make(chan error, 1)
	go func() {
		_, err := exercise.NewPlayer(around).Play(ctx, ordinary)
		done <- err
	}()
	err = s.tell(ctx, story, to, snapshot)
	return errors.Join(err, <-done)
}

func (s *show) tell(ctx context.Context, story *exercise.Scenario, to exercise.Targets, snapshot *hospital.Snapshot) error {
	if !s.options.Auto {
		if err := s.house.people.AwaitSignIn(ctx, lookEvery); err != nil {
			return nil // the context ended before anybody came
		}
	}
	_, err := exercise.NewPlayer(to).Play(ctx, exercise.Play{
		Records: slices.Values(story.Timeline), Start: s.house.now(), Speed: s.options.Speed, Live: true, Zone: snapshot.Location()})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// from leaves out what lies before a time and lets the rest begin at it.
func from(records iter.Seq[exercise.Record], begin time.Duration) iter.Seq[exercise.Record] {
	return func(yield func(exercise.Record) bool) {
		for r := range records {
			if r.At < begin {
				continue
			}
			r.At -= begin
			if !yield(r) {
				return
			}
		}
	}
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}
