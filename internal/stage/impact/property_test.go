package impact

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// The properties are checked on small random hospitals under small random rules.

// world is a random hospital with rules and starts.
type world struct {
	model  *hospital.Model
	rules  *Rules
	starts []flow.Affected
}

func someThreats() []flow.Threat {
	return []flow.Threat{flow.ThreatFire, flow.ThreatSmoke, flow.ThreatLost, flow.ThreatDegraded}
}

// drawWorld draws a hospital of at most n assets. With groups, consumers may
// have redundant suppliers.
func drawWorld(t *rapid.T, n int, groups bool) *world {
	w := &world{model: &hospital.Model{Name: "random", TimeZone: "UTC"}}
	count := rapid.IntRange(2, n).Draw(t, "assets")
	id := func(i int) string { return fmt.Sprintf("n%d", i) }
	for i := range count {
		a := hospital.Asset{ID: id(i), Kind: hospital.Equipment, Name: id(i)}
		if rapid.IntRange(0, 4).Draw(t, "protected") == 0 {
			a.Protections = []hospital.Protection{{
				Against: rapid.SampledFrom(someThreats()).Draw(t, "against"),
				Degree:  rapid.SampledFrom([]float64{0.25, 0.5, 1}).Draw(t, "degree"), Note: "drawn",
			}}
		}
		w.model.Assets = append(w.model.Assets, a)
	}
	seen := map[string]bool{}
	for range rapid.IntRange(1, 2*count).Draw(t, "edges") {
		d := hospital.Dependency{
			From: id(rapid.IntRange(0, count-1).Draw(t, "from")), To: id(rapid.IntRange(0, count-1).Draw(t, "to")),
			Relation:   rapid.SampledFrom([]hospital.Relation{hospital.LeadsTo, hospital.Supplies}).Draw(t, "relation"),
			Likelihood: rapid.SampledFrom([]float64{0, 0.3, 0.7, 0.9}).Draw(t, "likelihood"),
			Autonomy:   time.Duration(rapid.IntRange(0, 3).Draw(t, "autonomy")) * time.Hour,
		}
		if groups && d.Relation == hospital.Supplies && rapid.Bool().Draw(t, "grouped") {
			d.Group = "g"
		}
		if key := d.From + d.To + string(d.Relation); d.From != d.To && !seen[key] {
			seen[key] = true
			w.model.Dependencies = append(w.model.Dependencies, d)
		}
	}
	w.rules = drawRules(t)
	for range rapid.IntRange(1, 2).Draw(t, "starts") {
		w.starts = append(w.starts, flow.Affected{
			Asset: id(rapid.IntRange(0, count-1).Draw(t, "start")), Threat: rapid.SampledFrom(someThreats()).Draw(t, "threat"),
			Since: epoch.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "since")) * time.Hour), Alert: "al",
		})
	}
	return w
}

func drawRules(t *rapid.T) *Rules {
	var rules []Rule
	for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
		rules = append(rules, Rule{
			ID: fmt.Sprintf("r%d", i), Title: "drawn", Source: "drawn",
			Relation:   rapid.SampledFrom([]hospital.Relation{hospital.LeadsTo, hospital.Supplies, Self}).Draw(t, "along"),
			From:       Match{Threats: []flow.Threat{rapid.SampledFrom(someThreats()).Draw(t, "when")}},
			Gives:      rapid.SampledFrom(someThreats()).Draw(t, "gives"),
			Likelihood: rapid.SampledFrom([]float64{0.2, 0.5, 0.8, 1}).Draw(t, "passes"),
			Delay:      time.Duration(rapid.IntRange(0, 12).Draw(t, "delay")) * time.Hour,
		})
	}
	set, err := NewRules(rules)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (w *world) assess() flow.Assessment {
	return NewSpread(w.rules).Assess(snapshotOf(w.copy()), w.starts, nil, epoch)
}

// copy keeps the drawn model clean of what snapshotOf adds.
func (w *world) copy() *hospital.Model {
	m := *w.model
	m.Assets, m.Dependencies = slices.Clone(m.Assets), slices.Clone(m.Dependencies)
	return &m
}

