package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"warder/internal/flow"
	"warder/internal/stage/source"
	"warder/internal/stage/source/sourcetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		http.DefaultClient.CloseIdleConnections()
		os.Exit(code)
	}))
}

func config(l source.Limits) source.Config {
	return source.Config{Limits: l, Sources: []source.Source{
		{ID: "logs", Kind: source.KindHTTP, HTTP: &source.HTTP{Formats: []flow.Format{flow.FormatJSON}}},
		{ID: "more", Kind: source.KindHTTP, HTTP: &source.HTTP{
			Formats: []flow.Format{flow.FormatJSON, flow.FormatSuricata, flow.FormatWebhook}, Mappings: []string{"lift"},
		}},
	}}
}

// serve runs the endpoint on a real server and a real intake.
func serve(t *testing.T, l source.Limits, o Options) (*sourcetest.Bench, string) {
	t.Helper()
	b := sourcetest.Open(t, t.TempDir(), config(l))
	return b, serveOn(t, b, o)
}

func serveOn(t *testing.T, b *sourcetest.Bench, o Options) string {
	t.Helper()
	mux := http.NewServeMux()
	for _, r := range New(b.Inlets(source.KindHTTP), o).Routes() {
		mux.HandleFunc(r.Method+" "+r.Path, r.Raw)
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		srv.Close()
	})
	return srv.URL
}

type reply struct {
	Status int
	Retry  string
	Answer
	Detail string
}

