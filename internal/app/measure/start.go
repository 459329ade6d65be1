package measure

import (
	"context"
	"errors"
	"time"
)

// Options say how a bench is run.
type Options struct {
	Version  string
	Runs     int
	Progress func(string) // may be nil
}

func (o Options) say(text string) {
	if o.Progress != nil {
		o.Progress(text)
	}
}

// idleAfter is how long nothing happens before idle memory is read.
const idleAfter = 10 * time.Second

// Start measures how long the binary takes until it serves the reference
// hospital, and what memory it then holds when nothing happens.
func Start(ctx context.Context, o Options) (Report, error) {
	var f figures
	for run := range o.Runs {
		o.say("start " + progress(run, o.Runs))
		if err := startOnce(ctx, &f); err != nil {
			return Report{}, err
		}
	}
	return Report{Bench: "start", Version: o.Version, Machine: thisMachine(), Runs: o.Runs,
		Input: "the reference hospital, no events", Results: f.results()}, nil
}

func startOnce(ctx context.Context, f *figures) (err error) {
	p, err := prepare(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	took, err := p.start(ctx)
	if err != nil {
		return err
	}
	f.add("start.seconds", "s", took.Seconds())
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(idleAfter):
	}
	mb, err := p.memory()
	f.add("start.idle_memory_mb", "MB", mb)
	return err
}
