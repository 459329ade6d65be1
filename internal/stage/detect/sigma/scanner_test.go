package sigma

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"warder/internal/stage/detect"
)

// lines reads the first lines of a foreign collection of logs.
func lines(t testing.TB, name string, most int) (list [][]byte) {
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
	for sc.Scan() && len(list) < most {
		list = append(list, slices.Clone(sc.Bytes()))
	}
	return list
}

func idsOf(rules []*detect.Rule) (ids []string) {
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return ids
}

// same compares what a scanner finds in a line with what the engine finds in the
// event that encoding/json makes of it. It gives how many rules were found.
func same(t interface{ Fatalf(string, ...any) }, e *Engine, sc *Scanner, line []byte) int {
	ev := bareEvent()
	wrong := json.Unmarshal(line, &ev.Original)
	rules, err := sc.Scan(line)
	if (wrong == nil && ev.Original != nil) != (err == nil) {
		t.Fatalf("%q: scanned: %v; encoding/json: %v", line, err, wrong)
	}
	if err != nil {
		return 0
	}
	var want []string
	for _, m := range e.Match(ev) {
		want = append(want, m.Rule.ID)
	}
	if have := idsOf(rules); !slices.Equal(have, want) {
		t.Fatalf("%q: scanned %v, matched %v", line, have, want)
	}
	return len(want)
}

// TestScannerAgreesOnPublicEvents takes a sample of the events, and all under
// WARDER_TORTURE.
func TestScannerAgreesOnPublicEvents(t *testing.T) {
	e := publicEngine(t)
	sc := e.NewScanner()
	every := 16
	if tortured() {
		every = 1
	}
	for _, name := range []string{"sigma/mixed-4k.ndjson.gz", "sigma/otrf-windows-20k.ndjson.gz"} {
		hits, events := 0, 0
		for i, line := range lines(t, name, 25_000) {
			if i%every == 0 {
				hits += same(t, e, sc, line)
				events++
			}
		}
		t.Logf("%s: %d events, %d hits", name, events, hits)
	}
}

// probing is rules that look at a record from every side.
const probing = `
title: Wrapped
id: wrapped
logsource: {category: test}
detection:
  a: {a: [1, "true", x, "1.5", "\u00e9", "\ufffd", "k"]}
  b: {a.b: 1}
  c: {a.b.c|contains: x}
  d: {a: null}
  e: {b|exists: true}
  f: [x, "1.5", true]
  g: {"a\ufffd|contains": ""}
  h: {event.action|exists: true}
  i: {asset.tags: x}
  condition: %s
`

func probes(t testing.TB) *Engine {
	var docs []string
	for _, name := range strings.Fields("a b c d e f g h i") {
		docs = append(docs, strings.Replace(fmt.Sprintf(probing, name), "id: wrapped", "id: "+name, 1))
	}
	return NewEngine(loadText(t, strings.Join(docs, "---")))
}

func TestScannerAgreesOnAnyJSON(t *testing.T) {
	e := probes(t)
	sc := e.NewScanner()
	rapid.Check(t, func(t *rapid.T) { same(t, e, sc, []byte(anyJSON(4).Draw(t, "line"))) })
}

// anyJSON draws objects of few keys and values, so that they meet the probes;
// some are no JSON.
func anyJSON(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		b.WriteString("{")
		for i := range rapid.IntRange(0, 5).Draw(t, "fields") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{",", ", ", " ,\n", ",", ",", ",", ",,"}).Draw(t, "comma"))
			}
			b.WriteString(rapid.SampledFrom(someKeys).Draw(t, "key") + ":" + anyValue(depth).Draw(t, "value"))
		}
		return b.String() + rapid.SampledFrom([]string{"}", "}", "}", "}", "} ", "}\n", "}x", ""}).Draw(t, "end")
	})
}

var (
	someKeys = []string{
		`"a"`, `"a"`, `"b"`, `"a.b"`, `"b.c"`, `"c"`, `"\u0061"`, `"a\ufffd"`, "\"a\xff\"", `"Event"`, `"EventData"`, `"System"`, `"UserData"`,
		`"winlog"`, `"event_data"`, `"log"`, `"event.action"`, `"asset.tags"`, `""`, `"#attributes"`, `"x\"y"`,
	}
	someScalars = []string{
		`1`, `1.0`, `1.50`, `15e-1`, `-0`, `0.1e1`, `01`, `1.`, `1e400`, `123456789012345678901`, `1e21`, `true`, `false`, `null`, `tru`, `"x"`, `"X y"`,
		`"a x b"`, `""`, `"true"`, `"\u00e9"`, `"É"`, `"\ud83d\ude00 x"`, `"\ud83d x"`, `"\ud83d\u0078"`, `"\udc00"`, `"\u212a"`, "\"\xff\"", "\"\xe2\x84\"", "\"\t\"",
		`"\x"`, `"12345678\\x\/\b\f\n\r\t\"12345678\\"`, `"1.5"`, `NaN`, `-`, `"`, `"\u12g4"`, `[]`, `{}`,
	}
)

