package sigma

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"warder/internal/flow"
)

// corpus reads the first events of a foreign collection of logs.
func corpus(t testing.TB, name string, most int) (events []*flow.Event) {
	f, err := os.Open(shared(t, name))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() && len(events) < most {
		ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Raw: []byte("{}")}
		if err := json.Unmarshal(sc.Bytes(), &ev.Original); err != nil {
			continue
		}
		events = append(events, ev)
	}
	return events
}

// TestIndexLosesNothing: the rules found through the index are those that are
// found by evaluating every rule of the event's log sources.
func TestIndexLosesNothing(t *testing.T) {
	events := corpus(t, "sigma/mixed-4k.ndjson.gz", 250)
	e := NewEngine(publicSet(t))
	pairs := 0
	for i, ev := range events {
		var indexed, naive []string
		for _, m := range e.Match(ev) {
			indexed = append(indexed, m.Rule.ID)
		}
		r := newReading(e, ev)
		for _, source := range e.router.sources(r) {
			for _, i := range e.bySource[source] {
				if e.rules[i].holds(r) {
					naive = append(naive, e.rules[i].rule.ID)
				}
			}
		}
		slices.Sort(indexed)
		slices.Sort(naive)
		if !slices.Equal(indexed, naive) {
			t.Errorf("event %d: indexed %v, evaluated %v", i, indexed, naive)
		}
		pairs += len(naive)
	}
	t.Logf("%d events, %d hits", len(events), pairs)
}

func benchmark(b *testing.B, folder Folder) {
	events := corpus(b, "sigma/mixed-4k.ndjson.gz", 4000)
	set, err := Load(tables(b), folder)
	if err != nil {
		b.Fatal(err)
	}
	e := NewEngine(set)
	for b.Loop() {
		for _, ev := range events {
			e.Match(ev)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(events)), "us/event")
}

func BenchmarkOwnPack(b *testing.B) {
	benchmark(b, Folder{"content", os.DirFS("../../../../content"), "rules"})
}

func BenchmarkPublicSet(b *testing.B) { benchmark(b, Folder{"public", publicRules(b), "."}) }

// TestSizes tells how big the compiled public set is.
func TestSizes(t *testing.T) {
	set := publicSet(t)
	e := NewEngine(set)
	n := 0
	for f, ix := range e.indexes {
		if ix != nil {
			n += ix.Size()
			if ix.Size() > 1<<20 {
				t.Logf("%s: %d kB", e.fields[f], ix.Size()>>10)
			}
		}
	}
	t.Logf("%d atoms, %d steps, %d MB of indexes", len(e.atoms), len(e.steps), n>>20)
}
