package recorded

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"warder/internal/flow"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// read gives every record of one text, as "line format data" or "line ! reason".
func read(t testing.TB, name, text string, o Options) (got []string) {
	t.Helper()
	for _, r := range records(t, name, text, o) {
		switch {
		case r.Raw.Refused != "":
			got = append(got, fmt.Sprintf("%d ! %s", r.At, r.Raw.Refused))
		default:
			got = append(got, fmt.Sprintf("%d %s %s", r.At, r.Raw.Format, r.Raw.Data))
		}
	}
	return got
}

func records(t testing.TB, name, text string, o Options) (all []Record) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return recordsOf(t, path, o)
}

func recordsOf(t testing.TB, path string, o Options) (all []Record) {
	t.Helper()
	o.Now = func() time.Time { return now }
	err := Read(t.Context(), []File{{Path: path}}, o, func(r Record) error {
		if r.File != path || r.Raw.Channel != path || r.Raw.Source != Source || !r.Raw.Received.Equal(now) {
			t.Errorf("a record without its source: %+v", r)
		}
		all = append(all, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFormatsAreRecognised(t *testing.T) {
	const eve = `{"timestamp":"2026-11-22T08:00:00Z","flow_id":1,"event_type":"dns"}`
	for name, c := range map[string]struct {
		file, text string
		format     Format
		want       []string
	}{
		"lines":              {"a.json", "{\"a\":1}\n\n{\"a\":2}", Auto, []string{`1 ndjson {"a":1}`, `3 ndjson {"a":2}`}},
		"carriage returns":   {"a.json", "{\"a\":1}\r\n{\"a\":2}\r\n", Auto, []string{`1 ndjson {"a":1}`, `2 ndjson {"a":2}`}},
		"array":              {"a.json", "[\n{\"a\":1},\n{\"a\":2}\n]", Auto, []string{`2 ndjson {"a":1}`, `3 ndjson {"a":2}`}},
		"one behind another": {"a.json", `{"a":1}{"a":"}{"} {"a":"\"}"}`, Auto, []string{`1 ndjson {"a":1}`, `1 ndjson {"a":"}{"}`, `1 ndjson {"a":"\"}"}`}},
		"many lines":         {"a.json", "{\n \"a\": {\n  \"b\": []}\n}\n{\"c\":1}", Auto, []string{"1 ndjson {\n \"a\": {\n  \"b\": []}\n}", `5 ndjson {"c":1}`}},
		"mark of UTF-8":      {"a.json", "\xef\xbb\xbf{\"a\":1}", Auto, []string{`1 ndjson {"a":1}`}},
		"UTF-16":             {"a.json", "\xff\xfe{\x00}\x00", Auto, []string{`1 ndjson {}`}},
		"empty array":        {"a.json", "[]", Auto, nil},
		"empty":              {"a.json", "", Auto, nil},
		"EVE":                {"a.json", eve, Auto, []string{"1 suricata " + eve}},
		"EVE that is none":   {"a.json", `{"event_type":1}`, EVE, []string{`1 suricata {"event_type":1}`}},
		"Zeek by its file":   {"conn.2026-11-22.log", `{"ts":1.5}`, Auto, []string{`1 ndjson {"_path":"conn","ts":1.5}`}},
		"Zeek x509":          {"x509.log", `{"ts":1.5}`, Auto, []string{`1 ndjson {"_path":"x509","ts":1.5}`}},
		"Zeek by its stream": {"a.json", `{"@stream":"dns","ts":1.5}`, Auto, []string{`1 ndjson {"_path":"dns","@stream":"dns","ts":1.5}`}},
		"Zeek that says so":  {"conn.log", `{"_path":"dns","ts":1.5}`, Auto, []string{`1 ndjson {"_path":"dns","ts":1.5}`}},
		"Zeek empty":         {"conn.log", `{ }`, Zeek, []string{`1 ndjson {"_path":"conn"}`}},
		"no Zeek":            {"other.log", `{"ts":1.5}`, Auto, []string{`1 ndjson {"ts":1.5}`}},
		"CloudTrail":         {"a.json", `{"Records":[{"a":1},{"a":2}]}` + "\n{\"a\":3}", Auto, []string{`1 ndjson {"a":1}`, `1 ndjson {"a":2}`, `2 ndjson {"a":3}`}},
		"Azure for people":   {"a.json", "{\n  \"records\": [\n    {\"a\": 1},\n    {\"a\": 2}\n  ]\n}\n", Auto, []string{`3 ndjson {"a": 1}`, `4 ndjson {"a": 2}`}},
		"envelopes in array": {"a.json", `[{"records":[{"a":1}]},{"records":[{"a":2}]}]`, Auto, []string{`1 ndjson {"a":1}`, `1 ndjson {"a":2}`}},
		"no envelope":        {"a.json", `{"records":[{"a":1}],"host":"h"}`, Auto, []string{`1 ndjson {"records":[{"a":1}],"host":"h"}`}},
		"syslog":             {"a", "<34>Oct 11 22:14:15 h su: x\n", Auto, []string{"1 syslog <34>Oct 11 22:14:15 h su: x"}},
		"syslog of a daemon": {"a", "Oct  1 22:14:15 h su: x\n2026-11-22T08:00:00.5+01:00 h su: y", Auto,
			[]string{"1 syslog <13>Oct  1 22:14:15 h su: x", "2 syslog <13>2026-11-22T08:00:00.5+01:00 h su: y"}},
		"syslog with RFC 3339": {"a", "2026-11-22T08:00:00.5+01:00 h su: y", Auto, []string{"1 syslog <13>2026-11-22T08:00:00.5+01:00 h su: y"}},
		"auditd": {"audit.log", "type=EXECVE msg=audit(1364481363.243:24287): argc=1", Auto,
			[]string{"1 syslog <13>2013-03-28T14:36:03.243Z - audit: type=EXECVE msg=audit(1364481363.243:24287): argc=1"}},
		"auditd with its node": {"audit.log", "node=h type=EXECVE msg=audit(1364481363.243:24287): argc=1\n", Auto,
			[]string{"1 syslog <13>2013-03-28T14:36:03.243Z - audit: node=h type=EXECVE msg=audit(1364481363.243:24287): argc=1"}},
		"no auditd": {"a.log", "node=h is of type=EXECVE", Auto, []string{"0 ! " + errUnknown.Error()}},
		"access log": {"access.log", `192.0.2.1 - - [22/Nov/2026:09:00:00 +0100] "GET / HTTP/1.1" 200 5`, Auto,
			[]string{`1 syslog <13>2026-11-22T08:00:00.000Z - httpd: 192.0.2.1 - - [22/Nov/2026:09:00:00 +0100] "GET / HTTP/1.1" 200 5`}},
		"event XML":        {"e.xml", "<Event xmlns='x'></Event>", Auto, []string{"1 syslog <13>1970-01-01T00:00:00.000Z - eventlog: <Event xmlns='x'></Event>"}},
		"FortiGate":        {"f.log", "date=2026-11-22 time=08:00:00 devname=f", Auto, []string{"1 syslog <13>date=2026-11-22 time=08:00:00 devname=f"}},
		"asked for":        {"a", "anything", Syslog, []string{"1 syslog <13>anything"}},
		"not recognised":   {"a", "anything", Auto, []string{"0 ! " + errUnknown.Error()}},
		"text in brackets": {"a", "[22/Nov] x", Auto, []string{"0 ! " + errUnknown.Error()}},
		"no event log":     {"a", "anything", EVTX, []string{"0 ! not a Windows event log: the file does not begin with ElfFile"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, read(t, c.file, c.text, Options{Format: c.format})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBadRecordsCostThemselves: what is broken is given with a reason, and the
// rest is read.
func TestBadRecordsCostThemselves(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no object":          {"{\"a\":1}\nnull\n{\"a\":2}\n", []string{`1 ndjson {"a":1}`, "2 ! it is no JSON object", `3 ndjson {"a":2}`}},
		"an open text":       {"{\"a\":\"x\n{\"a\":2}\n", []string{"1 ! it is no JSON: a text does not end on its line", `2 ndjson {"a":2}`}},
		"an open object":     {"{\"a\":{\n{\"a\":2}\n", []string{"1 ! it is no JSON: the object does not end", `2 ndjson {"a":2}`}},
		"too long":           {"{\"a\":\"" + long + "\"}\n{\"a\":2}\n", []string{"1 ! it is longer than 200 bytes", `2 ndjson {"a":2}`}},
		"too long, no end":   {"{\"a\":\"" + long, []string{"1 ! it is longer than 200 bytes"}},
		"rubbish in between": {"{\"a\":1}\nx\ny\nz\n{\"a\":2}", []string{`1 ndjson {"a":1}`, "2 ! it is no JSON object", "3 ! it is no JSON object", "4 ! it is no JSON object", `5 ndjson {"a":2}`}},
		"empty texts":        {"{\"a\":1}\n\"\"\n\"\"\n\n\"\"", []string{`1 ndjson {"a":1}`, "2 ! it is no JSON object", "3 ! it is no JSON object", "5 ! it is no JSON object"}},
		"brackets":           {"{\"a\":1}\n[]\n[{\"a\":2}]\n]", []string{`1 ndjson {"a":1}`, "2 ! it is no JSON object", `3 ndjson {"a":2}`, "4 ! it is no JSON object"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, read(t, "a.json", c.text, Options{Limit: 200})); diff != "" {
				t.Error(diff)
			}
		})
	}
	got := read(t, "a", "<1>x\n<1>"+long+"\n<1>y", Options{Limit: 200})
	if diff := cmp.Diff([]string{"1 syslog <1>x", "2 ! it is longer than 200 bytes", "3 syslog <1>y"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestZeekTables(t *testing.T) {
	text := strings.ReplaceAll(`#separator \x09
#set_separator|,
#empty_field|(empty)
#unset_field|-
#path|conn
#open|2026-11-22
#fields|ts|uid|id.orig_h|id.orig_p|ok|tags|names|note|none
#types|time|string|addr|port|bool|set[string]|vector[count]|string|string
1.5|C1|10.0.0.1|22|T|a\x2cb,c|1,-,3|x\x09y|-
X|C2|::1|-|F|(empty)|-|(empty)|-
1.5|too few
#close|2026-11-22
#separator |
#path|dns
#fields|ts|query
#types|time|string
2|caf\xc3\xa9 \xff
`, "|", "\t")
	text = strings.ReplaceAll(text, "#separator \t\n", "#separator \\x09\n")
	want := []string{
		`9 ndjson {"_path":"conn","ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":22,"ok":true,"tags":["a,b","c"],"names":[1,null,3],"note":"x\ty"}`,
		`10 ndjson {"_path":"conn","ts":"X","uid":"C2","id.orig_h":"::1","ok":false,"tags":[],"note":""}`,
		`11 ! it has 2 columns where #fields names 9`,
		`17 ndjson {"_path":"dns","ts":2,"query":"caf\\xc3\\xa9 \\xff"}`,
	}
	if diff := cmp.Diff(want, read(t, "x.log", text, Options{})); diff != "" {
		t.Error(diff)
	}
	got := read(t, "conn.log", "#separator \\x09\nno fields yet", Options{})
	if diff := cmp.Diff([]string{"2 ! no line with #fields stands before it"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPackedFiles(t *testing.T) {
	var gz, zs bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{g, z} {
		if _, err := w.Write([]byte("{\"a\":1}\n{\"a\":2}\n")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{`1 ndjson {"a":1}`, `2 ndjson {"a":2}`}
	for name, packed := range map[string]string{"a.gz": gz.String(), "a.zst": zs.String()} {
		if diff := cmp.Diff(want, read(t, name, packed, Options{})); diff != "" {
			t.Error(name, diff)
		}
		cut := read(t, name, packed[:len(packed)-6], Options{})
		if len(cut) == 0 || !strings.Contains(cut[len(cut)-1], "!") {
			t.Errorf("%s cut off: %q", name, cut)
		}
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b/2.json": `{"n":2}`, "a.json": `{"n":1}`, ".hidden": `{"n":9}`, ".git/x": `{"n":9}`, "c.txt": "words"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := Files([]string{dir, "none", "-"})
	var got []string
	read := 0
	err := Read(t.Context(), files, Options{Stdin: strings.NewReader(`{"n":3}`), Read: func(n int) { read += n }}, func(r Record) error {
		got = append(got, filepath.Base(r.File)+" "+string(r.Raw.Data)+r.Raw.Refused)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`a.json {"n":1}`, `2.json {"n":2}`, "c.txt " + errUnknown.Error(), "none open none: no such file or directory", `- {"n":3}`}
	if diff := cmp.Diff(want, got); diff != "" || read != 7*3+5 {
		t.Error(diff, read)
	}
}

func TestTheCallerEndsTheReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte("{}{}{}x"), 0o600); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	n := 0
	err := Read(t.Context(), []File{{Path: path}}, Options{}, func(Record) error {
		if n++; n == 2 {
			return boom
		}
		return nil
	})
	if !errors.Is(err, boom) || n != 2 {
		t.Errorf("%v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Read(ctx, []File{{Path: path}}, Options{}, func(Record) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	gone := []File{{Path: path + "gone"}}
	err = Read(t.Context(), gone, Options{}, func(r Record) error {
		if r.Raw.Refused == "" || r.At != 0 {
			t.Errorf("got %+v", r)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"{}", "[{},{}]", "{\n\"a\":1}\n{\"a\":\"", "<1>x\ny", "#separator \\x09\n#fields\ta\n1", "\x1f\x8b", "ElfFile\x00",
		`{"Records":[` + strings.Repeat(`{"a":"]}"},`, 60) + `{}],"nextLink":"x"}`, `{"@odata.context":"x","value":[{` + strings.Repeat(" ", 600),
		"#separator \n#fields", "Jan  1 00:00:00 x",
	} {
		f.Add([]byte(seed), "conn.log")
	}
	for _, seed := range seeds() {
		f.Add(seed, "a")
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		path := filepath.Join(dir, "fuzzed")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, format := range Formats() {
			n := 0
			err := Read(t.Context(), []File{{Path: path}}, Options{Format: format, Limit: 512}, func(r Record) error {
				if n++; n > len(data)+2 {
					t.Fatalf("more records than bytes")
				}
				if r.Raw.Format == flow.FormatJSON && format == Zeek && r.Raw.Refused == "" && data[0] == '#' && !json.Valid(r.Raw.Data) {
					t.Fatalf("made no JSON of a table: %q", r.Raw.Data)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		_ = zeekPath(name)
	})
}
