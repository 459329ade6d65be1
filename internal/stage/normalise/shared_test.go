package normalise

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// shared finds the folder of foreign test data: WARDER_SHARED_DATA, or
// shared/data beside a folder above this one; "" when there is none.
func shared() string {
	if dir := os.Getenv("WARDER_SHARED_DATA"); dir != "" {
		return dir
	}
	dir, _ := os.Getwd()
	for {
		at := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(at); err == nil {
			return at
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// foreign reads a file of the foreign data, or skips the test.
func foreign(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join(shared(), name))
	if err != nil {
		t.Skipf("no foreign test data: %v", err)
	}
	return data
}

func lines(data []byte) (out [][]byte) {
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		if len(sc.Bytes()) > 0 {
			out = append(out, bytes.Clone(sc.Bytes()))
		}
	}
	return out
}

func normaliser(t testing.TB) *Normaliser {
	return New(hospital.NewHolder(smallHospital(t)), presets(t))
}

func read(n *Normaliser, format flow.Format, data string) flow.Event {
	return n.Event(flow.RecordID{Writer: "w", Seq: 1}, flow.Raw{
		Source: "test", Format: format, Mapping: "plain", Received: accepted, Data: []byte(data),
	})
}

// TestForeignSyslog reads another project's syslog cases. Where that parser
// accepts a record ours gives the same fields or says why not; a record that it
// refuses is kept all the same.
func TestForeignSyslog(t *testing.T) {
	n := normaliser(t)
	for _, file := range []string{"it/syslog/rfc3164-cases.json", "it/syslog/rfc5424-cases.json"} {
		var cases []struct {
			Input    string
			Expected *struct{ Hostname, Tag, PID, MsgID, Message string }
			Options  string
		}
		if err := json.Unmarshal(foreign(t, file), &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			ev := read(n, flow.FormatSyslog, c.Input)
			if string(ev.Raw) != c.Input {
				t.Errorf("%q: the bytes changed", c.Input)
			}
			if c.Expected == nil || ev.ParseError != "" {
				if c.Expected != nil && !strings.Contains(c.Input, `[foo="`) && !strings.Contains(c.Input, "[a b=") {
					t.Errorf("%q: %s", c.Input, ev.ParseError)
				}
				continue
			}
			a := ev.Attributes
			for _, f := range [][2]string{
				{a[flow.AttrHost], c.Expected.Hostname}, {a[flow.AttrProgram], c.Expected.Tag},
				{a[flow.AttrProcessID], c.Expected.PID}, {a[flow.AttrMessage], c.Expected.Message},
			} {
				if f[0] != f[1] {
					t.Errorf("%q: have %q, want %q", c.Input, f[0], f[1])
				}
			}
		}
	}
}

func TestForeignSyslogOfTheRFC(t *testing.T) {
	n := normaliser(t)
	for _, line := range lines(foreign(t, "it/syslog/rfc5424-section6.5-examples.log")) {
		if ev := read(n, flow.FormatSyslog, string(line)); ev.ParseError != "" || ev.Time.Year() != 2003 {
			t.Errorf("%s: %s, %s", line, ev.ParseError, ev.Time)
		}
	}
}

func TestForeignEVE(t *testing.T) {
	n := normaliser(t)
	for _, line := range lines(foreign(t, "it/suricata-eve/fever-jsonparse_eve.json")) {
		ev := read(n, flow.FormatSuricata, string(line))
		if ev.ParseError != "" || ev.Category != flow.CategoryNetwork || ev.Time.Year() != 2017 || ev.Attributes[flow.AttrSourceIP] == "" {
			t.Errorf("%s: %+v", line, ev)
		}
	}
}

func TestForeignFrigate(t *testing.T) {
	n := normaliser(t)
	for _, file := range []string{"physical/frigate/made-walkthrough.ndjson", "physical/frigate/events-update.json"} {
		data := foreign(t, file)
		records := lines(data)
		if strings.HasSuffix(file, ".json") {
			records = [][]byte{data}
		}
		for _, r := range records {
			ev := read(n, flow.FormatFrigate, string(r))
			if ev.ParseError != "" || ev.Attributes[flow.AttrObjectID] == "" || ev.Attributes[flow.AttrDwell] == "" {
				t.Errorf("%s: %+v", r, ev)
			}
		}
	}
}
