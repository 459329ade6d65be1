package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// numbered is an event that carries its number.
func numbered(n int64) []byte {
	return fmt.Appendf(nil, `{"application":"numbered","action":"number.%d","host":"srv-numbers"}`, n)
}

// found reads back which numbers are in the evidence, with the ids of their events.
func found(t *testing.T, c *caller) map[int64][]string {
	t.Helper()
	all := map[int64][]string{}
	for _, e := range list[struct {
		ID     string `json:"id"`
		Action string `json:"action"`
	}](t, c, "/events?limit=500&q=action:number.*") {
		var n int64
		if _, err := fmt.Sscanf(e.Action, "number.%d", &n); err != nil {
			t.Fatalf("event %s: %v", e.ID, err)
		}
		all[n] = append(all[n], e.ID)
	}
	return all
}

// Stopped under load, Warder refuses nothing that it let in: every request that
// is answered was accepted, and everything accepted is there after the start.
// An open live stream does not hold it up.
func TestStopUnderLoad(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	s := serve(t, cfg, nil)
	watch(t, s)
	var next atomic.Int64
	var accepted sync.Map
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for {
				n := next.Add(1)
				status, answer, err := s.call(context.Background(), http.MethodPost, "/ingest/ndjson", numbered(n))
				if err != nil {
					return // nobody listens any more
				}
				if status != http.StatusAccepted {
					t.Errorf("number %d was refused: %d %s", n, status, answer)
					return
				}
				accepted.Store(n, true)
			}
		})
	}
	until(t, "the load is there", func() bool { return next.Load() > 200 })
	began := time.Now()
	s.halt()
	if took := time.Since(began); took > stopTime {
		t.Errorf("the stop took %s", took)
	}
	senders.Wait()

	s = serve(t, cfg, nil)
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	all := found(t, &s.caller)
	accepted.Range(func(n, _ any) bool {
		if ids := all[n.(int64)]; len(ids) != 1 {
			t.Errorf("number %d is there as %q", n, ids)
		}
		return true
	})
	var health struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(s.must(t, http.MethodGet, "/incidents?status=all", ""), &health); err != nil || len(health.Items) != 0 {
		t.Errorf("the stop made incidents: %s, %v", health.Items, err)
	}
}
