package inspect

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/detect"
	"warder/internal/stage/normalise"
	"warder/internal/stage/source/recorded"
)

// Logs says which recorded logs are read, and how.
type Logs struct {
	Files    []recorded.File
	Options  recorded.Options
	Jobs     int             // goroutines that normalise and match; 1 when 0
	Hospital hospital.Source // names assets; may be nil
	Progress func(Progress)  // told now and then, from one goroutine; may be nil
}

// Progress is how far the reading came.
type Progress struct {
	Read, Size int64 // bytes of the files; Size is 0 when it is not known
	Records    int
	Findings   int
}

// zone is the hospital's, or UTC.
func (l *Logs) zone() *time.Location {
	if l.Hospital != nil {
		if zone := l.Hospital.Snapshot().Location(); zone != nil {
			return zone
		}
	}
	return time.UTC
}

// record is a record after normalising and matching.
type record struct {
	Place
	number  uint64 // over all files, from 1
	noLog   bool   // it stands for a file that is no log
	raw     flow.Raw
	event   flow.Event
	matches []detect.Match
}

// reading is what is under way. Batches are worked at by all jobs and come out in
// the order in which they were read.
type reading struct {
	logs       *Logs
	normaliser *normalise.Normaliser
	matchers   []detect.Matcher
	size       int64
	taken      atomic.Int64 // bytes read so far
}

const batchSize = 64 // records

type batch struct {
	records []record
	done    chan []record
}

// scan reads every record, normalises it, shows it to the matchers and hands it to
// each, in order and from one goroutine.
func scan(ctx context.Context, logs *Logs, matchers []detect.Matcher, each func(*record) error) error {
	r, err := newReading(logs, matchers)
	if err != nil {
		return err
	}
	jobs := max(logs.Jobs, 1)
	work, ordered := make(chan batch, jobs), make(chan batch, 4*jobs)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(work)
		defer close(ordered)
		return r.produce(ctx, work, ordered)
	})
	for range jobs {
		group.Go(func() error {
			for b := range work {
				for i := range b.records {
					r.meet(&b.records[i])
				}
				b.done <- b.records
			}
			return nil
		})
	}
	group.Go(func() error { return r.collect(ctx, ordered, each) })
	return group.Wait()
}

func newReading(logs *Logs, matchers []detect.Matcher) (*reading, error) {
	presets, err := normalise.Presets(content.FS, "mappings")
	if err != nil {
		return nil, err
	}
	source := logs.Hospital
	if source == nil {
		source = new(hospital.Holder)
	}
	r := &reading{logs: logs, matchers: matchers, normaliser: normalise.New(source, normalise.ByName(presets))}
	for _, f := range logs.Files {
		r.size += f.Size
	}
	return r, nil
}

func (r *reading) produce(ctx context.Context, work, ordered chan<- batch) error {
	o := r.logs.Options
	o.Read = func(n int) { r.taken.Add(int64(n)) }
	var now batch
	send := func() error {
		if len(now.records) == 0 {
			return nil
		}
		now.done = make(chan []record, 1)
		for _, to := range [...]chan<- batch{ordered, work} {
			select {
			case to <- now:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		now = batch{}
		return nil
	}
	number := uint64(0)
	err := recorded.Read(ctx, r.logs.Files, o, func(rec recorded.Record) error {
		number++
		now.records = append(now.records, record{Place: Place{rec.File, rec.At}, number: number, noLog: rec.NoLog, raw: rec.Raw})
		if len(now.records) < batchSize {
			return nil
		}
		return send()
	})
	if err != nil {
		return err
	}
	return send()
}

// meet normalises a record and shows it to the rules. The event's id is its number,
// under the name of the record's place.
func (r *reading) meet(rec *record) {
	rec.event = r.normaliser.Event(flow.RecordID{Writer: rec.writer(), Seq: rec.number}, rec.raw)
	if rec.event.Unreadable() {
		return
	}
	for _, m := range r.matchers {
		rec.matches = append(rec.matches, m.Match(&rec.event)...)
	}
}

// tellEvery is how many batches lie between two tellings of progress.
const tellEvery = 8

func (r *reading) collect(ctx context.Context, ordered <-chan batch, each func(*record) error) error {
	records := 0
	for n := 0; ; n++ {
		var b batch
		var more bool
		select {
		case b, more = <-ordered:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			return nil
		}
		var done []record
		select {
		case done = <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		for i := range done {
			if err := each(&done[i]); err != nil {
				return err
			}
		}
		records += len(done)
		if r.logs.Progress != nil && n%tellEvery == 0 {
			r.logs.Progress(Progress{Read: r.taken.Load(), Size: r.size, Records: records})
		}
	}
}
