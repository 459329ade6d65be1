package measure

import (
	"context"

	"warder/internal/stage/detect/count"
)

// correlations measures counting with many groups remembered: what they take, and
// how many hits a second are counted, from the bytes of each to its alerts.
func (m *detection) correlations(ctx context.Context, o Options) error {
	before := heap()
	load := count.NewLoad(correlationKeys)
	for last := -1; load.Keys() > last && load.Keys() < correlationKeys; {
		last = load.Keys()
		o.say("detect: groups " + progress(last/correlationAtOnce, correlationKeys/correlationAtOnce))
		if _, err := takeHits(ctx, load, correlationAtOnce); err != nil {
			return err
		}
	}
	memory := float64(heap()-before) / 1e6
	for run := range o.Runs {
		o.say("detect: hits " + progress(run, o.Runs))
		rate, err := takeHits(ctx, load, correlationHits)
		if err != nil {
			return err
		}
		m.add("detect.correlation_events_per_second", "hits/s", rate)
		m.add("detect.correlation_memory_mb", "MB", memory)
		m.add("detect.correlation_keys", "", float64(load.Keys()))
	}
	return nil
}

// takeHits counts further hits; it gives how many a second.
func takeHits(ctx context.Context, load *count.Load, n int) (rate float64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	bodies, err := load.Bodies(n)
	if err != nil {
		return 0, err
	}
	start := cpuTime()
	if err := load.Take(bodies); err != nil {
		return 0, err
	}
	return float64(len(bodies)) / (cpuTime() - start).Seconds(), nil
}
