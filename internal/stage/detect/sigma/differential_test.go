package sigma_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"warder/internal/flow"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/ruletest"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/detect/sigma/oracle"
)

// pair is the same rules as the engine and as the oracle reads them.
type pair struct {
	engine  *sigma.Engine
	routes  []oracle.Route // by which it heeds log sources
	rules   []*oracle.Rule // that both loaded
	aliases map[string][]string
	pairs   atomic.Int64
	matches atomic.Int64
	wrong   sync.Map // ids of rules that were reported
	working sync.WaitGroup
}

// publicPair is of the public rules, read once for all tests.
func publicPair(t testing.TB) *pair {
	files := sigma.PublicRules(t)
	public.Do(func() { publicOnce = newPair(t, files) })
	return publicOnce
}

var (
	public     sync.Once
	publicOnce *pair
)

// publicRules is how many public rules there are.
const publicRules = 3754

// newPair reads the public rules for the oracle too. Both sides must have all of
// them, or the comparisons would agree about nothing.
func newPair(t testing.TB, files fs.FS) *pair {
	p := &pair{
		engine: sigma.PublicEngine(t), routes: routes(t), rules: common(t, sigma.PublicSet(t), oracleRules(t, files)), aliases: sigma.TableFiles(t).Aliases,
	}
	if len(p.rules) != publicRules {
		t.Fatalf("the sides have %d rules in common, want %d", len(p.rules), publicRules)
	}
	return p
}

// oracleRules reads the rules of a folder as the oracle does.
func oracleRules(t testing.TB, files fs.FS) []*oracle.Rule {
	var rules []*oracle.Rule
	var filters []*oracle.Filter
	for _, file := range ruleFiles(t, files) {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := oracle.Read(data, nil)
		if err != nil {
			t.Errorf("the oracle refuses %s: %v", file, err)
		}
		rules = append(rules, read.Rules...)
		filters = append(filters, read.Filters...)
	}
	oracle.Attach(rules, filters)
	return rules
}

