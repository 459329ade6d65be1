package hospital

import (
	"cmp"
	"slices"

	"warder/internal/flow"
)

// What an unset field reads as.
const (
	defaultCriticality = 3
	defaultLikelihood  = 1
	defaultTimeZone    = "UTC"
)

// normal returns the model with what was left out filled in: criticality 3,
// likelihood 1, the need of the group (1 when no member says one), plan files
// under plans/, identifiers grouped by kind. Lists are copied where they change.
func normal(m *Model) *Model {
	n := *m
	if n.TimeZone == "" {
		n.TimeZone = defaultTimeZone
	}
	n.Assets = slices.Clone(m.Assets)
	for i := range n.Assets {
		normaliseAsset(&n.Assets[i])
	}
	n.Dependencies = slices.Clone(m.Dependencies)
	normaliseDependencies(n.Dependencies)
	n.Plans = slices.Clone(m.Plans)
	for i := range n.Plans {
		if p := &n.Plans[i]; p.File == "" {
			p.File = "plans/" + p.ID + ".svg"
		}
	}
	return &n
}

func normaliseAsset(a *Asset) {
	if a.Criticality == 0 {
		a.Criticality = defaultCriticality
	}
	byKind := func(x, y flow.Identifier) int { return cmp.Compare(x.Kind, y.Kind) }
	if !slices.IsSortedFunc(a.Identifiers, byKind) {
		a.Identifiers = slices.Clone(a.Identifiers)
		slices.SortStableFunc(a.Identifiers, byKind)
	}
}

// redundancy names the suppliers of one asset that stand in for each other.
type redundancy struct{ to, group string }

func normaliseDependencies(deps []Dependency) {
	need := make(map[redundancy]int)
	for _, d := range deps {
		if d.Group != "" && d.Need > 0 {
			need[redundancy{d.To, d.Group}] = d.Need
		}
	}
	for i := range deps {
		d := &deps[i]
		if d.Likelihood == 0 {
			d.Likelihood = defaultLikelihood
		}
		if d.Need == 0 {
			d.Need = max(1, need[redundancy{d.To, d.Group}])
		}
	}
}
