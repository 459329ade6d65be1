package source

import (
	"context"
	"time"

	"warder/internal/flow"
)

// Inlet is the way in of one configured source: it stamps records, bounds them,
// counts them and hands them to the intake. A protocol is given its inlets and
// nothing else.
type Inlet struct {
	source  Source
	intake  *Intake
	meter   *meter
	limit   int
	running func(exercise string) bool
	now     func() time.Time
}

// Source is the configuration that the inlet belongs to.
func (in *Inlet) Source() Source { return in.source }

// Limit is the most bytes that one record may have.
func (in *Inlet) Limit() int { return in.limit }

// Accept returns nil after the records are durable: Intake.Accept.
func (in *Inlet) Accept(ctx context.Context, recs ...flow.Raw) error {
	done := make(chan error, 1)
	if err := in.Submit(ctx, func(err error) { done <- err }, recs...); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Submit waits for room only; done is called when all records are durable or
// one failed: Intake.Submit. Records are counted when they are durable.
func (in *Inlet) Submit(ctx context.Context, done func(error), recs ...flow.Raw) error {
	in.stamp(recs)
	return in.intake.Submit(ctx, func(err error) {
		if err == nil {
			in.meter.count(recs)
		}
		done(err)
	}, recs...)
}

// Keep waits for room and then leaves the records to the intake: Intake.Keep.
func (in *Inlet) Keep(ctx context.Context, recs ...flow.Raw) error {
	in.stamp(recs)
	if err := in.intake.Keep(ctx, recs...); err != nil {
		return err
	}
	in.meter.count(recs)
	return nil
}

// TryKeep takes the record if there is room now, and counts it as dropped if
// there is none.
func (in *Inlet) TryKeep(rec flow.Raw) bool {
	recs := []flow.Raw{rec}
	in.stamp(recs)
	if !in.intake.TryKeep(recs[0]) {
		in.meter.dropped.Add(1)
		return false
	}
	in.meter.count(recs)
	return true
}

// stamp completes records in place: whose they are, when they came, and no
// longer than the limit. A claim to belong to an exercise that does not run is
// taken back, so that the record stays live.
func (in *Inlet) stamp(recs []flow.Raw) {
	now := in.now()
	for i := range recs {
		r := &recs[i]
		r.Source = in.source.ID
		if r.Received.IsZero() {
			r.Received = now
		}
		if r.Exercise != "" && !in.running(r.Exercise) {
			r.Exercise = ""
		}
		if over := len(r.Data) - in.limit; over > 0 {
			r.Data = r.Data[:in.limit:in.limit]
			r.Truncated += over
		}
	}
}

// Refused counts records that were turned away with a reason that the sender
// was told, or connections that were.
func (in *Inlet) Refused(n int) { in.meter.refused.Add(int64(n)) }

// Dropped counts records that were lost without the sender being told.
func (in *Inlet) Dropped(n int) { in.meter.dropped.Add(int64(n)) }

// Trouble says that the source cannot be heard now, and why; nil ends it.
func (in *Inlet) Trouble(err error) { in.meter.trouble(err) }