func anyValue(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		switch n := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case depth > 0 && n > 6:
			return anyJSON(depth-1).Draw(t, "object")
		case depth > 0 && n == 6:
			return "[" + strings.Join(rapid.SliceOfN(anyValue(depth-1), 0, 3).Draw(t, "list"), ",") + "]"
		}
		return rapid.SampledFrom(someScalars).Draw(t, "scalar")
	})
}

// loadText loads rules for the events of testTables.
func loadText(t testing.TB, text string) *Set {
	set, err := Load(testTables(), Folder{"test", fstest.MapFS{"rules.yml": {Data: []byte(text)}}, "."})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Failed {
		t.Fatal(r.Error)
	}
	return set
}

func TestScannerRefusesDeepRecords(t *testing.T) {
	sc := probes(t).NewScanner()
	deep := func(n int) []byte {
		return []byte(strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n))
	}
	if _, err := sc.Scan(deep(deepestRecord)); err != nil {
		t.Error(err)
	}
	if _, err := sc.Scan(deep(deepestRecord + 1)); err != errRecordDeep {
		t.Error(err)
	}
}

func TestScannerTakesLargeRecords(t *testing.T) {
	e := NewEngine(loadText(t, fmt.Sprintf(probing, "a or f")))
	sc := e.NewScanner()
	var fields []string
	for i := range 10_000 {
		fields = append(fields, fmt.Sprintf(`"field%d":"value %d"`, i, i))
	}
	wide := "{" + strings.Join(fields, ",")
	for _, line := range []string{
		wide + "}", wide + `,"a":"X"}`, `{"a":"` + strings.Repeat("y", 1<<20) + `"}`, `{"b":"` + strings.Repeat(`\\é`, 1<<18) + `x"}`,
	} {
		same(t, e, sc, []byte(line))
	}
}

func TestScannerAllocatesNothing(t *testing.T) {
	if raced {
		t.Skip("pools lose things under the race detector")
	}
	e := publicEngine(t)
	sc, list := e.NewScanner(), lines(t, "sigma/mixed-4k.ndjson.gz", 1000)
	scan := func() {
		for _, line := range list {
			if _, err := sc.Scan(line); err != nil {
				t.Fatal(err)
			}
		}
	}
	scan()
	if n := testing.AllocsPerRun(3, scan) / float64(len(list)); n > 0.05 {
		t.Errorf("%.3f allocations an event", n)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"a":"\ud83d\ude00","Event":{"EventData":{"a":[1,null,"x"]}},"a":1.50}`))
	f.Add([]byte(`{"winlog":{"event_data":{"b":{}}},"a.b":1e3}`))
	if at, ok := find("sigma/mixed-4k.ndjson.gz"); ok {
		if _, err := os.Stat(at); err == nil {
			for _, line := range lines(f, "sigma/mixed-4k.ndjson.gz", 40) {
				f.Add(line)
			}
		}
	}
	e := probes(f)
	sc := e.NewScanner()
	f.Fuzz(func(t *testing.T, line []byte) {
		if strings.Count(string(line), "{")+strings.Count(string(line), "[") < deepestRecord {
			same(t, e, sc, line)
		} else if _, err := sc.Scan(line); err != nil && !strings.HasPrefix(err.Error(), "read JSON: ") {
			t.Error(err)
		}
	})
}

// TestMatchAllocatesLittle: the list of scopes, and that of what was found.
func TestMatchAllocatesLittle(t *testing.T) {
	if raced {
		t.Skip("pools lose things under the race detector")
	}
	e, events := publicEngine(t), corpus(t, "sigma/mixed-4k.ndjson.gz", 1000)
	match := func() {
		for _, ev := range events {
			e.Match(ev)
		}
	}
	match()
	if n := testing.AllocsPerRun(3, match) / float64(len(events)); n > 2 {
		t.Errorf("%.3f allocations an event", n)
	}
}