func likelihoods(a flow.Assessment) map[node]float64 {
	out := map[node]float64{}
	for _, i := range a.Impacts {
		out[node{i.Asset, i.Threat}] = i.Likelihood
	}
	return out
}

const near = 1e-9

// TestBestDerivation compares with the enumeration of every simple derivation.
func TestBestDerivation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 6, false)
		got := likelihoods(w.assess())
		want := enumerate(w)
		for n, p := range want {
			if math.Abs(got[n]-p) > near {
				t.Fatalf("%v: likelihood %v, want %v by enumeration", n, got[n], p)
			}
		}
		for n := range got {
			if _, ok := want[n]; !ok {
				t.Fatalf("%v was reached, which no derivation does", n)
			}
		}
	})
}

// enumerate walks every derivation without a repeated state, by brute force.
func enumerate(w *world) map[node]float64 {
	s := snapshotOf(w.copy())
	best := map[node]float64{}
	first, last := w.starts[0].Since, time.Time{}
	earliest := map[node]time.Time{}
	for _, a := range w.starts {
		if a.Since.Before(first) {
			first = a.Since
		}
		n := node{a.Asset, a.Threat}
		if e, ok := earliest[n]; !ok || a.Since.Before(e) {
			earliest[n] = a.Since
		}
	}
	last = first
	for _, e := range earliest {
		if e.After(last) {
			last = e
		}
	}
	var walk func(n node, p float64, at time.Time, trail map[node]bool)
	walk = func(n node, p float64, at time.Time, trail map[node]bool) {
		if p < Cutoff || at.After(last.Add(Horizon)) || trail[n] {
			return
		}
		best[n] = max(best[n], p)
		trail[n] = true
		defer delete(trail, n)
		for _, r := range w.rules.All() {
			if r.From.Threats[0] != n.threat {
				continue
			}
			step := func(to string, likelihood float64, delay time.Duration) {
				if a, ok := s.Asset(to); ok {
					for _, pr := range a.Protections {
						if pr.Against == r.Gives {
							likelihood *= 1 - pr.Degree
						}
					}
				}
				if likelihood > 0 {
					walk(node{to, r.Gives}, p*likelihood, at.Add(delay), trail)
				}
			}
			if r.Relation == Self {
				step(n.asset, r.Likelihood, r.Delay)
				continue
			}
			for _, d := range s.Out(n.asset) {
				if d.Relation != r.Relation {
					continue
				}
				delay := r.Delay
				if r.redundant() {
					delay += d.Autonomy
				}
				step(d.To, r.Likelihood*scale(d.Likelihood), delay)
			}
		}
	}
	for n, since := range earliest {
		walk(n, 1, since, map[node]bool{})
	}
	return best
}

// TestPathsReplay multiplies and adds up every path.
func TestPathsReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 8, true)
		a := w.assess()
		for _, i := range a.Impacts {
			p, delay := 1.0, 0.0
			for k, s := range i.Path {
				p *= s.Likelihood
				delay += s.Delay
				if s.Delay < 0 || k > 0 && (i.Path[k-1].To != s.From || i.Path[k-1].ToThreat != s.FromThreat) {
					t.Fatalf("%s %s: broken path %v", i.Asset, i.Threat, i.Path)
				}
			}
			if math.Abs(p-i.Likelihood) > near || math.Abs(delay-i.Delay) > 1e-6 {
				t.Fatalf("%s %s: path gives %v after %v s, claimed %v after %v", i.Asset, i.Threat, p, delay, i.Likelihood, i.Delay)
			}
			if n := len(i.Path); n > 0 && (i.Path[n-1].To != i.Asset || i.Path[n-1].ToThreat != i.Threat) {
				t.Fatalf("%s %s: the path ends elsewhere: %v", i.Asset, i.Threat, i.Path)
			}
			if i.Likelihood < Cutoff {
				t.Fatalf("%s %s: likelihood %v is below the cutoff", i.Asset, i.Threat, i.Likelihood)
			}
		}
	})
}

