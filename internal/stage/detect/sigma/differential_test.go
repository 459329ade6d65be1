package sigma_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"warder/internal/flow"
	"warder/internal/stage/detect"
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

// newPair reads the public rules for the oracle too.
func newPair(t testing.TB, files fs.FS) *pair {
	var rules []*oracle.Rule
	var filters []*oracle.Filter
	for _, file := range ruleFiles(t, files) {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := oracle.Read(data, nil)
		if err != nil {
			t.Logf("the oracle refuses %s: %v", file, err)
		}
		rules = append(rules, read.Rules...)
		filters = append(filters, read.Filters...)
	}
	oracle.Attach(rules, filters)
	return &pair{
		engine: sigma.PublicEngine(t), routes: routes(t), rules: common(t, sigma.PublicSet(t), rules), aliases: sigma.TableFiles(t).Aliases,
	}
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
		if strings.HasSuffix(name, ".yml") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// common gives the rules that both sides loaded, and says of the others.
func common(t testing.TB, set *sigma.Set, rules []*oracle.Rule) []*oracle.Rule {
	loaded := map[string]bool{}
	for _, r := range set.Rules() {
		if r.Error == "" {
			loaded[r.ID] = true
		} else {
			t.Logf("the engine refuses %s: %s", r.File, r.Error)
		}
	}
	both := slices.DeleteFunc(slices.Clone(rules), func(r *oracle.Rule) bool { return !loaded[r.ID] })
	for _, r := range both {
		delete(loaded, r.ID)
	}
	for id := range loaded {
		t.Logf("only the engine has %s", id)
	}
	return both
}

func (p *pair) report(t *testing.T) {
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
	asked := oracle.NewEvent(w.record(original))
	found, routed := ids(w.engine.MatchEvery(ev)), matched(w.engine, ev)
	foundInLine, routedInLine := scanned(t, w.every, line), scanned(t, w.scanner, line)
	sources := asked.Sources(w.routes)
	for _, r := range w.rules {
		w.pairs.Add(1)
		holds := r.Holds(asked)
		if holds {
			w.matches.Add(1)
		}
		meant := holds && r.Covered(sources)
		if holds == found[r.ID] && holds == foundInLine[r.ID] && meant == routed[r.ID] && meant == routedInLine[r.ID] {
			continue
		}
		if _, known := w.wrong.LoadOrStore(r.ID, true); !known {
			t.Errorf("%s %q: the oracle says %t, with log sources %t, the engine %t and %t, the scanner %t and %t, of\n%.4000s",
				r.ID, r.Title, holds, meant, found[r.ID], routed[r.ID], foundInLine[r.ID], routedInLine[r.ID], line)
		}
	}
}

func (w worker) record(original map[string]any) oracle.Record {
	return oracle.Record{
		Original: original, Aliases: w.aliases,
		Attributes: map[string]string{"event.category": "other", "event.format": "ndjson"},
	}
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
	long := sigma.Tortured()
	every := 199
	if long {
		every = 1
	}
	p := publicPair(t)
	lines := make(chan []byte, 64)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			w := p.worker()
			for line := range lines {
				var original map[string]any
				if json.Unmarshal(line, &original) == nil {
					w.compare(t, original, line)
				}
			}
		})
	}
	for _, folder := range collections(long) {
		seen := 0
		eachEvent(t, folder, func(line []byte) {
			if seen++; seen%every == 1%every {
				lines <- line
			}
		})
		t.Logf("%d events of %s", seen, folder)
	}
	close(lines)
	done.Wait()
	p.report(t)
}
