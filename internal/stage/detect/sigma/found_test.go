package sigma_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/detect/sigma/oracle"
)

// finding is something that the comparisons have found, in its smallest form,
// with the answer that the specification gives.
type finding struct {
	selection, event string
	want             bool
}

func found() []finding {
	return []finding{
		{`{f|startswith: ''}`, `{"f":"a"}`, true},
		{`{f: 18446744073709551615}`, `{"f":18446744073709551615}`, true}, // which the event holds as float64
		{`{f: 9007199254740993}`, `{"f":9007199254740993}`, true},
		{`{f: 9007199254740993}`, `{"f":"9007199254740993"}`, true},
		{`{f|all: [9007199254740993, 9007199254740993]}`, `{"f":9007199254740993}`, true},
		{`{f: 0xFFFFFFFFFFFFFFFF}`, `{"f":18446744073709551615}`, true},
		{`{f: 1_0.5}`, `{"f":10.5}`, true},
		// Bytes of UTF-16 are the characters of their numbers.
		{`{f|wide|contains: 'é'}`, `{"f":"xé\u0000"}`, true},
		{`{f|utf16le: 'é'}`, `{"f":"é\u0000"}`, true},
		{`{f|utf16be|contains: 'É'}`, `{"f":"\u0000é"}`, true},
		{`{f|utf16be|contains|cased: 'É'}`, `{"f":"\u0000é"}`, false},
		{`{f|wide|contains: '€'}`, `{"f":"¬ "}`, true},
		{`{f|wide: '😀'}`, `{"f":"=\u00d8\u0000\u00de"}`, true},
		{`{f|utf16: 'a'}`, `{"f":"ÿþa\u0000"}`, true},
		{`{f|utf16|contains: 'a'}`, `{"f":"\ufffd\ufffda\u0000"}`, false},
		{`{f|utf16le|base64: 'é'}`, `{"f":"6QA="}`, true},
		{`{f|base64|wide: 'a'}`, `{"f":"Y\u0000Q\u0000=\u0000=\u0000"}`, true},
		{`{f|wide|wide|base64: 'é'}`, `{"f":"6QAAAA=="}`, true},
		{`{f|wide: 'a*b'}`, `{"f":"a\u0000xxb\u0000"}`, true},
		{`{f|wide: 'a?b'}`, `{"f":"a\u0000x\u0000b\u0000"}`, true},
		{`{f|wide: 'a?b'}`, `{"f":"a\u0000xb\u0000"}`, false},
		{`{f|contains|wide: 'a'}`, `{"f":"xa\u0000x"}`, true},
		{`{f|startswith|utf16: 'a'}`, `{"f":"ÿþa\u0000x"}`, true},
		// Numbers have any length, and are decimal ones.
		{`{f|gt: 5}`, `{"f":1e64}`, true},
		{`{f|gt: 5}`, `{"f":1e300}`, true},
		{`{f|gt: 5}`, `{"f":"1e300"}`, true},
		{`{f|gt: 5}`, `{"f":-1e300}`, false},
		{`{f|lt: 5}`, `{"f":1e-70}`, true},
		{`{f|lte: 0}`, `{"f":5e-324}`, false},
		{`{f: 1e300}`, `{"f":1e300}`, true},
		{`{f|gt: 5}`, `{"f":"Infinity"}`, false},
		{`{f: .inf}`, `{"f":"+Inf"}`, false}, // no event holds it as a number
		{`{f: .inf}`, `{"f":".inf"}`, true},
		{`{f: -.Inf}`, `{"f":"-.inf"}`, true},
		{`{f: .nan}`, `{"f":"NaN"}`, false},
		{`{f|year: 2026}`, `{"f":"2026-01-02T05:59:00.000000000000000000000000000000000000Z"}`, true},
		{`{f|year: 2026}`, `{"f":"2026-01-02T05:59:00.` + strings.Repeat("0", 64) + `Z"}`, false},
	}
}

func (c finding) rule() string {
	return "title: Found\nid: found\nlogsource: {}\ndetection: {s: " + c.selection + ", condition: s}\n"
}

func TestFoundByComparison(t *testing.T) {
	for _, c := range found() {
		rule := []byte(c.rule())
		var original map[string]any
		if err := json.Unmarshal([]byte(c.event), &original); err != nil {
			t.Fatal(err)
		}
		read, err := oracle.Read(rule, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.selection, err)
		}
		if got := read.Rules[0].Holds(oracle.NewEvent(oracle.Record{Original: original})); got != c.want {
			t.Errorf("%s of %s: the oracle says %t", c.selection, c.event, got)
		}
		set, err := sigma.Load(drawnTables(t), sigma.Folder{Name: "found", FS: fstest.MapFS{"found.yml": {Data: rule}}, Root: "."})
		if err != nil || len(set.Failed) > 0 {
			t.Fatalf("%s: %v %v", c.selection, err, set.Failed)
		}
		ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: []byte(c.event)}
		engine := sigma.NewEngine(set)
		if got := len(engine.Match(ev)) > 0; got != c.want {
			t.Errorf("%s of %s: the engine says %t", c.selection, c.event, got)
		}
		if got := len(scanned(t, engine.NewScanner(), ev.Raw)) > 0; got != c.want {
			t.Errorf("%s of %s: the scanner says %t", c.selection, c.event, got)
		}
		if x, err := set.Explain("found", ev); err != nil || x.Matched != c.want {
			t.Errorf("%s of %s: explained as %t, %v", c.selection, c.event, x.Matched, err)
		}
	}
}
