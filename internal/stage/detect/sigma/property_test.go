package sigma_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/detect/sigma/oracle"
)

// TestOracleAgreesOnDrawnRules holds drawn rules against drawn events.
func TestOracleAgreesOnDrawnRules(t *testing.T) {
	rounds := 4
	if sigma.Tortured() {
		rounds = 500
	}
	for range rounds {
		rapid.Check(t, drawn(drawnTables(t)))
	}
}

// FuzzDrawnRules is the same, led by the rules' coverage of the engine.
func FuzzDrawnRules(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(drawn(drawnTables(f))))
}

func drawnTables(t testing.TB) sigma.Tables {
	tables := sigma.TableFiles(t)
	tables.Routes = nil
	tables.Aliases = map[string][]string{"Image": {"none", "h", "process.image"}, "g": {"a.b"}}
	tables.Placeholders = sigma.Placeholders{"one": {"a"}, "two": {"*k", "b?"}, "net": {"10.0.0.0/8"}, "number": {"5"}}
	return tables
}

func drawn(tables sigma.Tables) func(t *rapid.T) {
	return func(t *rapid.T) {
		m := newMaker(t)
		files := m.rules()
		rules, engine := load(t, tables, files)
		d := trial{m, engine, engine.NewScanner(), tables.Aliases}
		for range 6 {
			line := []byte(m.object(2))
			found, asked := d.event(line)
			for _, r := range rules {
				if holds := r.Holds(asked); holds != found[r.ID] {
					t.Fatalf("the oracle says %t, the engine %t: %s of\n%s\n%s", holds, found[r.ID], r.ID, files, line)
				}
			}
		}
	}
}

// load gives the rules that both sides accept; one refuses what the other does.
func load(t *rapid.T, tables sigma.Tables, files []byte) ([]*oracle.Rule, *sigma.Engine) {
	read, refusal := oracle.Read(files, func(name string) ([]string, bool) {
		values, ok := tables.Placeholders[strings.ToLower(name)]
		return values, ok
	})
	oracle.Attach(read.Rules, read.Filters)
	set, err := sigma.Load(tables, sigma.Folder{Name: "drawn", FS: fstest.MapFS{"drawn.yml": {Data: files}}, Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	if refusal != nil || len(set.Failed) > 0 {
		t.Fatalf("the oracle says %v, the engine %v, of\n%s", refusal, set.Failed, files)
	}
	return read.Rules, sigma.NewEngine(set)
}

// trial is drawn rules that events are drawn for.
type trial struct {
	*maker
	engine  *sigma.Engine
	scanner *sigma.Scanner
	aliases map[string][]string
}

// event makes the same event for both sides, in one of the ways in which events
// come: as JSON alone, with attributes, as a line of syslog. It gives the rules that
// the engine finds; the scanner must find the same in JSON alone.
func (d trial) event(line []byte) (map[string]bool, *oracle.Event) {
	var original map[string]any
	if err := json.Unmarshal(line, &original); err != nil {
		d.Fatalf("%v: %s", err, line)
	}
	ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: line}
	record := oracle.Record{Original: original, Aliases: d.aliases}
	kind := pick(d.maker, "event", "json", "json", "attributes", "syslog")
	switch kind {
	case "attributes":
		ev.Attributes = map[string]string{"process.image": d.text(), "message": d.text(), "f": d.text()}
		record.Attributes = ev.Attributes
	case "syslog":
		ev.Format, ev.Raw = flow.FormatSyslog, []byte("<13>"+d.text())
		record.Line = string(ev.Raw)
	}
	found := matched(d.engine, ev)
	if kind == "json" {
		if in := scanned(d, d.scanner, line); !maps.Equal(in, found) {
			d.Fatalf("the scanner finds %v, the engine %v, in\n%s", in, found, line)
		}
	}
	return found, oracle.NewEvent(record)
}
