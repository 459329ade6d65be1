package impact

import (
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"warder/content"
	"warder/internal/flow"
	"warder/internal/hospital"
)

// TestContentRules runs the cases that every shipped rule carries, each rule on
// its own.
func TestContentRules(t *testing.T) {
	rules, err := LoadRules(content.FS, "dependencies")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules.All()) < 40 {
		t.Errorf("only %d rules", len(rules.All()))
	}
	for _, r := range rules.All() {
		t.Run(r.ID, func(t *testing.T) {
			if r.Why == "" {
				t.Error("why is missing: say how likelihood and delay were judged")
			}
			hits, silences := 0, 0
			for i, c := range r.Tests {
				if c.Then != "" {
					hits++
				} else {
					silences++
				}
				runCase(t, r, i, c)
			}
			if hits == 0 || silences == 0 {
				t.Errorf("%d cases that follow and %d that never do: want at least one of each", hits, silences)
			}
		})
	}
}

func runCase(t *testing.T, r *Rule, i int, c Case) {
	t.Helper()
	alone, err := NewRules([]Rule{*r})
	if err != nil {
		t.Fatal(err)
	}
	a := NewSpread(alone).Assess(caseModel(t, r, c), []flow.Affected{at(c.Start, epoch)}, nil, epoch)
	want := c.Then + c.Never
	k := slices.IndexFunc(a.Impacts, func(im flow.Impact) bool {
		return im.Asset+" "+string(im.Threat) == want && len(im.Path) > 0
	})
	switch {
	case c.Never != "" && k >= 0:
		t.Errorf("case %d: %s came, by %v", i, want, a.Impacts[k].Path)
	case c.Then != "" && k < 0:
		t.Errorf("case %d: %s did not come", i, want)
	case c.Then != "":
		im := a.Impacts[k]
		if math.Abs(im.Likelihood-r.Likelihood) > 1e-9 || im.Delay != r.Delay.Seconds() {
			t.Errorf("case %d: likelihood %v after %v s, want %v after %v", i, im.Likelihood, im.Delay, r.Likelihood, r.Delay)
		}
	}
}

// caseModel builds the tiny hospital of a case. Rules are about kinds and
// relations, so the model is not asked to keep the importer's rules.
func caseModel(t *testing.T, r *Rule, c Case) *hospital.Snapshot {
	t.Helper()
	m := &hospital.Model{Name: "case", TimeZone: "UTC"}
	for id, kind := range c.Given {
		a := hospital.Asset{ID: id, Kind: hospital.Kind(kind), Name: id, Tags: c.Tags[id]}
		if degree, ok := c.Protect[id]; ok {
			a.Protections = []hospital.Protection{{Against: r.Gives, Degree: degree, Note: "test"}}
		}
		m.Assets = append(m.Assets, a)
	}
	for _, e := range c.Edges {
		f := strings.Fields(e)
		m.Dependencies = append(m.Dependencies, hospital.Dependency{From: f[0], To: f[2], Relation: hospital.Relation(f[1])})
	}
	return snapshotOf(m)
}

var epoch = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// at reads "asset threat" as a start.
func at(s string, since time.Time) flow.Affected {
	asset, threat, _ := strings.Cut(s, " ")
	return flow.Affected{Asset: asset, Threat: flow.Threat(threat), Since: since, Alert: "al-" + asset}
}

func TestRulesSayWhatIsWrong(t *testing.T) {
	files := fstest.MapFS{"r/bad.yaml": {Data: []byte(`
- {id: one, title: "One", relation: leans-on, from: {kinds: [room], threats: [rain]}, gives: fire, likelihood: 1.5, delay: -1s, source: s}
- {id: one, title: "Two", relation: self, against: true, from: {threats: [fire]}, gives: lost, likelihood: 0.5, source: s}
`)}}
	_, err := LoadRules(files, "r")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`unknown relation "leans-on"`, `unknown threat "rain"`, "likelihood 1.5", "delay -1s", "two of this id", "cannot go against"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among:\n%v", want, err)
		}
	}
	files["r/bad.yaml"].Data = []byte("- {id: one, colour: red}")
	if _, err := LoadRules(files, "r"); err == nil || !strings.Contains(err.Error(), "r/bad.yaml") || !strings.Contains(err.Error(), "colour") {
		t.Errorf("unknown field: %v", err)
	}
}

func FuzzLoadRules(f *testing.F) {
	err := fs.WalkDir(content.FS, "dependencies", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(content.FS, p)
		f.Add(b)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rules, err := LoadRules(fstest.MapFS{"r/x.yaml": {Data: b}}, "r")
		if err == nil {
			for _, r := range rules.All() {
				if r.Likelihood <= 0 || r.Likelihood > 1 || r.Delay < 0 {
					t.Errorf("accepted %+v", r)
				}
			}
		}
	})
}

// TestWhyTexts keeps the explanation of every rule translated.
func TestWhyTexts(t *testing.T) {
	rules, err := LoadRules(content.FS, "dependencies")
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range []string{"en", "fr"} {
		b, err := fs.ReadFile(content.FS, "notices/"+locale+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules.All() {
			if !strings.Contains(string(b), fmt.Sprintf("\nimpact.why.%s:", r.ID)) {
				t.Errorf("%s: no text for impact.why.%s", locale, r.ID)
			}
		}
	}
}
