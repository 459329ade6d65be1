package correlate

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// book is where a correlator finds and keeps incidents: tables in the program,
// maps in the tests of the rules.
type book interface {
	finder
	keeper
}

type finder interface {
	// known tells whether the alert was taken in before.
	known(ctx context.Context, alert string) (bool, error)
	// sharing lists open incidents found by any of the keys, with those keys,
	// whose alerts lie at least partly between from and to.
	sharing(ctx context.Context, exercise string, keys []string, from, to time.Time) ([]found, error)
	// loose lists quiet alerts without an incident found by any of the keys,
	// oldest first.
	loose(ctx context.Context, exercise string, keys []string, from, to time.Time) ([]flow.Alert, error)
}

type keeper interface {
	// open keeps a new incident.
	open(ctx context.Context, c *Case) error
	// attach keeps an alert as part of an incident, which is then found by traces.
	attach(ctx context.Context, c *Case, j flow.Join, traces []string) error
	// detach keeps an alert without an incident, to be found by keys.
	detach(ctx context.Context, a flow.Alert, keys []string) error
	// merge moves everything of one incident into another.
	merge(ctx context.Context, from, into *Case, why flow.Text) error
	// relate notes in both timelines that two incidents belong together.
	relate(ctx context.Context, a, b *Case, why flow.Text) error
	// resolve ends an incident without a person, and says why.
	resolve(ctx context.Context, c *Case, why flow.Text) error
}

// found is an incident and the keys that it was found by.
type found struct {
	c    *Case
	keys []string
}

// correlator decides. It keeps no state of its own.
type correlator struct {
	limits Limits
	model  *hospital.Snapshot
	now    time.Time
}

// take gives an alert its place: in an incident, in a new one, or on its own.
func (k *correlator) take(ctx context.Context, b book, a flow.Alert) error {
	known, err := b.known(ctx, a.ID)
	if err != nil || known {
		return err
	}
	s := k.limits.look(k.model, a)
	if s.recovery() {
		return k.recover(ctx, b, s)
	}
	fits, full, err := k.candidates(ctx, b, s)
	switch {
	case err != nil:
		return err
	case len(fits) > 0:
		return k.join(ctx, b, s, fits)
	case s.quiet():
		return k.wait(ctx, b, s)
	}
	c, err := k.begin(ctx, b, s, flow.Text{Code: "join.first"})
	if err != nil {
		return err
	}
	// One note is enough: the others are full for the same reason.
	return k.relateAll(ctx, b, c, full[:min(len(full), 1)])
}

// join puts the alert into the best incident, makes one incident of those that
// it ties together, and takes up quiet alerts that now belong.
func (k *correlator) join(ctx context.Context, b book, s *sighting, fits []candidate) error {
	into := fits[0].c
	into.fold(k.model, &s.alert)
	var traces []string
	if !s.quiet() {
		traces = s.traces()
	}
	if err := b.attach(ctx, into, k.because(into, s, fits[0].reason, fits[0].with), traces); err != nil {
		return err
	}
	if s.quiet() {
		return nil
	}
	into, err := k.tie(ctx, b, s, into, fits[1:])
	if err != nil {
		return err
	}
	return k.gather(ctx, b, s, into)
}

func (k *correlator) because(c *Case, s *sighting, reason flow.Text, with string) flow.Join {
	return flow.Join{Incident: c.Incident.ID, Alert: s.alert, Reason: reason, With: with, At: k.now}
}

// begin opens an incident with the alert.
func (k *correlator) begin(ctx context.Context, b book, s *sighting, reason flow.Text) (*Case, error) {
	c := newCase(&s.alert)
	c.Incident.Opened = k.now
	c.fold(k.model, &s.alert)
	if err := b.open(ctx, c); err != nil {
		return nil, err
	}
	if err := b.attach(ctx, c, k.because(c, s, reason, ""), s.traces()); err != nil {
		return nil, err
	}
	return c, k.gather(ctx, b, s, c)
}

// tie merges the other incidents that share an asset or an actor with the alert,
// as far as no person worked on them and the limits allow; the rest are noted.
// The older incident survives.
func (k *correlator) tie(ctx context.Context, b book, s *sighting, c *Case, others []candidate) (*Case, error) {
	var apart []candidate
	for _, o := range others {
		if !o.strong() {
			continue
		}
		if c.Touched && o.c.Touched || !k.limits.mergeable(c, o.c) {
			apart = append(apart, o)
			continue
		}
		into, from := c, o.c
		if from.Touched || !into.Touched && older(from, into) < 0 {
			into, from = from, into
		}
		why := flow.Text{Code: "incident.merged-by-alert", Params: o.reason.Params}
		into.absorb(k.model, from)
		if err := b.merge(ctx, from, into, why); err != nil {
			return nil, err
		}
		c = into
	}
	return c, k.relateAll(ctx, b, c, apart)
}

func (k *correlator) relateAll(ctx context.Context, b book, c *Case, others []candidate) error {
	for _, o := range others {
		if err := b.relate(ctx, c, o.c, o.reason); err != nil {
			return err
		}
	}
	return nil
}

// gather takes up quiet alerts that waited for an incident like this.
func (k *correlator) gather(ctx context.Context, b book, s *sighting, c *Case) error {
	waiting, err := b.loose(ctx, s.alert.Exercise, s.strong, s.alert.Time.Add(-k.limits.Window), s.alert.Time.Add(k.limits.Window))
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if !k.limits.fits(c, a.Time) {
			continue
		}
		q := k.limits.look(k.model, a)
		j := k.judge(q, found{c, common(s.strong, q.strong)})
		c.fold(k.model, &a)
		if err := b.attach(ctx, c, k.because(c, q, j.reason, j.with), nil); err != nil {
			return err
		}
	}
	return nil
}

// wait keeps a quiet alert, or opens an incident when it is one of several low
// ones about the same thing.
func (k *correlator) wait(ctx context.Context, b book, s *sighting) error {
	if s.alert.Severity == flow.SeverityLow {
		for _, key := range s.strong {
			waiting, err := b.loose(ctx, s.alert.Exercise, []string{key}, s.alert.Time.Add(-k.limits.Window), s.alert.Time.Add(k.limits.Window))
			if err != nil {
				return err
			}
			if lows(waiting)+1 >= k.limits.Quiet {
				return k.beginTogether(ctx, b, s, key)
			}
		}
	}
	return b.detach(ctx, s.alert, s.strong)
}

func lows(alerts []flow.Alert) int {
	n := 0
	for _, a := range alerts {
		if a.Severity == flow.SeverityLow {
			n++
		}
	}
	return n
}

// beginTogether opens an incident that is found only by what its alerts share.
func (k *correlator) beginTogether(ctx context.Context, b book, s *sighting, key string) error {
	only := *s
	only.strong, only.rooms = []string{key}, nil
	reason := flow.Text{Code: "join.repeated", Params: map[string]string{
		"what": k.nameOfKey(key), "times": strconv.Itoa(k.limits.Quiet),
	}}
	_, err := k.begin(ctx, b, &only, reason)
	return err
}

func older(a, b *Case) int {
	return cmp.Or(a.First.Time.Compare(b.First.Time), cmp.Compare(a.Incident.ID, b.Incident.ID))
}

func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(k string) bool { return !slices.Contains(b, k) })
}
