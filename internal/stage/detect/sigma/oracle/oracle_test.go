package oracle_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"warder/internal/stage/detect/sigma/oracle"
)

// rule reads a rule of which only the detection is given.
func rule(t *testing.T, detection string) *oracle.Rule {
	t.Helper()
	file, err := read(detection)
	if err != nil {
		t.Fatalf("%s\n%v", detection, err)
	}
	return file.Rules[0]
}

func read(detection string) (oracle.File, error) {
	indented := "  " + strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ")
	return oracle.Read([]byte("title: Test\nlogsource: {category: test}\ndetection:\n"+indented+"\n"), servers)
}

func servers(name string) ([]string, bool) {
	return map[string][]string{"Servers": {"srv*", "mail"}, "one": {"1"}}[name], name == "Servers" || name == "one"
}

func event(t *testing.T, object string) *oracle.Event {
	t.Helper()
	var original map[string]any
	if err := json.Unmarshal([]byte(object), &original); err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	return oracle.NewEvent(oracle.Record{Original: original})
}

// expect checks a selection given as YAML in flow style against events.
func expect(t *testing.T, selection string, yes, no []string) {
	t.Helper()
	r := rule(t, "s: "+selection+"\ncondition: s")
	for _, object := range yes {
		if !r.Holds(event(t, object)) {
			t.Errorf("%s does not match %s", selection, object)
		}
	}
	for _, object := range no {
		if r.Holds(event(t, object)) {
			t.Errorf("%s matches %s", selection, object)
		}
	}
}

func field(values ...string) []string {
	objects := make([]string, len(values))
	for i, v := range values {
		b, _ := json.Marshal(v)
		objects[i] = `{"f":` + string(b) + `}`
	}
	return objects
}

