package events_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

// record is an event whose sender's fields came as JSON.
func record(n int) flow.Event {
	e := eventstest.Plain(n)
	message := fmt.Sprintf("Shutter %d rose", n)
	e.Original = map[string]any{"Message": message, "deep": map[string]any{"door": fmt.Sprintf("D-%d", n)}, "n": float64(n)}
	e.Raw, _ = json.Marshal(e.Original) // strings and numbers always can be
	e.Attributes = map[string]string{flow.AttrMessage: message, flow.AttrPerson: "p3"}
	return e
}

// The raw bytes of a JSON record are what its fields are read from. When they go
// the fields stay, for searches and for people, in each way in which a segment is
// written anew.
func TestFieldsOutliveTheirRawBytes(t *testing.T) {
	for name, prepare := range map[string]func(*events.Store){
		"row by row": func(*events.Store) {}, "event by event": events.OtherColumns,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := options(t, dir)
			s, err := events.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			prepare(s)
			var want []flow.Event
			for n := range 40 {
				want = append(want, record(n))
			}
			if err := s.Append(t.Context(), 1, want); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if !anyHolds(t, dir, "raw") {
				t.Fatal("no record stands in its raw bytes: the test looks wrongly")
			}
			for i := range want {
				want[i].Raw = nil
			}
			o.Now = func() time.Time { return eventstest.Epoch().AddDate(0, 0, 10) }
			s = open(t, o)
			swept, err := s.Sweep(t.Context(), events.Retention{Default: 90, Raw: 2}, nil)
			if err != nil || len(swept.Stripped) != 1 || swept.Stripped[0].Events != 40 || len(swept.Dropped) > 0 {
				t.Fatalf("%+v, %v", swept, err)
			}
			if anyHolds(t, dir, "raw") {
				t.Error("a record is still said to stand in its raw bytes")
			}
			for range 2 {
				for text, found := range map[string][]flow.Event{
					`deep.door:"D-7"`: want[7:8], `"Shutter 7"`: want[7:8], `original.n:7`: want[7:8], `message:"Shutter 7 rose"`: want[7:8],
					`original.Message:*39*rose`: want[39:40],
				} {
					r, err := s.Search(t.Context(), events.Query{Text: text})
					if diff := cmp.Diff(found, r.Events); diff != "" || err != nil {
						t.Errorf("%s: %v %s", text, err, diff)
					}
				}
				top, err := s.Top(t.Context(), events.TopQuery{Fields: []string{"deep.door"}, Limit: 100})
				if err != nil || top.Distinct != 40 || top.Without != 0 {
					t.Errorf("top: %+v, %v", top, err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = open(t, o)
			}
		})
	}
}

// anyHolds tells whether a value of any segment holds a text.
func anyHolds(t *testing.T, dir, text string) bool {
	t.Helper()
	for _, path := range segments(t, dir) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if events.PagesHold(t, body, text) {
			return true
		}
	}
	return false
}
