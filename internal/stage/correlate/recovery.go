package correlate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/store"
)

// recover puts the news that a source is well again into the newest open
// incident of that source that began before, however long ago that was. It
// opens none, and no later one takes it up: it is about a trouble that is over.
func (k *correlator) recover(ctx context.Context, b book, s *sighting) error {
	all, err := b.sharing(ctx, s.alert.Exercise, s.strong, time.Time{}, s.alert.Time)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return b.detach(ctx, s.alert, nil)
	}
	f := slices.MaxFunc(all, func(x, y found) int { return older(x.c, y.c) })
	c, ends := f.c, selfEnding(f.c, s.alert.Time)
	j := k.judge(s, f)
	c.fold(k.model, &s.alert)
	if err := b.attach(ctx, c, k.because(c, s, j.reason, j.with), nil); err != nil || !ends {
		return err
	}
	return b.resolve(ctx, c, flow.Text{Code: "timeline.recovered", Params: map[string]string{"source": s.alert.Text.Params["source"]}})
}

// selfEnding tells whether an incident is over once its source speaks again at
// a time: it is about silence only, the graver troubles of a source giving
// another type, and no person has touched it.
func selfEnding(c *Case, at time.Time) bool {
	in := &c.Incident
	return in.Type == flow.ThreatSourceSilent && in.Status == flow.StatusNew && !c.Touched && !at.Before(in.LastAlert)
}

func (u *unit) resolve(ctx context.Context, c *Case, why flow.Text) error {
	in := &c.Incident
	in.Status, in.Closed = flow.StatusResolved, new(u.now)
	u.touch(c, "status", "", true)
	if err := u.untrace(ctx, in.ID); err != nil {
		return err
	}
	// The next alert of this transaction must not find it.
	if err := u.save(ctx, c); err != nil {
		return err
	}
	if err := u.write(ctx, u.entry(c, "act", why)); err != nil {
		return err
	}
	err := u.tx.Audit(ctx, store.Entry{
		Time: u.now, Name: "Warder", Action: "incident.status", Subject: in.ID,
		Detail: map[string]any{"number": in.Number, "status": in.Status, "reason": why.Code},
	})
	if err != nil {
		return fmt.Errorf("record that incident %s resolved itself: %w", in.ID, err)
	}
	return nil
}
