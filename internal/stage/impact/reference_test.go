package impact

import (
	"io/fs"
	"slices"
	"testing"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/hospital"
)

func referenceModel(t testing.TB) *hospital.Model {
	t.Helper()
	sub, err := fs.Sub(content.FS, "hospitals/reference")
	if err != nil {
		t.Fatal(err)
	}
	m, problems := hospital.LoadFolder(sub)
	if len(problems) > 0 {
		t.Fatalf("reference hospital: %v", problems[0])
	}
	return m
}

func built(t testing.TB, m *hospital.Model) *hospital.Snapshot {
	t.Helper()
	s, problems := hospital.Build(m)
	if len(problems) > 0 {
		t.Fatalf("reference hospital: %v", problems[0])
	}
	return s
}

func shippedEngine(t testing.TB) *Spread {
	t.Helper()
	rules, err := LoadRules(content.FS, "dependencies")
	if err != nil {
		t.Fatal(err)
	}
	return NewSpread(rules)
}

// expectation is what an assessment must say of one asset.
type expectation struct {
	asset  string
	threat flow.Threat
	within float64 // seconds
	least  float64 // likelihood
}

// TestStories computes what the scenarios' alerts lead to in the reference
// hospital.
func TestStories(t *testing.T) {
	segmented := referenceModel(t)
	for i := range segmented.Assets {
		if a := &segmented.Assets[i]; a.Kind == hospital.Port && a.Place != "" {
			a.Protections = []hospital.Protection{{Against: flow.ThreatScan, Degree: 1, By: []string{"a-fw-1"}}}
		}
	}
	stories := []struct {
		name    string
		model   *hospital.Model
		starts  []string
		expect  []expectation
		silent  []string
		barrier string
	}{
		{
			name: "fire beside the theatre plant", starts: []string{"a-r-e2014 fire"},
			expect: []expectation{
				{"a-r-e2015", flow.ThreatFire, 1800, 0.2}, {"a-pw-it-bloc", flow.ThreatLost, 2700, 0.1},
				{"a-r-e2020", flow.ThreatLost, 3600, 0.1}, {"a-cs-theatres", flow.ThreatLost, 3600, 0.1},
			},
			silent: []string{"a-cs-icu lost", "a-cs-samu lost", "a-cs-vaccination lost", "a-r-m0025 fire"},
		},
		{
			name: "vaccine theft",
			starts: []string{"a-app-mail phishing", "a-srv-schedule scan", "a-app-schedule manipulation", "a-r-m0010 crowd", "a-r-m0018 loitering",
				"a-d-m0020 badge-misuse", "a-eq-freezer-m0021-1 tamper", "a-r-m0024 fire", "a-pw-m0-sud lost"},
			expect: []expectation{
				{"a-net-office", flow.ThreatScan, 600, 0.3}, {"a-sk-vaccines", flow.ThreatTheft, 900, 0.5}, {"a-r-m0025", flow.ThreatFire, 1800, 0.2},
				{"a-cs-vaccination", flow.ThreatLost, 3600, 0}, {"a-cs-pharmacy", flow.ThreatLost, 10800, 0},
			},
			silent: []string{"a-r-e2014 fire", "a-cs-theatres lost", "a-cs-samu lost"},
		},
		{
			name: "scheduling manipulated", starts: []string{"a-app-schedule manipulation"},
			expect: []expectation{{"a-op-reception", flow.ThreatDegraded, 1800, 0.5}, {"a-r-m0010", flow.ThreatCrowd, 3600, 0.3}},
		},
		{
			name: "segmentation stops the scan", model: segmented, starts: []string{"a-app-mail phishing", "a-pc-m0003-1 scan"},
			expect:  []expectation{{"a-net-office", flow.ThreatScan, 600, 0.3}},
			silent:  []string{"a-port-office-apps scan", "a-net-apps scan", "a-srv-schedule scan", "a-srv-schedule compromise", "a-app-schedule manipulation", "a-r-m0010 crowd", "a-sk-vaccines theft"},
			barrier: "a-port-office-apps",
		},
	}
	engine, plain := shippedEngine(t), built(t, referenceModel(t))
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			model := plain
			if story.model != nil {
				model = built(t, story.model)
			}
			var starts []flow.Affected
			for _, s := range story.starts {
				starts = append(starts, at(s, epoch))
			}
			a := engine.Assess(model, starts, nil, epoch)
			for _, e := range story.expect {
				i := slices.IndexFunc(a.Impacts, func(i flow.Impact) bool { return i.Asset == e.asset && i.Threat == e.threat })
				if i < 0 {
					t.Errorf("%s %s is not reached", e.asset, e.threat)
				} else if im := a.Impacts[i]; im.Delay > e.within || im.Likelihood < e.least {
					t.Errorf("%s %s: likelihood %.2f after %.0f s, want at least %.2f within %.0f s", e.asset, e.threat, im.Likelihood, im.Delay, e.least, e.within)
				}
			}
			for _, im := range a.Impacts {
				if slices.Contains(story.silent, im.Asset+" "+string(im.Threat)) {
					t.Errorf("%s %s is reached (%.3f) by %v", im.Asset, im.Threat, im.Likelihood, im.Path)
				}
			}
			if story.barrier != "" && !slices.ContainsFunc(a.Barriers, func(b flow.Barrier) bool { return b.To == story.barrier }) {
				t.Errorf("no barrier at %s among %v", story.barrier, a.Barriers)
			}
		})
	}
}

func BenchmarkAssess(b *testing.B) {
	engine, model := shippedEngine(b), built(b, referenceModel(b))
	starts := []flow.Affected{at("a-r-e2014 fire", epoch)}
	for b.Loop() {
		engine.Assess(model, starts, nil, epoch)
	}
}
