package recorded

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/stage/source/envelope"
)

// TestEnvelopesLargerThanARecord are gone through record by record; what is
// broken in them costs itself.
func TestEnvelopesLargerThanARecord(t *testing.T) {
	var list, want []string
	for i := range 100 {
		list = append(list, fmt.Sprintf(`{"a":%d}`, i))
		want = append(want, fmt.Sprintf(`1 ndjson {"a":%d}`, i))
	}
	text := `{"Records":[` + strings.Join(list, ",")
	long := sized(300)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"whole":             {text + "]}", want},
		"and a line more":   {text + "]}\n" + `{"b":1}`, append(want[:100:100], `2 ndjson {"b":1}`)},
		"and another":       {text + "]}\n" + text + "]}", append(want[:100:100], strings.Split(strings.ReplaceAll(strings.Join(want, "\n"), "1 ndjson", "2 ndjson"), "\n")...)},
		"with paging":       {text + `],"nextLink":"]}"}` + "\n" + `{"b":1}`, append(want[:100:100], `2 ndjson {"b":1}`)},
		"with more":         {text + `],"owner":"]}"}` + "\n" + `{"b":1}`, append(want[:100:100], "1 ! "+envelope.Beside, `2 ndjson {"b":1}`)},
		"with a long tail":  {text + `],"owner":` + long + "}\n" + `{"b":1}`, append(want[:100:100], "1 ! "+envelope.Beside+"; it is longer than 200 bytes", `2 ndjson {"b":1}`)},
		"torn in the tail":  {text + `],"owner":`, append(want[:100:100], "1 ! "+envelope.Beside)},
		"without a brace":   {text + "]\n", append(want[:100:100], "1 ! "+noEnd)},
		"torn":              {text, append(want[:100:100], "1 ! the list of records does not end")},
		"torn and small":    {`{"Records":[{"a":0},`, []string{want[0], "1 ! the list of records does not end"}},
		"a record too long": {`{"Records":[{"a":0},` + long + `,{"a":1}]}`, []string{want[0], "1 ! it is longer than 200 bytes", want[1]}},
		"for people":        {"{\n\"Records\": [\n" + strings.Join(list[:2], ",\n") + ",\n" + long + "]\n}\n" + `{"b":1}`, []string{`3 ndjson {"a":0}`, `4 ndjson {"a":1}`, "5 ! it is longer than 200 bytes", `7 ndjson {"b":1}`}},
	} {
		if diff := cmp.Diff(c.want, read(t, "a.json", c.text, Options{Limit: 200})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestBesideALargeEnvelope keeps what stands behind the records as it is written.
func TestBesideALargeEnvelope(t *testing.T) {
	tail := `,"owner":"o"}`
	all := records(t, "a.json", `{"Records":[`+strings.Repeat(`{"a":1},`, 50)+`{"a":1}]`+tail, Options{Limit: 200})
	if last := all[len(all)-1].Raw; len(all) != 52 || string(last.Data) != tail || last.Refused != envelope.Beside {
		t.Errorf("%d records, the last is %+v", len(all), last)
	}
}