func post(t *testing.T, url, body string, header ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) reply {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out := reply{Status: resp.StatusCode, Retry: resp.Header.Get("Retry-After")}
	var doc struct {
		Answer
		Detail string `json:"detail"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	out.Answer, out.Detail = doc.Answer, doc.Detail
	return out
}

func payloads(recs []flow.Raw) (out []string) {
	for _, r := range recs {
		out = append(out, string(r.Data))
	}
	return out
}

func TestForms(t *testing.T) {
	const pretty = "{\n  \"a\": [1,\n 2]\n}\n"
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf(`{"a":%d}`, i))
	}
	tests := []struct {
		name, in   string
		want       []string // what is kept
		refused    []Problem
		unreadable []int
	}{
		{"lines", "{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}", []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}, nil, nil},
		{"one object", `{"a":1}`, []string{`{"a":1}`}, nil, nil},
		{"one object for people", "\n" + pretty, []string{strings.TrimSpace(pretty)}, nil, nil},
		{"an array", `[ {"a":"],{"} , {"b":[1,{}]}` + "\n]\n", []string{`{"a":"],{"}`, `{"b":[1,{}]}`}, nil, nil},
		{"a broken line among good ones", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", []string{`{"a":1}`, `{"a":`, `{"a":3}`}, nil, []int{2}},
		{"no JSON at all", "Nov 22 08:00:00 host su: bad\n", []string{"Nov 22 08:00:00 host su: bad"}, nil, []int{1}},
		{"JSON but no object", "17\n\"x\"\n", []string{"17", `"x"`}, nil, []int{1, 2}},
		{"two on a line", `{"a":1}{"a":2}`, []string{`{"a":1}{"a":2}`}, nil, []int{1}},
		{"a broken element", `[{"a":1},{"a":},{"a":3}]`, []string{`{"a":1}`, `{"a":}`, `{"a":3}`}, nil, []int{2}},
		{"a torn array", `[{"a":1},{"a":2`, []string{`{"a":1}`, `{"a":2`}, nil, []int{2}},
		{"an array without commas", `[{"a":1}x{"a":2}]`, []string{`{"a":1}x{"a":2}`}, nil, []int{1}},
		{"something after an array", `[{"a":1}]{"a":2}`, []string{`{"a":1}`, `{"a":2}`}, nil, []int{2}},
		{"an array without an end", `[{"a":1}`, []string{`{"a":1}`}, nil, []int{1}},
		{"too long", "{\"a\":1}\n{\"a\":\"" + strings.Repeat("x", 300) + "\"}\n{\"a\":3}\n", []string{`{"a":1}`, `{"a":3}`},
			[]Problem{{2, "the record has 308 bytes; at most 256"}}, nil},
		{"an element too long", `[{"a":1},{"a":"` + strings.Repeat("x", 300) + `"},{"a":3}]`, []string{`{"a":1}`, `{"a":3}`},
			[]Problem{{2, "the record has 308 bytes; at most 256"}}, nil},
		{"a cloud service's envelope", `{"Records":[{"a":1},{"a":2}]}` + "\n" + `{"a":3}`, []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}, nil, nil},
		{"an array of envelopes", `[{"records":[{"a":1}]},{"records":[{"a":2}]}]`, []string{`{"a":1}`, `{"a":2}`}, nil, nil},
		{"no envelope", `{"records":[{"a":1}],"host":"h"}`, []string{`{"records":[{"a":1}],"host":"h"}`}, nil, nil},
		{"an envelope larger than a record", `{"Records":[` + strings.Join(many, ",") + `],"nextLink":"]}"}` + "\n", many, nil, nil},
		{"an envelope over many lines", "{\n\"Records\": [\n" + strings.Join(many, ",\n") + "\n]\n}\n", many, nil, nil},
		{"a torn envelope", `{"Records":[` + strings.Join(many, ","), many, nil, []int{40}},
		{"a large envelope with more than paging", `{"Records":[` + strings.Join(many, ",") + `],"nextLink":"x","owner":"o"}` + "\n", append(many[:len(many):len(many)], `,"nextLink":"x","owner":"o"}`), nil, []int{len(many) + 1}},
		{"a large envelope, and another object", `{"Records":[` + strings.Join(many, ",") + `],"owner":"o"} {"a":1}`, append(many[:len(many):len(many)], `,"owner":"o"}`, `{"a":1}`), nil, []int{len(many) + 1, len(many) + 2}},
		{"a large envelope torn behind its records", `{"Records":[` + strings.Join(many, ",") + `],"owner":`, append(many[:len(many):len(many)], `,"owner":`), nil, []int{len(many) + 1}},
		{"an envelope with a record too long", `{"Records":[{"a":1},{"a":"` + strings.Repeat("x", 300) + `"},{"a":3}]}`, []string{`{"a":1}`, `{"a":3}`},
			[]Problem{{2, "the record has 308 bytes; at most 256"}}, nil},
	}
	b, url := serve(t, source.Limits{Record: 256}, Options{})
	before, kept := b.HealthOf("logs"), 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := post(t, url+"/ingest/ndjson", tt.in)
			if got.Status != http.StatusAccepted || got.Accepted != len(tt.want) {
				t.Fatalf("answered %+v", got)
			}
			if diff := cmp.Diff(tt.want, payloads(b.Records(kept + len(tt.want))[kept:])); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			kept += len(tt.want)
			if diff := cmp.Diff(append([]Problem{}, tt.refused...), got.Refused); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			var lines []int
			for _, u := range got.Unreadable {
				lines = append(lines, u.Line)
			}
			if diff := cmp.Diff(tt.unreadable, lines); diff != "" {
				t.Errorf("unreadable (-want +got):\n%s", diff)
			}
			h := b.HealthOf("logs")
			if int(h.ParseErrors-before.ParseErrors) != len(tt.unreadable) || int(h.Refused-before.Refused) != len(tt.refused) {
				t.Errorf("counted %d parse errors and %d refused", h.ParseErrors, h.Refused)
			}
			before = h
		})
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	b, url := serve(t, source.Limits{Record: 256}, Options{Body: 4096})
	long := `{"a":"` + strings.Repeat("x", 300) + `"}`
	tests := []struct {
		name, path, body string
		header           []string
		status           int
		says             string
	}{
		{"an unknown format", "/ingest/xml", "{}", nil, 404, "no http source accepts format xml"},
		{"webhook without a mapping", "/ingest/webhook", "{}", nil, 422, "?mapping="},
		{"an unknown mapping", "/ingest/webhook?mapping=door", "{}", nil, 404, "mapping door"},
		{"an unknown source", "/ingest/ndjson?source=x", "{}", nil, 404, `"x"`},
		{"a source of another format", "/ingest/suricata?source=logs", "{}", nil, 404, "suricata"},
		{"an empty body", "/ingest/ndjson", " \n ", nil, 422, "no record"},
		{"an empty array", "/ingest/ndjson", "[]", nil, 422, "no record"},
		{"a body too long", "/ingest/ndjson", strings.Repeat("{}\n", 2000), nil, 413, "4096 bytes"},
		{"only records too long", "/ingest/ndjson", long, nil, 413, "256 bytes"},
		{"XML", "/ingest/ndjson", "<a/>", []string{"Content-Type", "application/xml"}, 415, "application/x-ndjson"},
		{"brotli", "/ingest/ndjson", "{}", []string{"Content-Encoding", "br"}, 415, "gzip"},
		{"gzip that is none", "/ingest/ndjson", "{}", []string{"Content-Encoding", "gzip"}, 422, "not gzip"},
		{"a long key", "/ingest/ndjson", "{}", []string{"Idempotency-Key", strings.Repeat("k", 300)}, 422, "Idempotency-Key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := post(t, url+tt.path, tt.body, tt.header...)
			if got.Status != tt.status || !strings.Contains(got.Detail, tt.says) || got.Accepted != 0 {
				t.Errorf("answered %+v, want %d saying %q", got, tt.status, tt.says)
			}
		})
	}
	if got := b.Records(0); len(got) != 0 {
		t.Errorf("%d records were kept", len(got))
	}
}

func TestWhichSource(t *testing.T) {
	b, url := serve(t, source.Limits{}, Options{})
	post(t, url+"/ingest/ndjson", `{"n":1}`)
	post(t, url+"/ingest/ndjson?source=more", `{"n":2}`)
	post(t, url+"/ingest/suricata", `{"n":3}`)
	post(t, url+"/ingest/webhook?mapping=lift", `{"n":4}`, "X-Warder-Exercise", "ex-1")
	post(t, url+"/ingest/ndjson", `{"n":5}`, "X-Warder-Exercise", "ex-2")
	var got []string
	for _, r := range b.Records(5) {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", r.Data, r.Source, r.Format, r.Mapping, r.Exercise))
	}
	want := []string{
		`{"n":1} logs ndjson  `, `{"n":2} more ndjson  `, `{"n":3} more suricata  `, `{"n":4} more webhook lift ex-1`, `{"n":5} logs ndjson  `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGzip(t *testing.T) {
	b, url := serve(t, source.Limits{}, Options{})
	pack := func(s string) string {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		_, _ = io.WriteString(z, s)
		_ = z.Close()
		return buf.String()
	}
	if got := post(t, url+"/ingest/ndjson", pack("{\"a\":1}\n{\"a\":2}\n"), "Content-Encoding", "gzip"); got.Accepted != 2 {
		t.Errorf("answered %+v", got)
	}
	bomb := post(t, url+"/ingest/ndjson", pack(strings.Repeat(" ", 8<<20)), "Content-Encoding", "gzip")
	if bomb.Status != http.StatusRequestEntityTooLarge || !strings.Contains(bomb.Detail, "unpacks") {
		t.Errorf("answered %+v", bomb)
	}
	half := pack(strings.Repeat("{\"a\":1}\n", 1000))
	if got := post(t, url+"/ingest/ndjson", half[:len(half)-12], "Content-Encoding", "gzip"); got.Status != 422 || got.Accepted != 1000 {
		t.Errorf("a torn body answered %+v", got)
	}
	b.Records(2)
}

func TestIdempotencyKey(t *testing.T) {
	dir := t.TempDir()
	b := sourcetest.Open(t, dir, config(source.Limits{}))
	url := serveOn(t, b, Options{})
	body := "{\"a\":1}\n{\"a\":2}\n"
	for range 2 {
		if got := post(t, url+"/ingest/ndjson", body, "Idempotency-Key", "k1"); got.Status != 202 || got.Accepted != 2 {
			t.Fatalf("answered %+v", got)
		}
	}
	post(t, url+"/ingest/ndjson", body, "Idempotency-Key", "k2")
	post(t, url+"/ingest/ndjson", body)
	b.Stop()

	b = sourcetest.Open(t, dir, config(source.Limits{}))
	url = serveOn(t, b, Options{})
	post(t, url+"/ingest/ndjson", body, "Idempotency-Key", "k1")
	post(t, url+"/ingest/ndjson", `{"a":"last"}`)
	got := b.Records(7)
	if len(got) != 7 || string(got[6].Data) != `{"a":"last"}` {
		t.Errorf("%q were kept; a key sent again makes no record, also after a restart", payloads(got))
	}
}

// TestDeepNesting is told in few words, and soon.
func TestDeepNesting(t *testing.T) {
	for _, text := range []string{strings.Repeat("[", 1<<20), strings.Repeat(`{"a":[`, 1<<17), strings.Repeat(`{"a":`, 301) + "1" + strings.Repeat("}", 301)} {
		if got := unreadable([]byte(text)); got != "it is no JSON: it is nested more than 300 deep" {
			t.Errorf("got %s", got)
		}
	}
	if got := unreadable([]byte(strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300))); got != "" {
		t.Errorf("300 deep: %s", got)
	}
	if got := unreadable([]byte(`{"a":[{"b":Nov}]}`)); got != "it is no JSON: cannot parse number: expecting 0..9 digit, got N" {
		t.Errorf("got %s", got)
	}
}

// TestKeysOfEnvelopes: the records of one line have names of their own, so that
// none is taken for another, and none is made twice.
func TestKeysOfEnvelopes(t *testing.T) {
	b, url := serve(t, source.Limits{}, Options{})
	body := `{"Records":[{"a":1},{"a":2}]}` + "\n" + `{"records":[{"a":3},{"a":4}]}`
	for range 2 {
		if got := post(t, url+"/ingest/ndjson", body, "Idempotency-Key", "k"); got.Status != 202 || got.Accepted != 4 {
			t.Fatalf("answered %+v", got)
		}
	}
	post(t, url+"/ingest/ndjson", `{"a":"last"}`)
	got := b.Records(5)
	if diff := cmp.Diff([]string{`{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":4}`, `{"a":"last"}`}, payloads(got)); diff != "" {
		t.Error(diff)
	}
}

func TestPressure(t *testing.T) {
	b, url := serve(t, source.Limits{Pending: 1 << 20}, Options{Requests: 2, Patience: 20 * time.Millisecond})
	b.Gate.Shut()
	answers := make(chan reply, 1)
	go func() { answers <- post(t, url+"/ingest/ndjson", `{"a":"`+strings.Repeat("x", 1<<20-200)+`"}`) }()
	sourcetest.Eventually(t, "a record fills the room", b.Gate.Held)
	got := post(t, url+"/ingest/ndjson", `{"a":1}`)
	if got.Status != http.StatusTooManyRequests || got.Retry == "" || got.Accepted != 0 {
		t.Errorf("answered %+v when there was no room", got)
	}
	select {
	case got := <-answers:
		t.Errorf("answered %+v before the records were durable", got.Status)
	default:
	}
	b.Gate.Open(nil)
	if got := <-answers; got.Status != http.StatusAccepted {
		t.Errorf("answered %d after the log opened", got.Status)
	}
	b.Gate.Open(errors.New("no space left on device"))
	got = post(t, url+"/ingest/ndjson", `{"a":1}`)
	if got.Status != http.StatusServiceUnavailable || got.Retry == "" || strings.Contains(got.Detail, "device") {
		t.Errorf("answered %+v", got)
	}
}

func TestSlowUpload(t *testing.T) {
	_, url := serve(t, source.Limits{}, Options{Upload: 50 * time.Millisecond})
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "POST /ingest/ndjson HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"a\":")
	_ = c.SetReadDeadline(time.Now().Add(sourcetest.Patience))
	got := make([]byte, 12)
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "HTTP/1.1 408" {
		t.Errorf("answered %q, %v", got, err)
	}
}

func TestManyRecords(t *testing.T) {
	b, url := serve(t, source.Limits{}, Options{})
	var body strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&body, "{\"n\":%d}\n", i)
	}
	if got := post(t, url+"/ingest/ndjson", body.String()); got.Accepted != 5000 {
		t.Fatalf("answered %+v", got)
	}
	for i, r := range b.Records(5000) {
		if string(r.Data) != fmt.Sprintf(`{"n":%d}`, i) {
			t.Fatalf("record %d is %s", i, r.Data)
		}
	}
	ch, err := b.Log.Last(t.Context(), sourcetest.Topic)
	if err != nil || ch > 30 {
		t.Errorf("5000 records took %d messages, %v", ch, err)
	}
}

// foreignTexts are the beginnings of some of other projects' files; none when
// they are not there.
func foreignTexts(glob string) (out [][]byte) {
	dir, ok := sourcetest.SharedData("")
	if !ok {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(dir, glob))
	for _, name := range files[:min(len(files), 12)] {
		if b, err := os.ReadFile(name); err == nil {
			out = append(out, b[:min(len(b), 4<<10)])
		}
	}
	return out
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		`{"Records":[` + strings.Repeat(`{"a":"]}"},`, 20) + `{}],"nextLink":"x"}`, `{"Records":[` + strings.Repeat(`{"a":"]}"},`, 20) + `{}],"owner":"x"}y`, `{"@odata.context":"x","value":[{` + strings.Repeat(" ", 200),
		"{\"a\":1}\n{\"a\":2}", `[{"a":"\\\"]"},{}]`, "[", "[]", "[,]", "{\n}", "\"\n", "[[1,2],[3]]", strings.Repeat("x", 200), "[\"\\", "[{}]x",
	} {
		f.Add([]byte(s))
	}
	for _, glob := range []string{"it/suricata-verify/*/*.json", "it/suricata-eve/*.json", "physical/frigate/*", "it/zeek-json/*/*.log"} {
		for _, text := range foreignTexts(glob) {
			f.Add(text)
			f.Add(bytes.Join([][]byte{[]byte("["), bytes.ReplaceAll(bytes.TrimSpace(text), []byte("\n"), []byte(",")), []byte("]")}, nil))
		}
	}
	const limit = 128
	f.Fuzz(func(t *testing.T, in []byte) {
		s := newSplitter(bytes.NewReader(in), limit)
		s.unwrap = true
		total, line := 0, 0
		for {
			r, err := s.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.data) > limit || r.line < line || r.line == line && r.reason == "" {
				t.Fatalf("record %d after %d has %d bytes", r.line, line, len(r.data))
			}
			if len(r.data) == 0 && r.reason == "" && r.over == 0 {
				t.Fatalf("record %d is empty", r.line)
			}
			line = r.line
			if total += len(r.data); total > len(in) {
				t.Fatalf("%d bytes came out of %d", total, len(in))
			}
		}
	})
}
