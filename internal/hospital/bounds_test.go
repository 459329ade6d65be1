package hospital

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestBounds loads folders that are one above each bound.
func TestBounds(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	assets := "assets:\n  - {id: a, kind: site, name: A}\n  - {id: b, kind: site, name: B}\n"
	deps := "dependencies:\n  - {from: a, to: b, relation: leads-to}\n  - {from: b, to: a, relation: leads-to}\n"
	plans := "plans:\n  - {id: p, name: P, place: a, file: p.svg}\n  - {id: q, name: Q, place: b, file: q.svg}\n"
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`
	folder := fstest.MapFS{
		"hospital.yaml": file("name: X\n"), "a.yaml": file(assets), "d.yaml": file(deps), "p.yaml": file(plans),
		"p.svg": file(svg), "q.svg": file(svg),
	}
	all := defaultLimits()
	for name, narrow := range map[string]func(*limits){
		"files":        func(l *limits) { l.files = 5 },
		"file":         func(l *limits) { l.file = 60 },
		"all":          func(l *limits) { l.all = 200 },
		"svg":          func(l *limits) { l.svg = 20 },
		"assets":       func(l *limits) { l.assets = 1 },
		"dependencies": func(l *limits) { l.dependencies = 1 },
		"plans":        func(l *limits) { l.plans = 1 },
	} {
		lim := all
		narrow(&lim)
		l := newLoader(folder, lim)
		l.folder()
		_, problems := finish(l.done())
		if len(problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		for _, p := range problems {
			if p.Rule != RuleBounds {
				t.Errorf("%s: %s %v", name, p.Rule, p)
			}
		}
	}
	l := newLoader(folder, all)
	l.folder()
	if _, problems := finish(l.done()); len(problems) > 0 {
		t.Errorf("within the bounds: %v", problems)
	}
}

// TestManyProblemsAreCounted keeps an answer readable when everything is wrong.
func TestManyProblemsAreCounted(t *testing.T) {
	lim := defaultLimits()
	lim.problems = 3
	l := newLoader(nil, lim)
	l.yaml("x.yaml", []byte("assets:\n"+strings.Repeat("  - {colour: red}\n", 10)), false)
	_, problems := l.done()
	if len(problems) != 4 || !strings.Contains(problems[0].Text, "7 more problems") {
		t.Errorf("problems %v", problems)
	}
}

func TestCellsSurvive(t *testing.T) {
	for _, s := range []string{"", "a", `a;b=c|d\e`, `\`, `\\;`, `\x`, "é"} {
		parts := splitCell(escapeCell(s)+";"+escapeCell(s), ';', 0)
		if len(parts) != 2 || plain(parts[0]) != s || plain(parts[1]) != s {
			t.Errorf("%q becomes %q", s, parts)
		}
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]Kind{"camra": Camera, "CAMERA": Camera, "medical_device": MedicalDevice, "romo": Room, "prot": Port, "xyz": "", "": ""} {
		if got, _ := nearest(word, Kinds()); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
