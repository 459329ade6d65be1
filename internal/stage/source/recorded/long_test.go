package recorded

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sized is an object of so many bytes on one line.
func sized(n int) string { return `{"a":"` + strings.Repeat("x", n-8) + `"}` }

// TestLongLinesCostThemselves: lengths lie around the limit and around the buffers
// below, as a line that does not fit into one of them comes in pieces.
func TestLongLinesCostThemselves(t *testing.T) {
	for _, limit := range []int{200, readAhead - 2, readAhead, 3 * readAhead, DefaultLimit} {
		for _, more := range []int{1, 2, 3, readAhead - 1, readAhead, readAhead + 1, limit, limit + 1} {
			for _, end := range []string{"\n", "\r\n"} {
				long := sized(limit + more)
				lines := []string{`{"n":1}`, long, sized(limit), long, long[:len(long)-2] + "xx", `{"n":6}`, long[1:], `{"n":8}`}
				reason := tooLong(limit)
				for name, text := range map[string]string{"a.json": strings.Join(lines, end), "end.json": strings.Join(lines, end) + end} {
					got := read(t, name, text, Options{Limit: limit})
					want := []string{
						`1 ndjson {"n":1}`, "2 ! " + reason, "3 ndjson " + sized(limit), "4 ! " + reason, "5 ! " + reason,
						`6 ndjson {"n":6}`, "7 ! it is no JSON object", `8 ndjson {"n":8}`,
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("limit %d, %d more, %q, %s: %s", limit, more, end, name, diff)
					}
				}
			}
		}
	}
}

// TestLongLinesOfEveryKind reads a line of more than the usual limit between two
// good ones.
func TestLongLinesOfEveryKind(t *testing.T) {
	const size = DefaultLimit + 100<<10
	pad := strings.Repeat("x", size)
	ndjson := "{\"n\":1}\n" + sized(size) + "\n" + sized(size) + "\n{\"n\":4}\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(ndjson)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		format Format
	}{
		"a.json":      {ndjson, Auto},
		"a.json.gz":   {packed.String(), Auto},
		"eve.json":    {ndjson, EVE},
		"conn.log":    {ndjson, Zeek},
		"a.syslog":    {"<1>a\n<1>" + pad + "\n<1>" + pad + "\n<1>b", Syslog},
		"dns.log":     {"#fields\ta\n" + pad + "\n" + pad + "\nx\n", Zeek},
		"words.json":  {"{\"n\":1}\n" + pad + "\n" + pad + "\n{\"n\":4}", JSON},
		"quotes.json": {"{\"n\":1}\n{\"" + pad + "\n{\"" + pad + "\n{\"n\":4}", JSON},
		"one.json":    {"[\n" + sized(size) + ",\n" + sized(size) + ",\n{\"n\":4}]", JSON},
	} {
		all := records(t, name, c.text, Options{Format: c.format})
		var got []string
		for _, r := range all {
			got = append(got, fmt.Sprint(r.At, r.Raw.Refused == ""))
			if len(r.Raw.Data) > DefaultLimit {
				t.Errorf("%s:%d holds %d bytes", name, r.At, len(r.Raw.Data))
			}
		}
		want := []string{"1 true", "2 false", "3 false", "4 true"}
		if name == "dns.log" || name == "one.json" {
			want = want[1:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLongObjectsOverManyLines end where what is set in deeper ends, or on their
// line where others stand behind them.
func TestLongObjectsOverManyLines(t *testing.T) {
	long := strings.Repeat("    \"x\": [\n      {\n        \"y\": 1\n      }\n    ],\n", 20)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"array": {"[\n  {\n" + long + "    \"z\": 1\n  },\n  {\n    \"n\": 1\n  }\n]",
			[]string{"2 ! it is longer than 200 bytes", "105 ndjson {\n    \"n\": 1\n  }"}},
		"brackets": {"[{\n" + long + "}, {\n" + long + "}, {\n    \"n\": 1\n}]",
			[]string{"1 ! it is longer than 200 bytes", "102 ! it is longer than 200 bytes", "203 ndjson {\n    \"n\": 1\n}"}},
		"on one line": {"[{\"n\":1}, " + sized(300) + ", {\"n\":2}, " + sized(300) + "]\n{\"n\":3}",
			[]string{`1 ndjson {"n":1}`, "1 ! it is longer than 200 bytes", `1 ndjson {"n":2}`, "1 ! it is longer than 200 bytes", `2 ndjson {"n":3}`}},
		"torn": {"{\n  \"a\": \"x\n  \"b\": {\n}\n}\n{\"n\":1}",
			[]string{"1 ! it is no JSON: a text does not end on its line", "5 ! it is no JSON object", `6 ndjson {"n":1}`}},
		"cut off": {"{\"a\":{\n" + strings.Repeat("{\"n\":1}\n", 2) + strings.Repeat("\n", 300),
			[]string{"1 ! it is no JSON: the object does not end", `2 ndjson {"n":1}`, `3 ndjson {"n":1}`}},
	} {
		if diff := cmp.Diff(c.want, read(t, "a.json", c.text, Options{Limit: 200})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestEveryLineCounts: in a log of a record a line, each line that is not empty
// gives one record, read or not, under its number.
func TestEveryLineCounts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOf(rapid.SampledFrom([]string{
			`{"a":1}`, ` {"a":1} `, "", "x", `""`, `"`, "null", "]", "[", "[]", ",", "7, 8", `{"a`, `{"a":"x`, `{"a":1,`, `{"a":{"b":1}`,
			sized(201), sized(400), strings.Repeat("y", 300), strings.Repeat("z", 70<<10), sized(70 << 10),
		})).Draw(rt, "lines")
		lines = append([]string{`{"a":0}`}, lines...)
		var want, got []string
		for i, line := range lines {
			if line != "" {
				want = append(want, fmt.Sprint(i+1, " ", len(line) <= 200 && strings.HasSuffix(strings.TrimSpace(line), `1}`) && strings.Count(line, "{") == 1 || i == 0))
			}
		}
		for _, r := range records(t, "a.json", strings.Join(lines, "\n"), Options{Limit: 200}) {
			got = append(got, fmt.Sprint(r.At, " ", r.Raw.Refused == ""))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
	})
}
