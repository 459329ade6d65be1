package sigma

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/flow"
)

// FuzzRule: whatever a file holds, every failure has its reason and its line is
// one of the file, and of what was loaded explanations say what the engine found.
func FuzzRule(f *testing.F) {
	files, _ := filepath.Glob("../../../../content/rules/*/*.yml")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	for _, data := range slices.Concat(fewPublicRules(f), caseRules(f)) {
		f.Add(data)
	}
	ev := &flow.Event{Format: flow.FormatJSON, Original: map[string]any{
		"a": "b", "event": map[string]any{"x": nil}, "n": []any{1.0, "2026-11-22T10:00:00Z"}, "ip": "10.0.0.1",
	}}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := Load(testTables(), Folder{"fuzz", fstest.MapFS{"rule.yml": {Data: data}}, "."})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range set.Failed {
			if r.Error == "" || r.Line > bytes.Count(data, []byte("\n"))+2 {
				t.Fatalf("failed without a reason or beyond the file: %+v", r)
			}
		}
		met := map[string]bool{}
		for _, m := range NewEngine(set).Match(ev) {
			met[m.Rule.ID] = true
		}
		for _, c := range set.rules[:min(len(set.rules), 5)] {
			if x, err := set.Explain(c.rule.ID, ev); err != nil || x.Matched != met[c.rule.ID] {
				t.Fatalf("found %t, explained %+v, %v", met[c.rule.ID], x, err)
			}
		}
	})
}

// caseRules are the rules of our own cases, whole.
func caseRules(t testing.TB) (out [][]byte) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			switch {
			case f.Name == "detection":
				out = append(out, []byte(wrapped(string(f.Data))))
			case strings.HasSuffix(f.Name, ".yml"):
				out = append(out, f.Data)
			}
		}
	}
	return out
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"a and not 1 of b*", "(a or b) and all of them", "not", "((", "1 of"} {
		f.Add(s)
	}
	for _, data := range fewPublicRules(f) {
		for line := range strings.Lines(string(data)) {
			if _, condition, ok := strings.Cut(line, "condition: "); ok {
				f.Add(strings.TrimSpace(condition))
			}
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseCondition(s, []string{"a", "b", "b1"})
		if err == nil {
			holds(e, func(i int) bool { return i == 1 })
		}
	})
}
