package envelope_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"warder/internal/stage/source/envelope"
)

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"CloudTrail", `{"Records":[{"a":1},{"a":"]},"}]}`, []string{`{"a":1}`, `{"a":"]},"}`}},
		{"Azure", "{ \"records\" : [\n{\"a\":{}} ] }\n", []string{`{"a":{}}`}},
		{"Microsoft Graph", `{"@odata.context":"https://x","@odata.count":1,"value":[{"a":1}],"@odata.nextLink":"y"}`, []string{`{"a":1}`}},
		{"Google", `{"entries":[{"a":1}],"nextPageToken":"x"}`, []string{`{"a":1}`}},
		{"empty", `{"Records":[]}`, nil},
		{"no objects", `{"Records":[{"a":1},2]}`, nil},
		{"no list", `{"value":{"a":1}}`, nil},
		{"no list but paging", `{"nextLink":"x"}`, nil},
		{"a record with such a field", `{"records":[{"a":1}],"host":"h"}`, nil},
		{"a record with such a field first", `{"host":"h","records":[{"a":1}]}`, nil},
		{"two lists", `{"records":[{"a":1}],"value":[{"a":1}]}`, nil},
		{"something behind", `{"records":[{"a":1}]} x`, nil},
		{"torn", `{"records":[{"a":1}`, nil},
		{"broken", `{"records":[{"a":1},{"a":}]}`, nil},
		{"no object", `[{"records":[{"a":1}]}]`, nil},
		{"nothing", ``, nil},
	} {
		var got []string
		for _, e := range envelope.Open([]byte(c.text)) {
			got = append(got, string(e.Data))
			if c.text[e.At:e.At+len(e.Data)] != string(e.Data) {
				t.Errorf("%s: %s does not stand at %d", c.name, e.Data, e.At)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBegins(t *testing.T) {
	for text, want := range map[string]string{
		`{"Records":[{"a":`: `{"Records":[`, `{"@odata.context":"x","value": [ {"a"`: `{"@odata.context":"x","value": [`,
		`{"Records":["x"`: "", `{"Records":{`: "", `{"host":"h","Records":[{`: "", `{"Records":`: "", `{"@odata.context":["x"],"value":[{`: "",
		`{"Records":[`: "", "{": "", "": "",
	} {
		if got := text[:envelope.Begins([]byte(text))]; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestEnds(t *testing.T) {
	for tail, want := range map[string]bool{
		"}": true, "\n }": true, `,"nextLink":"]}"}`: true, `,"@odata.count":1,"nextLink":"x"}`: true,
		`,"owner":"x"}`: false, `,"nextLink":"x","owner":"x"}`: false, `,"value":[{}]}`: false, `,{}]}`: false, `,"nextLink":}`: false, "": false, `,"nextLink":"x"`: false,
	} {
		if got := envelope.Ends([]byte(tail)); got != want {
			t.Errorf("%s: got %t", tail, got)
		}
	}
}

// FuzzOpen: what comes out stands in what went in, and an envelope that can be
// opened is one by its beginning too, or begins with paging.
func FuzzOpen(f *testing.F) {
	for _, text := range []string{
		`{"Records":[{"a":1},{"b":[{}]}]}`, `{"@odata.context":"x","value":[{"a":1}]}`, `{"records":[{"a":1}],"host":1}`, `{"nextLink":{"a":[]},"value":[{}]}`,
		"{\"entries\" :\t[ {\"a\":\"\\u0022\"}\n]}", `{"value":[]}`, `{"value":null}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list := envelope.Open(data)
		for _, e := range list {
			if !json.Valid(e.Data) || !bytes.Equal(data[e.At:e.At+len(e.Data)], e.Data) {
				t.Fatalf("%q at %d", e.Data, e.At)
			}
		}
		if n := envelope.Begins(data); n > 0 && (data[n-1] != '[' || n >= len(data)) {
			t.Fatalf("begins with %q", data[:n])
		}
		if len(list) > 0 && !json.Valid(data) {
			t.Fatalf("%q is no JSON and was opened", data)
		}
	})
}