func mustLoad(t testing.TB, tables sigma.Tables, files fs.FS) *sigma.Set {
	set, err := sigma.Load(tables, sigma.Folder{Name: "rules", FS: files, Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func routes(t testing.TB) []oracle.Route {
	file, err := os.ReadFile("../../../../content/mappings/logsources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	routes, err := oracle.ReadRoutes(file)
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

func ruleFiles(t testing.TB, files fs.FS) []string {
	var names []string
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".test.yml") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// common gives the rules that both sides loaded; one that only one side has is a
// failure.
func common(t testing.TB, set *sigma.Set, rules []*oracle.Rule) []*oracle.Rule {
	loaded := map[string]bool{}
	for _, r := range set.Rules() {
		switch {
		case r.Kind != detect.KindEvent:
		case r.Error == "":
			loaded[r.ID] = true
		default:
			t.Errorf("the engine refuses %s: %s", r.File, r.Error)
		}
	}
	both := slices.DeleteFunc(slices.Clone(rules), func(r *oracle.Rule) bool { return !loaded[r.ID] })
	for _, r := range both {
		delete(loaded, r.ID)
	}
	for id := range loaded {
		t.Errorf("only the engine has %s", id)
	}
	return both
}

// report says how much was compared, which must be something.
func (p *pair) report(t *testing.T) {
	if p.pairs.Load() == 0 || p.matches.Load() == 0 {
		t.Error("nothing was compared, or nothing matched")
	}
	t.Logf("%d rules, %d pairs of rule and event compared so far, %d of them matches", len(p.rules), p.pairs.Load(), p.matches.Load())
}

// worker compares events for one goroutine.
type worker struct {
	*pair
	scanner, every *sigma.Scanner
}

func (p *pair) worker() worker {
	return worker{p, p.engine.NewScanner(), p.engine.NewUnroutedScanner()}
}

// compare holds one event against all rules; every answer must be the same, also
// of which rules are meant for it, and whether it comes as an event or as a line.
func (w worker) compare(t testing.TB, original map[string]any, line []byte) {
	ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: line}
	w.hold(t, ev, scanned(t, w.every, line), scanned(t, w.scanner, line))
}

// compareEvent is compare of an event as it comes out of the normaliser.
func (w worker) compareEvent(t testing.TB, ev *flow.Event) {
	w.hold(t, ev, ids(w.engine.MatchEvery(ev)), matched(w.engine, ev))
}

// hold holds an event against all rules, with what was found of it in another way:
// by every rule, and by those that are meant for it.
func (w worker) hold(t testing.TB, ev *flow.Event, foundToo, routedToo map[string]bool) {
	asked := oracle.NewEvent(w.record(ev))
	found, routed := ids(w.engine.MatchEvery(ev)), matched(w.engine, ev)
	sources := asked.Sources(w.routes)
	for _, r := range w.rules {
		w.pairs.Add(1)
		holds := r.Holds(asked)
		if holds {
			w.matches.Add(1)
		}
		meant := holds && r.Covered(sources)
		if holds == found[r.ID] && holds == foundToo[r.ID] && meant == routed[r.ID] && meant == routedToo[r.ID] {
			continue
		}
		if _, known := w.wrong.LoadOrStore(r.ID, true); !known {
			t.Errorf("%s %q: the oracle says %t, with log sources %t, the engine %t and %t, in another way %t and %t, of\n%.4000s",
				r.ID, r.Title, holds, meant, found[r.ID], routed[r.ID], foundToo[r.ID], routedToo[r.ID], ev.Raw)
		}
	}
}

// record is an event as the oracle sees it.
func (w worker) record(ev *flow.Event) oracle.Record {
	r := oracle.Record{Original: ev.Original, Attributes: ev.Attributes, Words: map[string]bool{}, Aliases: w.aliases, Own: map[string]string{
		"event.category": string(ev.Category), "event.action": ev.Action, "event.source": ev.Source, "event.site": ev.Site, "event.format": string(ev.Format),
	}}
	maps.DeleteFunc(r.Own, func(_, v string) bool { return v == "" })
	for _, a := range flow.Vocabulary() {
		r.Words[a.Name] = a.Unit == "words"
	}
	if ev.Format == flow.FormatSyslog {
		r.Line = string(ev.Raw)
	}
	return r
}

// scanned gives the ids of the rules that a scanner finds.
func scanned(t interface{ Fatalf(string, ...any) }, sc *sigma.Scanner, line []byte) map[string]bool {
	rules, err := sc.Scan(line)
	if err != nil {
		t.Fatalf("scan: %v\n%s", err, line)
	}
	ids := map[string]bool{}
	for _, r := range rules {
		ids[r.ID] = true
	}
	return ids
}

// matched gives the ids of the rules that an engine finds, each once.
func matched(e *sigma.Engine, ev *flow.Event) map[string]bool { return ids(e.Match(ev)) }

func ids(list []detect.Match) map[string]bool {
	ids := map[string]bool{}
	for _, m := range list {
		ids[m.Rule.ID] = true
	}
	return ids
}

// TestOracleAgrees holds the public rules against the public events: a sample of
// them, and all under WARDER_TORTURE.
func TestOracleAgrees(t *testing.T) {
	p := publicPair(t)
	compare := p.workers(t)
	for _, c := range collections() {
		every := c.every
		switch {
		case sigma.Tortured():
			every = 1
		case testing.Short(): // with the race detector
			every *= 5
		}
		seen := 0
		eachSample(t, c.name, func(s sample) {
			if seen++; seen%every == 1%every {
				compare <- s
			}
		})
		if seen < c.least {
			t.Errorf("%d events of %s, want %d", seen, c.name, c.least)
		}
		t.Logf("%d events of %s", seen, c.name)
	}
	p.wait(compare)
	p.report(t)
}

// TestOracleAgreesOnOwnRules holds the rules that ship against the events of their
// tests: what is compared where no public set is at hand.
func TestOracleAgreesOnOwnRules(t *testing.T) {
	files, err := fs.Sub(os.DirFS("../../../../content"), "rules")
	if err != nil {
		t.Fatal(err)
	}
	tables := sigma.TableFiles(t)
	set := mustLoad(t, tables, files)
	p := &pair{engine: sigma.NewEngine(set), routes: routes(t), rules: common(t, set, oracleRules(t, files)), aliases: tables.Aliases}
	w, events := p.worker(), 0
	for _, name := range ruleFiles(t, files) {
		tests, err := fs.ReadFile(files, ruletest.Beside(name))
		if err != nil {
			t.Fatal(err)
		}
		cases, err := ruletest.Read(tests)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range cases {
			for i := range c.Events {
				w.compareEvent(t, &c.Events[i])
				events++
			}
		}
	}
	if len(p.rules) < 100 || events < 500 {
		t.Errorf("%d rules and %d events, want 100 and 500", len(p.rules), events)
	}
	p.report(t)
}

// workers compare what is sent to them, until wait.
func (p *pair) workers(t *testing.T) chan<- sample {
	samples := make(chan sample, 64)
	for range runtime.GOMAXPROCS(0) {
		p.working.Go(func() {
			w := p.worker()
			for s := range samples {
				w.compareSample(t, s)
			}
		})
	}
	return samples
}

func (w worker) compareSample(t *testing.T, s sample) {
	if s.event != nil {
		w.compareEvent(t, s.event)
		return
	}
	var original map[string]any
	if err := json.Unmarshal(s.line, &original); err != nil {
		t.Errorf("%v: %.200s", err, s.line)
		return
	}
	w.compare(t, original, s.line)
}

func (p *pair) wait(samples chan<- sample) {
	close(samples)
	p.working.Wait()
}
