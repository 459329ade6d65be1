package normalise

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// TestEventsOfConverters: whatever form a converter of Windows events chose, rules
// meet the same fields.
func TestEventsOfConverters(t *testing.T) {
	n := New(new(hospital.Holder), nil)
	for name, text := range map[string]string{
		"attributes apart": `{"Event":{"System":{"Channel":"System","EventID":7045,"EventID_attributes":{"Qualifiers":16384},"TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T08:00:00Z"}}},"EventData":{"ServiceName":"x","Data":["a"]}}}`,
		"#attributes":      `{"Event":{"System":{"Channel":"System","EventID":{"#attributes":{"Qualifiers":16384},"#text":7045},"TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T08:00:00Z"}}},"EventData":{"ServiceName":"x","Data":["a"]}}}`,
		"@":                `{"Event":{"System":{"Channel":"System","EventID":{"@Qualifiers":16384,"#text":7045},"TimeCreated":{"@SystemTime":"2026-11-22T08:00:00Z"}},"EventData":{"Data":[{"@Name":"ServiceName","#text":"x"},{"#text":"a"}]}}}`,
	} {
		ev := n.Event(flow.RecordID{Writer: "w"}, flow.Raw{Format: flow.FormatJSON, Received: accepted, Data: []byte(text)})
		want := map[string]any{"Event": map[string]any{
			"System": map[string]any{
				"Channel": "System", "EventID": 7045.0, "EventID_attributes": map[string]any{"Qualifiers": 16384.0},
				"TimeCreated": map[string]any{"#attributes": map[string]any{"SystemTime": "2026-11-22T08:00:00Z"}},
			},
			"EventData": map[string]any{"ServiceName": "x", "Data": []any{"a"}},
		}}
		if diff := cmp.Diff(want, ev.Original); diff != "" || ev.ParseError != "" {
			t.Errorf("%s: %s %s", name, ev.ParseError, diff)
		}
		if ev.Time.Hour() != 8 || ev.Time.Day() != 22 {
			t.Errorf("%s: time %v", name, ev.Time)
		}
	}
}
