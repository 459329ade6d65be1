package sigma

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
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
	e := publicEngine(t)
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
