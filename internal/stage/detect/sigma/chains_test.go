package sigma_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/detect/sigma/oracle"
)

// chain is a rule of one line, as both sides read it.
type chain struct {
	text   string
	oracle *oracle.Rule // nil when it refuses
	engine *sigma.Engine
	why    [2]error // of the refusals
}

func readChain(t interface{ Fatal(...any) }, tables sigma.Tables, line string) (c chain) {
	c.text = line
	rule := []byte("title: Chain\nid: chain\nlogsource: {}\ndetection: {s: {" + line + "}, condition: s}\n")
	read, err := oracle.Read(rule, func(name string) ([]string, bool) {
		values, ok := tables.Placeholders[strings.ToLower(name)]
		return values, ok
	})
	if c.why[0] = err; err == nil {
		c.oracle = read.Rules[0]
	}
	set, err := sigma.Load(tables, sigma.Folder{Name: "rules", FS: fstest.MapFS{"chain.yml": {Data: rule}}, Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Failed) > 0 {
		c.why[1] = errors.New(set.Failed[0].Error)
	} else {
		c.engine = sigma.NewEngine(set)
	}
	return c
}

// TestWhatIsRefused holds what the specification decides about chains of
// modifiers and their values, or rules.md where it is silent, against both sides.
func TestWhatIsRefused(t *testing.T) {
	tables := drawnTables(t)
	for line, refused := range map[string]bool{
		// Placeholders are replaced wherever expand stands, in expressions too.
		`f|re|expand: 'a%one%'`: false, `f|expand|re: 'a%one%'`: false, `f|contains|expand: '%one%'`: false,
		`f|cidr|expand: '%net%'`: false, `f|gte|expand: '%number%'`: false, `f|fieldref|expand: '%one%'`: true,
		`f|wide|expand: '%one%'`: true, `f|windash|expand|wide: '%one%'`: false,
		// "by providing a boolean value"
		`f|exists: true`: false, `f|exists: 'true'`: true, `f|exists: yes`: true, `f|exists: [true]`: false,
		`f|exists: [true, false]`: true, `f|exists: null`: true, `f|exists|neq: true`: true,
		// null "is its own type", which has no parts.
		`f: null`: false, `f|neq: null`: false, `f|contains: null`: true, `f|wide: null`: true, `f|windash: null`: true,
		`f|re: null`: true, `f|all: [null, a]`: true, `f: [null, a]`: false, `'|all': [null]`: true,
		// UTF-16 leaves wildcards, and so contains before it; base64 cannot.
		`f|contains|wide: a`: false, `f|wide|contains: 'a*b'`: false, `f|utf16be: 'a?b'`: false, `f|startswith|utf16: a`: false,
		`f|contains|base64: a`: true, `f|base64: 'a*b'`: true, `f|wide|base64: 'a*b'`: true, `f|contains|wide|base64: a`: true,
		`f|base64: 'a\*b'`: false, `f|base64offset: ''`: true,
		// What is encoded has no dashes.
		`f|utf16be|windash: -a`: true, `f|windash|utf16be: -a`: false, `f|base64|windash: -a`: true,
		// Strings, numbers, dates, networks and expressions are different things.
		`f|re|contains: a`: true, `f|re|cased: a`: true, `f|cidr|startswith: 10.0.0.0/8`: true, `f|lt|windash: 5`: true,
		`f|lt|neq: 5`: true, `f|lt|gt: 5`: true, `f|minute|gte: 5`: false, `f|gte|minute: 5`: false, `f|minute|hour: 5`: true,
		`f|fieldref|contains: g`: false, `f|fieldref|cased: g`: false, `f|fieldref|re: g`: true, `'|fieldref': g`: true, `f|fieldref: ''`: true,
		`f|i: a`: true, `f|i|re: a`: true, `f|all|all: [a, b]`: true, `f|base64|base64: a`: false, `f|lt: .inf`: true,
	} {
		c := readChain(t, tables, line)
		if (c.why[0] != nil) != refused {
			t.Errorf("%s: the oracle says %v", line, c.why[0])
		}
		if (c.why[1] != nil) != refused {
			t.Errorf("%s: the engine says %v", line, c.why[1])
		}
	}
}

func chainedModifiers() []string {
	return strings.Fields("all cased neq windash expand contains startswith endswith i m s exists re cidr fieldref " +
		"lt lte gt gte minute hour day week month year base64 base64offset wide utf16le utf16be utf16")
}

func chainedValues() []string {
	return []string{"abc", "5", "1e300", "-a", "'%one%'", "'a%two%'", "10.0.0.0/8", "true", "null", "'true'", "'a*c'", "'é?'", "g",
		"[abc, def]", "[true, false]", "[null, abc]", "''", "'[a-c]'", ".inf"}
}

// TestChainsAgree holds the sides against one another on chains of modifiers: all
// of up to two, and longer ones as they are drawn. What both take, both must find.
func TestChainsAgree(t *testing.T) {
	tables := drawnTables(t)
	events := chainEvents(t)
	values := []string{"abc", "null", "'%one%'", "5", "true", "'a*c'"}
	if testing.Short() { // with the race detector
		values = values[:2]
	}
	for _, first := range append(chainedModifiers(), "") {
		for _, second := range append(chainedModifiers(), "") {
			key := strings.TrimRight("f|"+first+"|"+second, "|")
			for _, value := range values {
				readChain(t, tables, "'"+key+"': "+value).agrees(t, tables, events[:2])
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		modifiers := rapid.SliceOfN(rapid.SampledFrom(chainedModifiers()), 0, 4).Draw(t, "modifiers")
		key := strings.Join(append([]string{rapid.SampledFrom([]string{"f", "f", ""}).Draw(t, "field")}, modifiers...), "|")
		value := rapid.SampledFrom(chainedValues()).Draw(t, "value")
		readChain(t, tables, "'"+key+"': "+value).agrees(t, tables, events)
	})
}

// chainEvents are events that chains over field f may find.
func chainEvents(t testing.TB) (lines []string) {
	for _, value := range []string{"abc", "xABCx", "a\x00b\x00c\x00", "YWJj", "5", "/a", "-a", "", "true", "10.1.2.3", "aak", "é\x00x\x00", "Y\x00W\x00J\x00j\x00",
		"2026-05-05T05:05:05Z", "%one%", "a", "ÿþa\x00"} {
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf(`{"f":%s,"g":"abc"}`, quoted))
	}
	return append(lines, `{}`, `{"f":null}`, `{"f":5}`, `{"f":1e300}`, `{"f":true}`, `{"f":["x","abc",4]}`)
}

// agrees holds the sides against one another.
func (c chain) agrees(t interface{ Errorf(string, ...any) }, tables sigma.Tables, events []string) {
	if (c.why[0] == nil) != (c.why[1] == nil) {
		t.Errorf("%s: the oracle says %v, the engine %v", c.text, c.why[0], c.why[1])
		return
	}
	if c.engine == nil {
		return
	}
	for _, line := range events {
		var original map[string]any
		if err := json.Unmarshal([]byte(line), &original); err != nil {
			t.Errorf("%v: %s", err, line)
			continue
		}
		holds := c.oracle.Holds(oracle.NewEvent(oracle.Record{Original: original, Aliases: tables.Aliases}))
		ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: []byte(line)}
		if found := len(c.engine.Match(ev)) > 0; found != holds {
			t.Errorf("%s of %q: the oracle says %t, the engine %t", c.text, line, holds, found)
		}
	}
}
