package evtx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shared finds a folder of the foreign test data, or skips the test.
func shared(t testing.TB, name string) string {
	at, ok := find(name)
	if !ok {
		t.Skipf("no foreign test data %s here", name)
	}
	return at
}

// find looks in WARDER_SHARED_DATA, or in shared/data beside a folder above this one.
func find(name string) (string, bool) {
	if dir := os.Getenv("WARDER_SHARED_DATA"); dir != "" {
		return filepath.Join(dir, name), true
	}
	dir, _ := os.Getwd()
	for {
		at := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(at); err == nil {
			return at, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

func readAll(t *testing.T, data []byte) ([]Record, Damage) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []Record
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, r.Damage()
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
}

// plain makes of an event what reading its JSON gives.
func plain(t *testing.T, v any) (out map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// trimmed cuts the blanks at the end of every text, as that converter does. We
// keep them: they are part of the evidence.
func trimmed(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimRight(v, " ")
	case map[string]any:
		for k, x := range v {
			v[k] = trimmed(x)
		}
	}
	return v
}

// TestSameAsTheConverter compares each log of the public rules' regression data
// with what its authors' converter made of it.
func TestSameAsTheConverter(t *testing.T) {
	logs, _ := filepath.Glob(filepath.Join(shared(t, "it/sigma-regression"), "*", "*.evtx"))
	if len(logs) == 0 {
		t.Fatal("no logs")
	}
	compared := 0
	for _, log := range logs {
		twin, err := os.ReadFile(log[:len(log)-len("evtx")] + "json")
		if err != nil {
			continue
		}
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		records, damage := readAll(t, data)
		if damage != (Damage{}) {
			t.Errorf("%s: damage %+v", log, damage)
		}
		dec := json.NewDecoder(bytes.NewReader(twin))
		for i := 0; ; i++ {
			var want any
			if err := dec.Decode(&want); errors.Is(err, io.EOF) {
				if i != len(records) {
					t.Errorf("%s: %d records, want %d", log, len(records), i)
				}
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if i >= len(records) {
				continue
			}
			if records[i].Err != nil {
				t.Errorf("%s: %v", log, records[i].Err)
			} else if diff := cmp.Diff(want, trimmed(plain(t, records[i].Event))); diff != "" {
				t.Errorf("%s record %d (-converter +ours):\n%s", filepath.Base(log), i, diff)
			}
			compared++
		}
	}
	t.Logf("%d records are the same", compared)
}

// TestPublicSamples reads logs of many Windows versions, services and tools.
func TestPublicSamples(t *testing.T) {
	logs, _ := filepath.Glob(filepath.Join(shared(t, "it/windows-evtx"), "*.evtx"))
	if len(logs) == 0 {
		t.Fatal("no logs")
	}
	total := 0
	for _, log := range logs {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		records, damage := readAll(t, data)
		if len(records) == 0 || damage != (Damage{}) {
			t.Errorf("%s: %d records, damage %+v", log, len(records), damage)
		}
		for _, rec := range records {
			if rec.Err != nil {
				t.Errorf("%s: %v", log, rec.Err)
				continue
			}
			event := plain(t, rec.Event)["Event"].(map[string]any)
			system, _ := event["System"].(map[string]any)
			if system["Channel"] == nil || system["EventID"] == nil || system["Computer"] == nil {
				t.Errorf("%s: record %d has no channel, event id or computer: %v", log, rec.ID, system)
			}
			if !rec.Written.IsZero() && (rec.Written.Year() < 2009 || rec.Written.Year() > 2030) {
				t.Errorf("%s: record %d was written %v", log, rec.ID, rec.Written)
			}
		}
		total += len(records)
	}
	t.Logf("%d logs, %d records", len(logs), total)
}
