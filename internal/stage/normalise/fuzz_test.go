package normalise

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/flow"
)

// seed adds the records of our own cases and, when they are there, foreign ones.
func seed(f *testing.F, cases string, globs ...string) {
	files, _ := filepath.Glob("testdata/events/" + cases + "*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, section := range ar.Files {
			if section.Name == "data" {
				for _, line := range lines(section.Data) {
					f.Add(line)
				}
			}
		}
	}
	for _, glob := range globs {
		matches, _ := filepath.Glob(filepath.Join(shared(), glob))
		for _, file := range matches {
			data, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for i, line := range lines(data) {
				if i < 50 && len(line) < 8<<10 {
					f.Add(line)
				}
			}
		}
	}
}

// fuzz holds what every event must keep to, whatever the record.
func fuzz(f *testing.F, format flow.Format, mapping string) {
	n := normaliser(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		raw := flow.Raw{
			Source: "fuzz", Format: format, Mapping: mapping, Received: accepted,
			Channel: "sensors/sens-freezer-1", Peer: "10.20.1.10:514", Data: data,
		}
		ev := n.Event(flow.RecordID{Writer: "w", Seq: 7}, raw)
		if strings.Contains(ev.ParseError, "internal fault") {
			t.Fatal(ev.ParseError)
		}
		if string(ev.Raw) != string(data) {
			t.Fatal("the bytes changed")
		}
		if !utf8.ValidString(ev.ParseError) || !utf8.ValidString(ev.Action) {
			t.Fatal("text is no UTF-8")
		}
		for k, v := range ev.Attributes {
			if v == "" || len(v) > maxAttribute+4 || !utf8.ValidString(v) || !utf8.ValidString(k) {
				t.Fatalf("attribute %q = %.80q", k, v)
			}
		}
		if !plausible(ev.Time, accepted) {
			t.Fatalf("time %s", ev.Time)
		}
		text, err := json.Marshal(ev)
		if err != nil {
			t.Fatalf("the event cannot be written as JSON: %v", err)
		}
		again, _ := json.Marshal(n.Event(flow.RecordID{Writer: "w", Seq: 7}, raw))
		if !bytes.Equal(text, again) {
			t.Fatal("the same record gave another event")
		}
	})
}

func FuzzSyslog(f *testing.F) {
	seed(f, "syslog", "it/syslog/*.log", "it/linux/*.log", "medical/atna/*.log")
	fuzz(f, flow.FormatSyslog, "")
}

func FuzzSuricata(f *testing.F) {
	seed(f, "suricata", "it/suricata-eve/*.json", "it/suricata-verify/file/*.eve.json")
	fuzz(f, flow.FormatSuricata, "")
}

func FuzzJSON(f *testing.F) {
	seed(f, "json", "it/zeek-json/*/*.log")
	fuzz(f, flow.FormatJSON, "")
}

func FuzzFrigate(f *testing.F) {
	seed(f, "frigate", "physical/frigate/*.ndjson")
	fuzz(f, flow.FormatFrigate, "")
}

func FuzzSensorBeia(f *testing.F) {
	seed(f, "sensor-beia")
	fuzz(f, flow.FormatSensor, "beia")
}

func FuzzSensorPlain(f *testing.F) {
	seed(f, "sensor-plain")
	fuzz(f, flow.FormatSensor, "plain")
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{"2026-11-22T10:00:00Z", "1795341540.25", "22/Nov/2026:10:00:00 +0100", "Nov 22 10:00:00", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := readTime(s, accepted.Location()); ok && at.IsZero() && !strings.Contains(s, "0001") {
			t.Fatalf("%q gave no time", s)
		}
		read3164Time(s, accepted, accepted.Location())
	})
}
