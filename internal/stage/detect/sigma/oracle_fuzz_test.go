package sigma_test

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/detect/sigma/oracle"
)

// FuzzOracleAgrees holds whatever both sides take for one rule against whatever is
// one event.
func FuzzOracleAgrees(f *testing.F) {
	for _, c := range found() {
		f.Add([]byte(c.rule()), []byte(c.event))
	}
	seedPublic(f)
	tables, routes := sigma.TableFiles(f), routes(f)
	f.Fuzz(func(t *testing.T, rule, line []byte) {
		var original map[string]any
		if json.Unmarshal(line, &original) != nil || original == nil || strings.ContainsAny(string(rule), "&<") {
			return // anchors and merges are not the oracle's
		}
		read, err := oracle.Read(rule, nil)
		if err != nil || len(read.Rules) != 1 || len(read.Filters) > 0 {
			return
		}
		set := mustLoad(t, tables, fstest.MapFS{"rule.yml": {Data: rule}})
		if rules := set.Rules(); len(rules) != 1 || rules[0].Error != "" || rules[0].Off {
			return
		}
		engine := sigma.NewEngine(set)
		lone := &pair{engine: engine, routes: routes, rules: read.Rules, aliases: tables.Aliases}
		lone.rules[0].ID = set.Rules()[0].ID // which one without gets
		lone.worker().compareLine(t, original, line)
	})
}

// compareLine is compare where there is one engine, that heeds log sources.
func (w worker) compareLine(t *testing.T, original map[string]any, line []byte) {
	every, err := w.every.Scan(line)
	if err != nil {
		return // deeper or longer than a line may be
	}
	ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: line}
	asked := oracle.NewEvent(w.record(ev))
	holds := w.rules[0].Holds(asked)
	meant := holds && w.rules[0].Covered(asked.Sources(w.routes))
	event, inLine := len(w.engine.Match(ev)) > 0, len(every) > 0
	if inLine != holds || event != meant {
		t.Errorf("the oracle says %t, with log sources %t, the scanner %t, the engine %t", holds, meant, inLine, event)
	}
}

// seedPublic adds some public rules with an event each.
func seedPublic(f *testing.F) {
	if !sigma.HasPublicRules() {
		return
	}
	files := sigma.PublicRules(f)
	var lines [][]byte
	eachEvent(f, "it/sigma-regression", func(line []byte) { lines = append(lines, line) })
	for i, name := range ruleFiles(f, files) {
		if i%60 != 0 {
			continue
		}
		rule, err := fs.ReadFile(files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(rule, lines[i/60%len(lines)])
	}
}
