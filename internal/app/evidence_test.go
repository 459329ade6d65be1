package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"warder/internal/events/evidence"
	"warder/internal/flow"
)

// A person's events leave every place where evidence is kept, and what was left
// and what was removed can be checked without the server.
func TestEvidenceLeavesAndIsProven(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	s := serve(t, cfg, nil)
	const many = 40
	for n := range many {
		who := "zacharias.quist"
		if n%2 == 0 {
			who = "m.rossi"
		}
		s.must(t, http.MethodPost, "/ingest/ndjson", fmt.Sprintf(`{"application":"schedule","action":"logon","user":%q,"message":"logon %d of %s"}`, who, n, who))
	}
	until(t, "every event is kept", func() bool { return len(list[flow.Event](t, &s.caller, "/events?q=logon&limit=500")) == many })
	if where := grepFolder(t, cfg.Data, "zacharias"); len(where) == 0 {
		t.Fatal("the name cannot be found before either: the test looks wrongly")
	}

	var preview, erased evidence.Erased
	decode(t, s.must(t, http.MethodPost, "/evidence/erasures", `{"person":"zacharias.quist","anywhere":true,"preview":true}`), &preview)
	decode(t, s.must(t, http.MethodPost, "/evidence/erasures", `{"person":"zacharias.quist","anywhere":true,"why":"case 7"}`), &erased)
	if preview.Events != many/2 || erased.Events != many/2 || erased.ID == "" {
		t.Fatalf("preview %+v, erased %+v", preview, erased)
	}
	if left := list[flow.Event](t, &s.caller, "/events?q=logon&limit=500"); len(left) != many/2 {
		t.Errorf("%d events left, want %d", len(left), many/2)
	}
	until(t, "the erasure has ended", func() bool {
		for _, err := range []error{s.house.evidence.Flush(t.Context()), s.house.trimOnce(t.Context()), s.house.atRest.EndErasures(t.Context())} {
			if err != nil {
				t.Fatal(err)
			}
		}
		return len(s.house.evidence.Erasures()) == 0
	})
	if where := grepFolder(t, cfg.eventsDir(), "zacharias"); len(where) > 0 {
		t.Errorf("the name is still in %v", where)
	}
	if where := grepFolder(t, filepath.Join(cfg.Data, "evidence"), "zacharias"); len(where) > 0 {
		t.Errorf("the name is still in %v", where)
	}
	msgs, err := s.house.exchange.Read(t.Context(), s.house.topics.raw.Name(), 0, 1000, 1<<20)
	if err != nil || len(msgs) > 0 {
		t.Errorf("%d raw messages are left, %v", len(msgs), err)
	}

	var storage evidence.Storage
	decode(t, s.must(t, http.MethodGet, "/storage", ""), &storage)
	if len(storage.Deletions) != 1 || storage.Deletions[0].Events != many/2 || storage.Usage.Events != many/2 || storage.Disk.Total == 0 {
		t.Errorf("storage %+v", storage)
	}
	verify := func(what string, body []byte, events int) {
		t.Helper()
		r, err := evidence.Verify(bytes.NewReader(body), storage.Key)
		if err != nil || r.Events != events {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	verify("the record", s.must(t, http.MethodGet, "/evidence/deletions/1", ""), many/2)
	verify("the bundle", s.must(t, http.MethodPost, "/evidence/exports", `{"query":"logon","why":"a test"}`), many/2)
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
}

// grepFolder lists the files below a folder that hold a text.
func grepFolder(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err == nil && bytes.Contains(body, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
