package measure

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestSeeds: events are JSON, the same every time, in order of time over the
// week, and fresh in what was to be fresh.
func TestSeeds(t *testing.T) {
	s := newSeeds(windowsEvents(300), 2000)
	seen := map[string]bool{}
	var last string
	for n := range s.count {
		line := s.event(n)
		var e struct{ TimeCreated, ProcessGuid, Hostname string }
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if !bytes.Equal(line, s.event(n)) || seen[string(line)] || e.TimeCreated < last || !strings.HasPrefix(e.Hostname, "ward-") {
			t.Fatalf("event %d: %s", n, line)
		}
		if e.ProcessGuid != "" && seen[e.ProcessGuid] {
			t.Fatalf("event %d: the GUID %s comes again", n, e.ProcessGuid)
		}
		seen[string(line)], seen[e.ProcessGuid], last = true, true, e.TimeCreated
	}
}

// TestStore runs the bench on a few events: every figure is there and counts
// what was asked for.
func TestStore(t *testing.T) {
	r, err := Store(t.Context(), Options{Runs: 1}, StoreInput{Count: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"store.append_events_per_second", "store.bytes_per_event", "store.raw_bytes_per_event", "store.window_query_ms",
		"store.exact_query_ms", "store.count_by_ms", "store.top_pairs_ms", "store.substring_ms"} {
		at := slices.IndexFunc(r.Results, func(x Result) bool { return x.Name == name })
		if at < 0 || r.Results[at].Median <= 0 {
			t.Errorf("%s: %+v", name, r.Results)
		}
	}
}
