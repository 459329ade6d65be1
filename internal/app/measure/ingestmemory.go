package measure

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Figures of the memory measurement.
const (
	memoryRate  = 10_000 // events a second
	memoryFor   = time.Minute
	memoryEvery = time.Second
)

// ingestMemory fills the evidence, then lets events come at an even rate and
// takes the most memory that the program holds meanwhile.
func ingestMemory(ctx context.Context, f *figures, l load, in IngestInput) (err error) {
	p, err := prepare(ctx, in.Rules)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if _, err := p.start(ctx); err != nil {
		return err
	}
	filled, err := l.send(ctx, p, &pace{most: int64(in.Stored)})
	if err != nil {
		return err
	}
	if err := p.settled(ctx, work{sent: filled}); err != nil {
		return err
	}
	most, err := p.paced(ctx, l)
	f.add("ingest.memory_mb", "MB", most)
	f.add("ingest.memory_events_stored", "", float64(filled))
	return err
}

// paced sends at an even rate and returns the most memory that was resident.
func (p *process) paced(ctx context.Context, l load) (most float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, memoryFor)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	sent := make(chan error, 1)
	wg.Go(func() {
		_, err := l.send(ctx, p, &pace{perSecond: memoryRate})
		sent <- err
	})
	for {
		select {
		case err := <-sent:
			return most, err
		case <-time.After(memoryEvery):
			mb, err := p.memory()
			if err != nil {
				return most, err
			}
			most = max(most, mb)
		}
	}
}