// TestProtectionNeverHarms adds a protection somewhere.
func TestProtectionNeverHarms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 8, true)
		before := likelihoods(w.assess())
		a := &w.model.Assets[rapid.IntRange(0, len(w.model.Assets)-1).Draw(t, "where")]
		a.Protections = append(slices.Clone(a.Protections), hospital.Protection{
			Against: rapid.SampledFrom(someThreats()).Draw(t, "new against"), Degree: rapid.SampledFrom([]float64{0.3, 1}).Draw(t, "new degree"), Note: "added",
		})
		for n, p := range likelihoods(w.assess()) {
			if p > before[n]+near {
				t.Fatalf("%v became likelier: %v, was %v", n, p, before[n])
			}
		}
	})
}

// TestRedundancyNeverAdvances adds a supplier to a group and compares, for every
// state, how likely it is by when.
func TestRedundancyNeverAdvances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 7, true)
		before := w.settled()
		consumer := w.model.Assets[rapid.IntRange(0, len(w.model.Assets)-1).Draw(t, "consumer")].ID
		has := slices.ContainsFunc(w.model.Dependencies, func(d hospital.Dependency) bool { return d.To == consumer && d.Group == "g" })
		w.model.Assets = append(w.model.Assets, hospital.Asset{ID: "spare", Kind: hospital.Equipment, Name: "spare"})
		w.model.Dependencies = append(w.model.Dependencies, hospital.Dependency{From: "spare", To: consumer, Relation: hospital.Supplies, Group: "g"})
		if !has {
			return // a first supplier is a new dependency, no redundancy
		}
		for n, front := range w.settled() {
			for _, l := range front {
				if !reachedBy(before[n], l) {
					t.Fatalf("%v: likelihood %v after %v is news: before %v", n, l.likelihood, l.at, describe(before[n]))
				}
			}
		}
	})
}

func (w *world) settled() map[node][]*label {
	v := newWave(snapshotOf(w.copy()), w.rules, w.starts, nil)
	v.run()
	return v.reached
}

// reachedBy tells whether a front holds a derivation that is at least as likely
// and at least as soon.
func reachedBy(front []*label, l *label) bool {
	return slices.ContainsFunc(front, func(b *label) bool { return b.likelihood >= l.likelihood-near && b.at <= l.at })
}

func describe(front []*label) (out []string) {
	for _, l := range front {
		out = append(out, fmt.Sprintf("%v after %v", l.likelihood, l.at))
	}
	return out
}

// TestNamesDoNotMatter renames every asset and reverses the order in which the
// model lists them.
func TestNamesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 8, true)
		before := w.assess()
		rename := func(id string) string { return fmt.Sprintf("z%d-%s", 9-int(id[1]-'0'), id) }
		for i := range w.model.Assets {
			w.model.Assets[i].ID = rename(w.model.Assets[i].ID)
		}
		for i := range w.model.Dependencies {
			d := &w.model.Dependencies[i]
			d.From, d.To = rename(d.From), rename(d.To)
		}
		for i := range w.starts {
			w.starts[i].Asset = rename(w.starts[i].Asset)
		}
		slices.Reverse(w.model.Assets)
		slices.Reverse(w.model.Dependencies)
		after := map[node]flow.Impact{}
		for _, i := range w.assess().Impacts {
			after[node{i.Asset, i.Threat}] = i
		}
		if len(after) != len(before.Impacts) {
			t.Fatalf("%d impacts, %d after renaming", len(before.Impacts), len(after))
		}
		for _, i := range before.Impacts {
			j := after[node{rename(i.Asset), i.Threat}]
			if math.Abs(i.Likelihood-j.Likelihood) > near {
				t.Fatalf("%s %s: %v after %v, renamed %v after %v", i.Asset, i.Threat, i.Likelihood, i.Delay, j.Likelihood, j.Delay)
			}
		}
	})
}
