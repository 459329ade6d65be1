package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warder/internal/app/backup"
)

// A backup that a server made is fetched whole, or not at all.
func TestBackupIsFetched(t *testing.T) {
	sum := sha256.Sum256([]byte("sealed"))
	made := backup.Made{Name: "warder-20261122T070000Z.age", Bytes: 6, SHA256: hex.EncodeToString(sum[:])}
	for what, c := range map[string]struct {
		state backup.State // once the backup has ended
		sends string
		says  string
	}{
		"it comes":             {backup.State{Items: []backup.Made{made}}, "sealed", ""},
		"it comes changed":     {backup.State{Items: []backup.Made{made}}, "sealeD", "not what the server has"},
		"the server failed":    {backup.State{Failed: "no room", Items: []backup.Made{made}}, "", "no room"},
		"nothing was made":     {backup.State{}, "", "look into its log"},
		"it is gone meanwhile": {backup.State{Items: []backup.Made{made}}, "404", "the server refused: there is no backup"},
	} {
		t.Run(what, func(t *testing.T) {
			running := false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				state := c.state
				switch {
				case r.Method == http.MethodPost:
					running = true
				case strings.HasSuffix(r.URL.Path, ".age") && c.sends == "404":
					w.WriteHeader(http.StatusNotFound)
					_, _ = w.Write([]byte(`{"detail":"there is no backup"}`))
					return
				case strings.HasSuffix(r.URL.Path, ".age"):
					_, _ = w.Write([]byte(c.sends))
					return
				case running: // the first look after the beginning
					running = false
					state.Running = &backup.Running{Began: time.Now(), Progress: backup.Progress{Part: "store", Bytes: 3}}
				}
				_ = json.NewEncoder(w).Encode(state)
			}))
			t.Cleanup(server.Close)
			dir := t.TempDir()
			writeAll(t, dir, map[string]string{"token": "secret"})
			command := backupMake{remote: remote{Server: server.URL, TokenFile: filepath.Join(dir, "token")}, To: filepath.Join(dir, "b.age")}
			out, err := captured(t, func() error { return command.Run(t.Context()) })
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v, want %q", err, c.says)
			}
			file, missing := os.ReadFile(command.To)
			if err == nil && (string(file) != "sealed" || !strings.Contains(out, made.SHA256)) {
				t.Errorf("%q, %q", file, out)
			}
			if err != nil && missing == nil {
				t.Error("there is a file")
			}
			if entries, _ := os.ReadDir(dir); len(entries) > 2 {
				t.Errorf("there is %v", entries)
			}
		})
	}
}

func TestSizesHaveUnits(t *testing.T) {
	for bytes, want := range map[int64]string{7: "7 bytes", 1536: "1.5 KiB", 5 << 20: "5.0 MiB", 3 << 30: "3.0 GiB"} {
		if got := size(bytes); got != want {
			t.Errorf("%d is %s, want %s", bytes, got, want)
		}
	}
}
