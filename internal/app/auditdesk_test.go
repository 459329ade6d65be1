package app

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warder/internal/audit"
	"warder/internal/flow"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// The commands of the audit read beside a Warder that serves, on both databases.
func TestAuditDesk(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
		if o.Driver == store.PostgreSQL {
			cfg.Store = StoreConfig{Driver: "postgres", DSNFile: filepath.Join(t.TempDir(), "dsn")}
			if err := os.WriteFile(cfg.Store.DSNFile, []byte(o.DSN), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := serve(t, cfg, nil)
		token := s.must(t, http.MethodPost, "/tokens", `{"name":"feed","role":"sender"}`)
		until(t, "all lines are in the log", func() bool {
			state, err := s.house.audit.State(t.Context())
			return err == nil && state.Entries >= 3 && state.Waiting == 0
		})
		desk, err := OpenAudit(t.Context(), cfg, "")
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := desk.Close(); err != nil {
				t.Error(err)
			}
		}()
		r, err := desk.Verify(t.Context(), nil)
		if err != nil || len(r.Findings) > 0 || r.Checked < 3 {
			t.Fatalf("%+v, %v", r, err)
		}
		var export bytes.Buffer
		if err := desk.Export(t.Context(), store.AuditQuery{Action: "token."}, &export); err != nil {
			t.Fatal(err)
		}
		if secret := string(answer[map[string]any](t, token)["secret"].(string)); strings.Contains(export.String(), secret) {
			t.Error("a token's secret is in the audit")
		}
		if r, err := audit.VerifyExport(&export, "", nil); err != nil || len(r.Findings) > 0 || r.Checked == 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A changed log is an incident of Warder's own, the health check says so, and
// what people do is still written down.
func TestChangedAuditIsAnIncident(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	s := serve(t, cfg, nil)
	until(t, "the log has begun", func() bool {
		state, err := s.house.audit.State(t.Context())
		return err == nil && state.Entries >= 2 && state.Verified != nil
	})
	if status := readiness(t, s); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	err := filepath.WalkDir(filepath.Join(cfg.auditDir(), "tile", "entries"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data[50] ^= 1
		return os.WriteFile(path, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.must(t, http.MethodPost, "/audit/verify", "")
	until(t, "there is an incident", func() bool {
		return len(list[flow.Incident](t, &s.caller, "/incidents?status=all")) > 0
	})
	if status := readiness(t, s); status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", status)
	}
	s.must(t, http.MethodPost, "/tokens", `{"name":"feed","role":"sender"}`)
}

func readiness(t *testing.T, s *stand) int {
	t.Helper()
	res, err := http.Get(s.URL() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
