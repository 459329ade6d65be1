package measure

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// warmUp is how long events flow before the first reading of memory: until
// buffers and caches have their size. A short soak is warmed up for half its
// length.
const (
	warmUp    = time.Minute
	soakReads = 12 // readings of memory, about
)

// Soak lets ordinary events flow for a long time and measures whether memory
// stays flat: what is resident after a minute, at the end, and at most.
func Soak(ctx context.Context, o Options, length time.Duration, rate int) (Report, error) {
	var f figures
	for run := range o.Runs {
		o.say("soak " + progress(run, o.Runs))
		if err := soakOnce(ctx, &f, length, rate); err != nil {
			return Report{}, err
		}
	}
	return Report{Bench: "soak", Version: o.Version, Machine: thisMachine(), Runs: o.Runs,
		Input: fmt.Sprintf("the reference hospital; %v for %v", Background{Rate: rate}, length), Results: f.results()}, nil
}

func soakOnce(ctx context.Context, f *figures, length time.Duration, rate int) (err error) {
	p, err := prepare(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if _, err := p.start(ctx); err != nil {
		return err
	}
	warm := min(warmUp, length/2)
	ctx, cancel := context.WithTimeout(ctx, warm+length)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	flooded := make(chan error, 1)
	var others flood
	wg.Go(func() { flooded <- others.run(ctx, p, rate) })
	began := time.Now()
	tick := time.NewTicker(length / soakReads)
	defer tick.Stop()
	var first, most, last float64
	for {
		select {
		case err := <-flooded:
			if ctx.Err() == nil {
				return err
			}
			f.add("soak.events_per_second", "events/s", float64(others.sent.Load())/time.Since(began).Seconds())
			f.add("soak.memory_begin_mb", "MB", first)
			f.add("soak.memory_end_mb", "MB", last)
			f.add("soak.memory_most_mb", "MB", most)
			return err
		case <-tick.C:
			if time.Since(began) < warm {
				continue
			}
			if last, err = p.memory(); err != nil {
				return err
			}
			most = max(most, last)
			if first == 0 {
				first = last
			}
		}
	}
}
