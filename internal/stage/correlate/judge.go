package correlate

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"warder/internal/flow"
)

// candidate is an incident that an alert may join, and why.
type candidate struct {
	found
	reason flow.Text
	with   string // the asset or actor that is shared or near
	rank   int
}

// Ranks of reasons, best first; from rankNear on the distance is added.
const (
	rankAsset = iota
	rankActor
	rankNear
)

// strong tells reasons that may tie incidents together from mere nearness.
func (c candidate) strong() bool { return c.rank < rankNear }

// candidates lists the incidents that the alert fits, best reason first, and
// apart from them those that it would belong to, were they not too old or full.
func (k *correlator) candidates(ctx context.Context, b book, s *sighting) (fits, full []candidate, err error) {
	w := k.limits.Window
	all, err := b.sharing(ctx, s.alert.Exercise, s.keys(), s.alert.Time.Add(-w), s.alert.Time.Add(w))
	if err != nil {
		return nil, nil, err
	}
	for _, f := range all {
		c := k.judge(s, f)
		switch {
		case k.limits.fits(f.c, s.alert.Time):
			fits = append(fits, c)
		case c.strong():
			full = append(full, c)
		}
	}
	best := func(x, y candidate) int { return cmp.Or(cmp.Compare(x.rank, y.rank), older(x.c, y.c)) }
	slices.SortFunc(fits, best)
	slices.SortFunc(full, best)
	return fits, full, nil
}

// judge says which of the keys is the best reason.
func (k *correlator) judge(s *sighting, f found) candidate {
	best := candidate{found: f, rank: 1 << 20}
	for _, key := range slices.Sorted(slices.Values(f.keys)) {
		if c := k.reason(s, key); c.rank < best.rank {
			best.reason, best.with, best.rank = c.reason, c.with, c.rank
		}
	}
	return best
}

func (k *correlator) reason(s *sighting, key string) candidate {
	if slices.Contains(s.strong, key) {
		return k.shared(key)
	}
	n, ok := s.near[key]
	if !ok {
		return candidate{rank: 1 << 20}
	}
	return candidate{
		rank: rankNear + n.distance, with: n.asset,
		reason: flow.Text{Code: "join.near", Params: map[string]string{
			"asset": nameOf(k.model, n.of), "with": nameOf(k.model, n.asset), "distance": strconv.Itoa(n.distance),
			"asset_id": n.of, "with_id": n.asset,
		}},
	}
}

func (k *correlator) shared(key string) candidate {
	kind, what, _ := strings.Cut(key, ":")
	switch kind + ":" {
	case keyAsset:
		return candidate{rank: rankAsset, with: what, reason: flow.Text{Code: "join.asset", Params: map[string]string{
			"asset": nameOf(k.model, what), "asset_id": what,
		}}}
	case keySource:
		return candidate{rank: rankAsset, with: what, reason: flow.Text{Code: "join.source", Params: map[string]string{"source": what}}}
	}
	return candidate{rank: rankActor, with: what, reason: flow.Text{Code: "join.actor", Params: map[string]string{"actor": bareActor(what)}}}
}

// bareActor is what people call an actor: its value without the kind.
func bareActor(actor string) string {
	_, value, _ := strings.Cut(actor, ":")
	return value
}

func (k *correlator) nameOfKey(key string) string {
	kind, what, _ := strings.Cut(key, ":")
	if kind+":" == keyAsset {
		return nameOf(k.model, what)
	}
	return bareActor(what)
}
