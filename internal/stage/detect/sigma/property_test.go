package sigma_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
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
	rounds := 5
	if os.Getenv(tortureEnv) != "" {
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
	tables.Placeholders = sigma.Placeholders{"one": {"a"}, "two": {"*k", "b?"}}
	return tables
}

func drawn(tables sigma.Tables) func(t *rapid.T) {
	return func(t *rapid.T) {
		m := newMaker(t)
		var files []byte
		for i := range 3 {
			files = append(append(files, m.rule(fmt.Sprint("rule-", i))...), "---\n"...)
		}
		if m.chance(4) {
			files = append(files, m.filter()...)
		}
		rules, engine := load(t, tables, files)
		for range 4 {
			line := []byte(m.object(2))
			found, asked := drawnEvent(t, m, engine, line, tables.Aliases)
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

// drawnEvent makes the same event for both, as one of the ways in which events
// come: as JSON alone, with attributes, as a line of syslog.
func drawnEvent(t *rapid.T, m *maker, engine *sigma.Engine, line []byte, aliases map[string][]string) (map[string]bool, *oracle.Event) {
	var original map[string]any
	if err := json.Unmarshal(line, &original); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: line}
	record := oracle.Record{Original: original, Aliases: aliases}
	switch pick(m, "event", "json", "json", "attributes", "syslog") {
	case "attributes":
		ev.Attributes = map[string]string{"process.image": m.text(), "message": m.text(), "f": m.text()}
		record.Attributes = ev.Attributes
	case "syslog":
		ev.Format, ev.Raw = flow.FormatSyslog, []byte("<13>"+m.text())
		record.Line = string(ev.Raw)
	}
	found := matched(engine, ev)
	if alone := ev.Attributes == nil && ev.Format == flow.FormatJSON; alone {
		if in := scanned(t, engine.NewScanner(), line); !maps.Equal(in, found) {
			t.Fatalf("the scanner finds %v, the engine %v, in\n%s", in, found, line)
		}
	}
	return found, oracle.NewEvent(record)
}