// Rules: String Wildcard and Escape Character, with their examples.
func TestWildcardsAndEscapes(t *testing.T) {
	for _, c := range []struct {
		value   string
		yes, no []string
	}{
		{`prog?.exe`, []string{"progA.exe", "PROGB.EXE", "prog?.exe"}, []string{"prog.exe", "progAB.exe", "xprogA.exe"}},
		{`antivirus_V*.exe`, []string{"antivirus_V1.exe", "antivirus_V21.2.1.exe", "antivirus_v.exe"}, []string{"antivirus_V1.exe "}},
		{`a\b`, []string{`a\b`}, []string{`ab`, `a\\b`}},
		{`a\\b`, []string{`a\b`}, []string{`a\\b`}},
		{`a\\\b`, []string{`a\\b`}, []string{`a\b`, `a\\\b`}},
		{`a\\\\b`, []string{`a\\b`}, []string{`a\b`, `a\\\\b`}},
		{`a\*`, []string{`a*`}, []string{`a\*`, `ab`}},
		{`a\?`, []string{`a?`}, []string{`a\?`, `ab`}},
		{`a\\*`, []string{`a\`, `a\b`}, []string{`a*`, `ab`}},
		{`a\\\*`, []string{`a\*`}, []string{`a\`, `a\b`, `a*`}},
		{`a\`, []string{`a\`}, []string{`a`}},
		{`*`, []string{``, `a`}, nil},
		{``, []string{``}, []string{`a`, ` `}},
		{`Straße`, []string{`STRAßE`, `straẞe`}, []string{`strasse`}},
		{`kelvin`, []string{"\u212aelvin", "KELVIN"}, nil},
		{`?`, []string{"é", "😀"}, []string{"", "ab", "e\u0301"}},
		{`*a*b*a`, []string{"aba", "xxaxxbxxa"}, []string{"ab", "abab"}},
	} {
		expect(t, fmt.Sprintf("{f: '%s'}", c.value), field(c.yes...), append(field(c.no...), `{}`, `{"f":null}`, `{"f":{}}`))
	}
}

// Modifiers: Generic Modifiers and String Modifiers.
func TestModifiers(t *testing.T) {
	for _, c := range []struct {
		selection string
		yes, no   []string
	}{
		{`{f|startswith: adm}`, field("adm", "ADMIN"), field("xadm", "ad")},
		{`{f|startswith: 'a*c'}`, field("abc", "acd"), field("xac")},
		{`{f|endswith: '\cmd.exe'}`, field(`C:\cmd.exe`, `\CMD.EXE`), field(`cmd.exe`, `\cmd.exe `)},
		{`{f|contains: 'a\'}`, field(`a\`, `xa\y`), field(`a`)},
		{`{f|contains: '*'}`, append(field("", "x"), `{"f":0}`, `{"f":false}`), []string{`{}`, `{"f":null}`, `{"f":[]}`}},
		{`{f|contains|all: [a, b]}`, append(field("ab", "bxa"), `{"f":["a","b"]}`), field("a", "b")},
		{`{f|cased: Ab}`, field("Ab"), field("ab", "AB")},
		{`{f|contains|cased: Ab}`, field("xAbx"), field("xabx")},
		{`{f|exists: true}`, []string{`{"f":null}`, `{"f":""}`, `{"f":{}}`}, []string{`{}`, `{"F":1}`}},
		{`{f|exists: false}`, []string{`{}`}, []string{`{"f":null}`}},
		{`{f|neq: a}`, append(field("b"), `{}`, `{"f":null}`), append(field("a", "A"), `{"f":["a","b"]}`)},
		{`{f|neq: [a, b]}`, field("c"), field("a", "b")},
		{`{f|neq|contains: a}`, field("b"), field("bab")},
		{`{f|windash|contains: ' -f'}`, field("x -f", "x /F", "x –f", "x —f", "x ―f"), field("x f", "x +f")},
		{`{f|windash: 'a-b /c –d'}`, field("a-b /c -d", "a-b —c /d"), field("a/b /c -d")},
		{`{f: null}`, []string{`{}`, `{"f":null}`}, []string{`{"f":""}`, `{"f":[]}`, `{"f":0}`}},
		{`{f: ''}`, []string{`{"f":""}`}, []string{`{}`, `{"f":null}`, `{"f":" "}`}},
		{`{f: ['', null]}`, []string{`{}`, `{"f":""}`}, field("x")},
		{`{f: 4688}`, []string{`{"f":4688}`, `{"f":"4688"}`, `{"f":4688.0}`, `{"f":[1,4688]}`}, []string{`{"f":"04688"}`, `{"f":46880}`}},
		{`{f: '0x17'}`, field("0x17", "0X17"), []string{`{"f":23}`}},
		{`{f: true}`, []string{`{"f":true}`, `{"f":"True"}`}, []string{`{"f":1}`}},
		{`{f: 1e3}`, []string{`{"f":1000}`, `{"f":1e3}`, `{"f":"1000"}`}, field("1e3")},
		{`{f|re: 'a.c'}`, field("abc", "xabcx"), field("ABC", "a\nc")},
		{`{f|re|i: 'a.c'}`, field("ABC"), field("ac")},
		{`{f|re|s: 'a.c'}`, field("a\nc"), nil},
		{`{f|re: '^b$'}`, field("b"), field("a\nb")},
		{`{f|re|m: '^b$'}`, field("a\nb\nc"), nil},
		{`{f|re|i|m: '^b$'}`, field("a\nB\nc"), nil},
		{`{f|re: 'a\*'}`, field("a*"), field("a")},
		{`{f|cidr: 10.0.0.0/8}`, field("10.1.2.3"), field("11.1.2.3", "10.1", "x")},
		{`{f|cidr: 10.0.0.1}`, field("10.0.0.1", "::ffff:10.0.0.1"), field("10.0.0.2")},
		{`{f|cidr: '::ffff:10.0.0.0/104'}`, field("10.0.0.1"), field("11.0.0.1")},
		{`{f|cidr: 'fe80::/10'}`, field("fe80::1", "FE80::1", "fe80::1%eth0"), field("ff80::1", "10.0.0.1")},
		{`{f|cidr: ['192.168.0.0/16', '10.0.0.0/8']}`, field("192.168.1.1", "10.0.0.1"), field("172.16.0.1")},
		{`{f|gte: 10}`, []string{`{"f":10}`, `{"f":"10.5"}`, `{"f":[1,11]}`}, []string{`{"f":9.9}`, `{"f":"x"}`, `{}`, `{"f":null}`, `{"f":""}`, `{"f":"NaN"}`, `{"f":"Inf"}`}},
		{`{f|gt: 10}`, []string{`{"f":10.1}`}, []string{`{"f":10}`}},
		{`{f|lt: 10}`, []string{`{"f":"9"}`, `{"f":-1}`}, []string{`{"f":10}`, `{"f":"0x9"}`}},
		{`{f|lte: 10}`, []string{`{"f":10}`, `{"f":" 10\t"}`}, []string{`{"f":10.01}`}},
		{`{f|fieldref: g}`, []string{`{"f":"a","g":"A"}`, `{"f":1,"g":"1"}`, `{"f":["a","b"],"g":"b"}`}, []string{`{"f":"a","g":"b"}`, `{"f":"a"}`, `{}`, `{"f":null,"g":null}`, `{"f":"ab","g":"a*"}`}},
		{`{f|fieldref|neq: g}`, []string{`{"f":"a","g":"b"}`, `{"f":"a"}`}, []string{`{"f":"a","g":"a"}`}},
		{`{f|fieldref|endswith: g}`, []string{`{"f":"xa","g":"A"}`}, []string{`{"f":"ax","g":"a"}`}},
		{`{f|expand: '%Servers%'}`, field("srv7", "mail"), field("%Servers%", "xsrv")},
		{`{f: '%Servers%'}`, field("%Servers%"), field("srv7")},
		{`{f|expand: '\%one%one%'}`, field("%one1"), field("11")},
		{`{f|expand: 'C:\\%one%'}`, field(`C:\1`), field(`C:\%one%`, `C:\\1`, "C:1")},
		{`{f|expand: 'C:\\\%one%'}`, field(`C:\%one%`), field(`C:\1`, `C:\\1`)},
		{`{f|expand: 'C:\\\\%one%'}`, field(`C:\\1`), field(`C:\1`, `C:\\%one%`)},
		{`{f|expand: '5% of %one%'}`, field("5% of 1"), nil},
		{`{f|expand: ['%unknown%', x]}`, field("x"), field("%unknown%", "")},
		{`{f|expand|neq: '%unknown%'}`, nil, append(field("x"), `{}`)},
		{`{f|contains|expand: 'a%one%'}`, field("xa1x"), field("a")},
		{`{f|hour: 5}`, field("2026-01-02T05:59:00Z", "2026-01-02 05:00:00"), field("2026-01-02T06:00:00+01:00", "5")},
		{`{f|hour|gte: 22}`, field("2026-01-02T22:00:00+05:00"), field("2026-01-02T21:00:00Z")},
	} {
		expect(t, c.selection, c.yes, c.no)
	}
}

// Modifiers: Encoding. The base64 texts were made with coreutils' base64.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		selection string
		yes, no   []string
	}{
		{`{f|base64: cmd}`, field("Y21k"), field("xY21k", "cmd")},
		{`{f|base64|contains: cmd}`, field("xY21kx"), field("cmd")},
		{`{f|utf16le|base64: cmd}`, field("YwBtAGQA"), nil},
		{`{f|wide|base64: cmd}`, field("YwBtAGQA"), nil},
		{`{f|utf16be|base64: cmd}`, field("AGMAbQBk"), nil},
		{`{f|utf16|base64: cmd}`, field("//5jAG0AZAA="), nil},
		{`{f|base64offset|contains: 'http://'}`, field( // "http://a", " http://a", "  http://a"
			"aHR0cDovL2E=", "IGh0dHA6Ly9h", "ICBodHRwOi8vYQ=="), field("aHR0cDov", "http://")},
		{`{f|windash|base64: '-a'}`, field("LWE=", "L2E="), field("K2E=")},
	} {
		expect(t, c.selection, c.yes, c.no)
	}
}

// Rules: Lists, Maps, Keywords search.
func TestSelections(t *testing.T) {
	for _, c := range []struct {
		selection string
		yes, no   []string
	}{
		{`['EVILSERVICE', 'svchost.exe -n evil']`, []string{`{"a":"the EvilService"}`, `{"a":{"b":["x svchost.exe -n evil y"]}}`}, []string{`{"EvilService":"a"}`, `{}`}},
		{`{'|all': [Oab, ' -Ext ']}`, []string{`{"a":"oab","b":"x -ext y"}`}, []string{`{"a":"oab"}`}},
		{`[{f|endswith: a}, {g|contains: b}]`, []string{`{"f":"xa"}`, `{"g":"abc"}`}, []string{`{"f":"ax","g":"a"}`}},
		{`{f: Security, g: [517, 1102]}`, []string{`{"f":"security","g":517}`, `{"f":"Security","g":"1102"}`}, []string{`{"f":"Security","g":1}`, `{"g":517}`}},
		{`[a*c, 12]`, []string{`{"x":"zabcz"}`, `{"x":3120}`}, []string{`{"x":"a","y":"c"}`, `{"x":null}`}},
		{`{'|re': '^a'}`, []string{`{"x":"ab"}`}, []string{`{"x":"ba"}`}},
		{`{'|startswith': 'a'}`, []string{`{"x":"ab"}`}, []string{`{"x":"ba"}`}},
		{`[a, {f: b}]`, []string{`{"x":"za"}`, `{"f":"b"}`}, []string{`{"f":"xb"}`}},
		{`{a.b.c: 1}`, []string{`{"a":{"b":{"c":1}}}`, `{"a.b":{"c":1}}`, `{"a":{"b.c":1}}`, `{"a.b.c":1}`}, []string{`{"a":{"b":[{"c":1}]}}`, `{"c":1}`, `{"a.b.c":2,"a":{"b":{"c":1}}}`}},
		{`{f: 1}`, []string{`{"Event":{"EventData":{"f":1}}}`, `{"Event":{"System":{"f":1}}}`, `{"winlog":{"event_data":{"f":1}}}`, `{"Event":{"UserData":{"X":{"f":1}}}}`}, []string{`{"x":{"f":1}}`, `{"f":2,"winlog":{"f":1}}`}},
	} {
		expect(t, c.selection, c.yes, c.no)
	}
}

// Rules: Condition. The event meets a, sel_c and _d.
func TestConditions(t *testing.T) {
	ev := event(t, `{"a":1,"b":0,"c":1,"d":1}`)
	selections := "a: {a: 1}\nb: {b: 1}\nsel_b: {b: 1}\nsel_c: {c: 1}\n_d: {d: 1}\ncondition: "
	for condition, want := range map[string]bool{
		"a": true, "b": false, "not b": true, "not not a": true, "_d": true,
		"a and b": false, "a or b": true, "b or b or a": true,
		"b and b or a": true, "a or b and b": true, "(a or b) and b": false,
		"not b and a": true, "not a or a": true, "not (a and b)": true, "not(a)or(sel_c)": true,
		"1 of them": true, "all of them": false, "any of them": true, "2 of them": true, "3 of them": false,
		"1 of sel*": true, "all of sel*": false, "not 1 of sel*": false, "all of *c": true, "1 of *e*b": false,
		"1 of sel_b": false, "all of _*": true, "a and not all of sel*": true, "a AND NOT b": true,
		"[b, a]": true, "[b, b]": false,
	} {
		if got := rule(t, selections+condition).Holds(ev); got != want {
			t.Errorf("%s is %t", condition, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, detection := range []string{
		"s: {f: 1}",
		"s: {f: 1}\ncondition: s and",
		"s: {f: 1}\ncondition: (s",
		"s: {f: 1}\ncondition: s s",
		"s: {f: 1}\ncondition: s | count() > 5",
		"s: {f: 1}\ncondition: 1 of t*",
		"_s: {f: 1}\ncondition: 1 of *s",
		"s: {f|nonsense: 1}\ncondition: s",
		"s: {f|i: 1}\ncondition: s",
		"s: {f|re: '('}\ncondition: s",
		"s: {f|cidr: x}\ncondition: s",
		"s: {f|lt: x}\ncondition: s",
		"s: {f|exists: x}\ncondition: s",
		"s: {f|base64: 'a*'}\ncondition: s",
		"s: {f: {g: 1}}\ncondition: s",
		"s: {f: 1, f: 2}\ncondition: s",
		"s: [null]\ncondition: s",
	} {
		if _, err := read(detection); err == nil {
			t.Errorf("understood:\n%s", detection)
		}
	}
}

// Filters: Examples, and the other conditions that filters have.
func TestFilter(t *testing.T) {
	for condition, refused := range map[string]bool{
		"selection": false, "not selection": false, "1 of selection*": false, "not 1 of them": false,
		"selection and not selection": true,
	} {
		file, err := oracle.Read([]byte(strings.ReplaceAll(filtered, "CONDITION", condition)), nil)
		if (err != nil) != refused {
			t.Errorf("%s: %v", condition, err)
		}
		if refused {
			continue
		}
		oracle.Attach(file.Rules, file.Filters)
		administrator := event(t, `{"Image":"C:\\rar.exe","User":"adm_x"}`)
		somebody := event(t, `{"Image":"C:\\rar.exe","User":"bob"}`)
		named, other := file.Rules[0], file.Rules[1]
		if named.Holds(administrator) || !named.Holds(somebody) || !other.Holds(administrator) {
			t.Errorf("the filter %q does not do what it is for", condition)
		}
	}
}

const filtered = `
title: Data Compressed - rar.exe
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
logsource: {category: process_creation, product: windows}
detection:
  selection: {Image|endswith: '\rar.exe'}
  condition: selection
---
title: Not named
id: 00000000-db24-4c78-a860-b4f4095a7095
logsource: {category: process_creation, product: windows}
detection:
  selection: {Image|endswith: '\rar.exe'}
  condition: selection
---
title: Filter Administrator account
description: The valid administrator account start with adm_
logsource:
    category: process_creation
    product: windows
filter:
    rules:
        - 6f3e2987-db24-4c78-a860-b4f4095a7095 # Data Compressed - rar.exe
        - df0841c0-9846-4e9f-ad8a-7df91571771b # Login on jump host
    selection:
        User|startswith: 'adm_'
    condition: CONDITION
`

func TestSources(t *testing.T) {
	routes, err := oracle.ReadRoutes([]byte(`
- when: [{field: Channel, is: "*"}]
  gives: {product: windows}
- when: [{field: Channel, is: ["A", "B"]}, {field: EventID, is: "12"}]
  gives: {product: windows, service: sysmon, category: [registry_event, registry_add]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		object, source string
		want           bool
	}{
		{`{"Channel":"A","EventID":12}`, "{product: windows, category: registry_add}", true},
		{`{"Channel":"A","EventID":12}`, "{service: sysmon, category: registry_event}", true},
		{`{"Channel":"A","EventID":13}`, "{category: registry_event}", false},
		{`{"Channel":"C"}`, "{product: windows}", true},
		{`{"EventID":12}`, "{product: windows}", false},
		{`{"EventID":12}`, "{definition: anything}", true},
	} {
		file, err := oracle.Read([]byte("title: T\nlogsource: "+c.source+"\ndetection: {s: {a: 1}, condition: s}\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Rules[0].Covered(event(t, c.object).Sources(routes)); got != c.want {
			t.Errorf("%s for %s: %t", c.source, c.object, got)
		}
	}
	named := oracle.NewEvent(oracle.Record{Attributes: map[string]string{"log.product": "aws", "log.service": "x"}})
	if got := named.Sources(nil); len(got) != 1 || got[0] != (oracle.Source{Product: "aws", Service: "x"}) {
		t.Errorf("a record names its own source: %v", got)
	}
}

func TestRecord(t *testing.T) {
	ev := oracle.NewEvent(oracle.Record{
		Original:   map[string]any{"Proc": "a", "user": "b"},
		Attributes: map[string]string{"user": "c"},
		Line:       "<13>the whole line",
		Aliases:    map[string][]string{"Image": {"none", "Proc"}, "user": {"Proc"}},
	})
	for selection, want := range map[string]bool{
		"{Image: a}": true, "{user: c}": true, "{user: b}": false, "['whole line']": true, "{Proc: a}": true,
	} {
		if got := rule(t, "s: "+selection+"\ncondition: s").Holds(ev); got != want {
			t.Errorf("%s is %t", selection, got)
		}
	}
}
