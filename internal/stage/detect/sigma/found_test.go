package sigma_test

import (
	"encoding/json"
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
		if got := len(sigma.NewEngine(set).Match(ev)) > 0; got != c.want {
			t.Errorf("%s of %s: the engine says %t", c.selection, c.event, got)
		}
	}
}
