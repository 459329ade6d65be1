package measure

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// IngestInput says what taking in is measured with. What is left empty is made up
// or our own, so that the bench runs anywhere.
type IngestInput struct {
	Rules    string        // a folder, or an archive (.tar.gz), of Sigma rules
	Events   string        // a file of JSON, one event a line; .gz is unpacked
	Length   time.Duration // how long each sender sends
	Stored   int           // events that are stored when memory is measured; 0 leaves that out
	Profiles string        // a folder for profiles of the program's CPU time; empty for none
	Only     string        // the one load that is measured; empty for all
}

// Ingest measures how many events a second go the whole way: through a real
// listener, made durable, acknowledged where the protocol can, normalised, held
// against the rules, and on disk as evidence. Senders are as fast as they are let.
func Ingest(ctx context.Context, o Options, in IngestInput) (Report, error) {
	loads, input, err := newLoads(in)
	if err != nil {
		return Report{}, err
	}
	var f figures
	for run := range o.Runs {
		for _, l := range loads {
			if in.Only != "" && in.Only != l.name {
				continue
			}
			o.say(fmt.Sprintf("ingest: %s, %s", l.name, progress(run, o.Runs)))
			if err := ingestOnce(ctx, &f, l, in, run); err != nil {
				return Report{}, fmt.Errorf("measure %s: %w", l.name, err)
			}
		}
	}
	if in.Stored > 0 {
		o.say(fmt.Sprintf("ingest: memory with %d events stored", in.Stored))
		if err := ingestMemory(ctx, &f, loads[0], in); err != nil {
			return Report{}, fmt.Errorf("measure memory: %w", err)
		}
	}
	return Report{Bench: "ingest", Version: o.Version, Machine: thisMachine(), Runs: o.Runs, Input: input, Results: f.results()}, nil
}

// load is one way of sending as fast as one is let.
type load struct {
	name string
	// send sends until the context ends and returns how many records went out.
	send func(ctx context.Context, p *process, limit *pace) (int64, error)
}

func ingestOnce(ctx context.Context, f *figures, l load, in IngestInput, run int) (err error) {
	p, err := prepare(ctx, in.Rules)
	if err != nil {
		return err
	}
	if in.Profiles != "" {
		p.profile = filepath.Join(in.Profiles, fmt.Sprintf("%s-%d.pprof", l.name, run+1))
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if _, err := p.start(ctx); err != nil {
		return err
	}
	before, err := p.cpu()
	if err != nil {
		return err
	}
	own := cpuTime()
	w, err := p.sendAndFollow(ctx, l, in.Length)
	if err != nil {
		return err
	}
	after, err := p.cpu()
	if err != nil {
		return err
	}
	spent, own := after-before, cpuTime()-own
	f.add("ingest."+l.name+"_events_per_second", "events/s", w.rate())
	f.add("ingest."+l.name+"_accepted_per_second", "events/s", float64(w.sent)/w.sending.Seconds())
	f.add("ingest."+l.name+"_cpu_us_per_event", "µs", float64(spent.Microseconds())/float64(w.sent))
	f.add("ingest."+l.name+"_sender_share", "%", 100*own.Seconds()/(own+spent).Seconds())
	return nil
}

// work is how far the way came with what was sent.
type work struct {
	sent    int64
	sending time.Duration // how long the sender sent
	last    uint64        // batches that this made
	moved   uint64        // batches that were detected and stored when the cursors moved last
	at      time.Duration // when that was, from the first byte
}

// rate counts what was detected and stored when a segment of the evidence was
// written last: the rest waits for company, which is no work.
func (w work) rate() float64 {
	return float64(w.sent) * float64(w.moved) / float64(w.last) / w.at.Seconds()
}

const (
	followEvery = 100 * time.Millisecond
	// workPatience is how long working off may take beyond the sending.
	workPatience = 5 * time.Minute
)

// sendAndFollow sends for a time and follows the cursors until all is detected.
func (p *process) sendAndFollow(ctx context.Context, l load, length time.Duration) (w work, err error) {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithTimeout(ctx, length+workPatience)
	defer cancel()
	sending, stop := context.WithTimeout(ctx, length)
	defer stop()
	began, ended := time.Now(), make(chan error, 1)
	wg.Go(func() {
		var err error
		w.sent, err = l.send(sending, p, nil)
		w.sending = time.Since(began)
		ended <- err
	})
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for sent := false; ; {
		select {
		case <-ctx.Done():
			return w, fmt.Errorf("not everything was worked off in time: %w", ctx.Err())
		case err := <-ended:
			if err != nil {
				return w, err
			}
			sent = true
		case <-tick.C:
		}
		s, err := p.standing(ctx)
		if err != nil {
			return w, err
		}
		if s.worked > w.moved {
			w.moved, w.at = s.worked, time.Since(began)
		}
		if w.last = s.last; sent && s.received >= w.sent && s.detected == s.last && w.moved > 0 {
			return w, p.settled(ctx, w)
		}
	}
}

// settled waits until the rest is stored too, and sees that nothing is missing.
func (p *process) settled(ctx context.Context, w work) error {
	for {
		s, err := p.standing(ctx)
		if err != nil {
			return err
		}
		if s.worked == s.last {
			if s.received != w.sent {
				return fmt.Errorf("%d records were sent and %d were accepted", w.sent, s.received)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followEvery):
		}
	}
}
