package exercise

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/kit/mqttpub"
)

// Targets are the listeners that a play goes to. An empty address means that
// there is none; a scenario that needs it fails.
type Targets struct {
	SyslogUDP string // host:port
	SyslogTCP string
	MQTT      mqttpub.Options
	HTTP      string // base of the API's address: http://127.0.0.1:8080
	Token     string // bearer token of role sender
	Client    *http.Client
}

// Play is one performance of a scenario.
type Play struct {
	Records iter.Seq[Record] // by time
	Start   time.Time        // the time that the scenario's beginning is given
	// Speed is how many seconds of the scenario pass in one; 0 means as fast as
	// the listeners take them.
	Speed float64
	// Live gives records the time at which they leave in place of the
	// scenario's, for people who watch at a speed other than 1. Needs a speed.
	Live bool
	Mark string         // id of the exercise; empty plays unmarked
	Zone *time.Location // of RFC 3164 times; nil means UTC
	// Window is how far apart in scenario time the records of one slice may be
	// that is sent without regard to the order of transports; 0 means 10s.
	Window   time.Duration
	Progress func(Progress) // after each slice; nil for none
}

// Progress is how far a play came.
type Progress struct {
	Sent     int           // records
	Refused  int           // of these, by the listener's own word
	Refusal  string        // why, of the first refused
	Position time.Duration // in the scenario
	Late     time.Duration // how far the play is behind its schedule
}

// Player plays records through the listeners. It may play several at a time.
type Player struct {
	to   Targets
	open func(context.Context, Transport, Targets) (lane, error)
}

// NewPlayer returns a player for these listeners.
func NewPlayer(to Targets) *Player { return &Player{to: to, open: openLane} }

const (
	defaultWindow = 10 * time.Second
	sliceRecords  = 256
	sliceTime     = 50 * time.Millisecond // real time that a slice may cover
)

// Play sends every record at its time and returns when all were taken, a
// listener failed, or the context ended. The progress is that of the end.
func (p *Player) Play(ctx context.Context, play Play) (Progress, error) {
	if play.Speed < 0 || play.Live && play.Speed == 0 {
		return Progress{}, fmt.Errorf("speed %v is not possible: it must be above 0, or 0 for as fast as possible with the scenario's own times", play.Speed)
	}
	if play.Zone == nil {
		play.Zone = time.UTC
	}
	if play.Window <= 0 {
		play.Window = defaultWindow
	}
	run := &performance{Play: play, player: p, began: time.Now(), lanes: map[Transport]lane{}}
	err := run.perform(ctx)
	return run.progress, errors.Join(err, run.close())
}

// performance is a play at work.
type performance struct {
	Play
	player   *Player
	began    time.Time
	lanes    map[Transport]lane
	progress Progress
}

func (run *performance) perform(ctx context.Context) error {
	var slice []Record
	for r := range run.Records {
		if len(slice) > 0 && (r.At-slice[0].At > run.window() || len(slice) == sliceRecords) {
			if err := run.play(ctx, slice); err != nil {
				return err
			}
			slice = slice[:0]
		}
		slice = append(slice, r)
	}
	if len(slice) == 0 {
		return nil
	}
	return run.play(ctx, slice)
}

// window is the scenario time that one slice may cover.
func (run *performance) window() time.Duration {
	if run.Speed == 0 {
		return run.Window
	}
	return min(run.Window, time.Duration(float64(sliceTime)*run.Speed))
}

// due is the moment at which a record leaves.
func (run *performance) due(at time.Duration) time.Time {
	return run.began.Add(time.Duration(float64(at) / run.Speed))
}

// timeOf is the time that a record is given.
func (run *performance) timeOf(at time.Duration) time.Time {
	if run.Live {
		return run.due(at)
	}
	return run.Start.Add(at)
}

// play waits for a slice's time and sends it, all transports at once.
func (run *performance) play(ctx context.Context, slice []Record) error {
	// The slice leaves when its last record is due: nothing is early.
	last := slice[len(slice)-1].At
	if err := run.waitFor(ctx, last); err != nil {
		return err
	}
	byTransport := map[Transport][]message{}
	for _, r := range slice {
		m, err := prepare(r, run.timeOf(r.At), run.Zone, run.Mark)
		if err != nil {
			return where(r, err)
		}
		byTransport[r.Transport] = append(byTransport[r.Transport], m)
	}
	refused, err := run.send(ctx, byTransport)
	if err != nil {
		return fmt.Errorf("play the records from %s on: %w", slice[0].At, err)
	}
	if run.progress.Refusal == "" {
		run.progress.Refusal = refused.first
	}
	run.progress.Sent += len(slice)
	run.progress.Refused += refused.count
	run.progress.Position = last
	if run.Progress != nil {
		run.Progress(run.progress)
	}
	return nil
}

func (run *performance) waitFor(ctx context.Context, at time.Duration) error {
	if run.Speed == 0 {
		return ctx.Err()
	}
	wait := time.Until(run.due(at))
	run.progress.Late = max(0, -wait)
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (run *performance) send(ctx context.Context, byTransport map[Transport][]message) (refusals, error) {
	group, sending := errgroup.WithContext(ctx)
	results := make(chan refusals, len(byTransport))
	for transport, msgs := range byTransport {
		l, err := run.lane(ctx, transport)
		if err != nil {
			return refusals{}, errors.Join(fmt.Errorf("over %s: %w", transport, err), group.Wait())
		}
		group.Go(func() error {
			r, err := l.send(sending, msgs)
			results <- r
			if err != nil {
				return fmt.Errorf("over %s: %w", transport, err)
			}
			return nil
		})
	}
	err := group.Wait()
	close(results)
	var all refusals
	for r := range results {
		all.add(r)
	}
	return all, err
}

func (run *performance) lane(ctx context.Context, t Transport) (lane, error) {
	if l := run.lanes[t]; l != nil {
		return l, nil
	}
	l, err := run.player.open(ctx, t, run.player.to)
	if err != nil {
		return nil, err
	}
	run.lanes[t] = l
	return l, nil
}

func (run *performance) close() (err error) {
	for _, l := range run.lanes {
		err = errors.Join(err, l.close())
	}
	return err
}

func where(r Record, err error) error {
	if r.Line > 0 {
		return fmt.Errorf("line %d: %w", r.Line, err)
	}
	return fmt.Errorf("record at %s: %w", r.At, err)
}

// Markable tells whether every record can carry the mark of an exercise, before
// the first one leaves.
func Markable(records []Record) error {
	for _, r := range records {
		if _, err := prepare(r, time.Unix(1<<30, 0), time.UTC, "check"); err != nil {
			return where(r, err)
		}
	}
	return nil
}

// Merge joins two sequences of records into one by time; at the same time the
// first one's come first.
func Merge(a, b iter.Seq[Record]) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		waiting, more := next()
		for r := range a {
			for more && waiting.At < r.At {
				if !yield(waiting) {
					return
				}
				waiting, more = next()
			}
			if !yield(r) {
				return
			}
		}
		for more {
			if !yield(waiting) {
				return
			}
			waiting, more = next()
		}
	}
}
