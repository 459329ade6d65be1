package exercise

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leodido/go-syslog/v4/rfc5424"
	"pgregory.net/rapid"
)

func TestRender(t *testing.T) {
	at := time.Date(2026, 3, 7, 23, 30, 5, 120_500_000, time.UTC)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for payload, want := range map[string]string{
		"plain {single}":       "plain {single}",
		"{{now}}":              "2026-03-07T23:30:05.120Z",
		"a {{now3164}} b":      "a Mar  8 00:30:05 b",
		"{{epoch}}":            "1772926205.120500",
		"{{now-90s}}":          "2026-03-07T23:28:35.120Z",
		"{{epoch+1m}},{{now}}": "1772926265.120500,2026-03-07T23:30:05.120Z",
		"{{now-1h30m0.5s}}":    "2026-03-07T22:00:04.620Z",
	} {
		if got, err := Render(payload, at, paris); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", payload, got, err, want)
		}
	}
	for _, payload := range []string{"{{then}}", "{{now", "{{now-}}", "{{now+1}}", "{{}}"} {
		if got, err := Render(payload, at, paris); err == nil {
			t.Errorf("%s: got %q, want an error", payload, got)
		}
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestMarks(t *testing.T) {
	for name, c := range map[string]struct {
		record        Record
		channel, want string
	}{
		"structured data": {
			Record{Transport: SyslogTCP, Payload: `<134>1 {{now}} srv app 811 ID [access@32473 event="x \] y"] Texte`}, "",
			`<134>1 2026-11-22T12:00:00.000Z srv app 811 ID [exercise@32473 id="ex-1"][access@32473 event="x \] y"] Texte`,
		},
		"no structured data": {
			Record{Transport: SyslogUDP, Payload: `<86>1 {{now}} srv sshd 1 - - Accepted [x]`}, "",
			`<86>1 2026-11-22T12:00:00.000Z srv sshd 1 - [exercise@32473 id="ex-1"] Accepted [x]`,
		},
		"no text": {
			Record{Transport: SyslogUDP, Payload: `<86>1 {{now}} srv sshd 1 - -`}, "",
			`<86>1 2026-11-22T12:00:00.000Z srv sshd 1 - [exercise@32473 id="ex-1"]`,
		},
		"RFC 3164": {
			Record{Transport: SyslogUDP, Payload: `<4>{{now3164}} fw-a1 kernel: DROP IN=vlan20`}, "",
			`<4>1 2026-11-22T12:00:00.000Z fw-a1 kernel - - [exercise@32473 id="ex-1"] DROP IN=vlan20`,
		},
		"RFC 3164 with a process": {
			Record{Transport: SyslogUDP, Payload: `<86>{{now3164}} srv-lis sshd[4711]: Failed password for root`}, "",
			`<86>1 2026-11-22T12:00:00.000Z srv-lis sshd 4711 - [exercise@32473 id="ex-1"] Failed password for root`,
		},
		"RFC 3164 without a tag": {
			Record{Transport: SyslogUDP, Payload: `<86>{{now3164}} srv-lis no tag: here`}, "",
			`<86>1 2026-11-22T12:00:00.000Z srv-lis - - - [exercise@32473 id="ex-1"] no tag: here`,
		},
		"topic": {Record{Transport: MQTT, Channel: "frigate/events", Payload: "{}"}, "exercise/ex-1/frigate/events", "{}"},
		"sensor without a time": {
			Record{Transport: MQTT, Channel: "sensors/s", Payload: `{"a":1}`}, "exercise/ex-1/sensors/s", `{"time":"2026-11-22T12:00:00.000Z","a":1}`,
		},
		"ingest": {Record{Transport: HTTP, Channel: "ndjson", Payload: "{}"}, "ndjson", "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := prepare(c.record, noon, time.UTC, "ex-1")
			if err != nil || m.payload != c.want || m.channel != c.channel || m.mark != "ex-1" {
				t.Errorf("got  %+v, %v\nwant %s %s", m, err, c.channel, c.want)
			}
		})
	}
	for _, payload := range []string{"no priority", "<4>neither of both, though long enough", "<4>1 too short", `<4>1 - - - - - nodata`} {
		if m, err := prepare(Record{Transport: SyslogTCP, Payload: payload}, noon, time.UTC, "ex-1"); err == nil {
			t.Errorf("%q was marked: %s", payload, m.payload)
		}
	}
	if err := Markable([]Record{{Transport: SyslogUDP, Payload: "<4>strange", Line: 7}}); err == nil || !strings.HasPrefix(err.Error(), "line 7: ") {
		t.Errorf("got %v", err)
	}
}

// FuzzMark holds the mark against a parser that is not ours: what was valid RFC
// 5424 stays so, with everything in it and the mark besides.
func FuzzMark(f *testing.F) {
	f.Add(`<134>1 2026-11-22T12:00:00.000Z srv app 811 ID [a b="c \" \] d"][e] text`)
	f.Add(`<4>Nov 22 12:00:00 fw kernel: DROP`)
	f.Add(`<4>1 - - - - - -`)
	f.Fuzz(func(t *testing.T, msg string) {
		marked, err := markSyslog(msg, noon, "ex-1")
		if err != nil {
			return
		}
		before, err := rfc5424.NewParser().Parse([]byte(msg))
		if err != nil {
			return
		}
		after, err := rfc5424.NewParser().Parse([]byte(marked))
		if err != nil {
			t.Fatalf("%q became invalid: %q: %v", msg, marked, err)
		}
		old, now := before.(*rfc5424.SyslogMessage), after.(*rfc5424.SyslogMessage)
		data := *now.StructuredData
		if data["exercise@32473"]["id"] != "ex-1" {
			t.Fatalf("%q is not marked", marked)
		}
		if old.StructuredData != nil && len(data) < len(*old.StructuredData) || (old.Message == nil) != (now.Message == nil) || old.Message != nil && *old.Message != *now.Message {
			t.Fatalf("%q lost something: %q", msg, marked)
		}
	})
}

func drawRecords(t *rapid.T, name string) []Record {
	var at time.Duration
	var list []Record
	for _, step := range rapid.SliceOf(rapid.IntRange(0, 3)).Draw(t, name) {
		at += time.Duration(step) * time.Second
		list = append(list, Record{At: at, Channel: name})
	}
	return list
}

func TestMergeIsStableAndWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRecords(t, "a"), drawRecords(t, "b")
		got := slices.Collect(Merge(slices.Values(a), slices.Values(b)))
		want := slices.Concat(a, b)
		slices.SortStableFunc(want, func(x, y Record) int { return int(x.At - y.At) })
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for range Merge(slices.Values(a), slices.Values(b)) {
			break // the pulled sequence must be let go
		}
	})
}
