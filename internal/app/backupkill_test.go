package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"warder/internal/api"
	"warder/internal/app/backup"
	"warder/internal/flow"
)

const (
	// recipientEnv makes the child of TestKill one that makes backups.
	recipientEnv = "WARDER_CRASH_TEST_RECIPIENT"
	// restoreEnv makes a child that restores: the backup, the key file, the directory.
	restoreEnv = "WARDER_CRASH_TEST_RESTORE"
)

// restoreUntilKilled is the child of TestKillWhileRestoring.
func restoreUntilKilled(what string) int {
	parts := strings.Split(what, "|")
	keys, err := backup.Identities(parts[1])
	if err == nil {
		fmt.Println("begun")
		_, err = Restore(context.Background(), crashConfig(parts[2]), RestoreOptions{Path: parts[0], Keys: keys, Replace: true})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func rounds() int {
	if os.Getenv(tortureEnv) == "1" {
		return 60
	}
	return 2
}

// Killed while it makes a backup, Warder leaves no file with a backup's name that
// is not whole; it starts again, has lost nothing, and makes the next.
func TestKillWhileBackingUp(t *testing.T) {
	dir := t.TempDir()
	recipient, keys := recovery(t)
	t.Setenv(recipientEnv, recipient)
	o := &office{fires: 100}
	for range rounds() {
		killBackup(t, dir, o)
		files, err := filepath.Glob(filepath.Join(dir, "backups", "*.age"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if _, err := CheckBackup(t.Context(), file, keys, nil); err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
	cfg := crashConfig(dir)
	cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
	s := serve(t, cfg, nil)
	if err := o.send(&s.caller, false); err != nil {
		t.Fatal(err)
	}
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	checkIncidents(t, s, checkEvidence(t, s, o))
	s.backUp(t)
	if left, _ := filepath.Glob(filepath.Join(dir, "backups", "*.tmp")); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "backup.tmp")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the snapshot of the exchange stays: %v", err)
	}
}

// killBackup runs a child, sends to it, asks for a backup and kills it meanwhile.
func killBackup(t *testing.T, dir string, o *office) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+dir)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var at ready
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		t.Fatal(err)
	}
	c := &caller{base: at.URL + api.Prefix, token: at.Token}
	time.AfterFunc(300*time.Millisecond, func() {
		_, _, _ = c.call(context.Background(), http.MethodPost, "/backups", nil) // it may be killed meanwhile
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		_ = child.Process.Kill()
	})
	if o.send(c, true) == nil {
		t.Error("the senders ended by themselves")
	}
	var killed *exec.ExitError
	if err := child.Wait(); !errors.As(err, &killed) || killed.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// Killed while it restores, Warder leaves the directory of before or the restored
// one, whole; nothing between.
func TestKillWhileRestoring(t *testing.T) {
	recipient, keys := recovery(t)
	cfg := crashConfig(filepath.Join(t.TempDir(), "data"))
	cfg.Backup.Recipients, cfg.Backup.Every = []string{recipient}, 0
	s := serve(t, cfg, func(a *App) error { return a.LoadReference(t.Context()) })
	tr := drive(t, &s.caller)
	until(t, "there is something to restore", func() bool { return len(tr.so()) > 400 })
	tr.end()
	path := s.backUp(t)
	s.must(t, http.MethodPost, "/ingest/ndjson", `{"application":"numbered","message":"number 999999"}`) // only in what is replaced
	s.halt()
	elsewhere := filepath.Join(t.TempDir(), "b.age")
	if err := os.Rename(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, fmt.Appendln(nil, keys[0].(*age.X25519Identity)), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	drill, err := Restore(t.Context(), cfg, RestoreOptions{Path: elsewhere, Keys: keys, Check: true, Replace: true})
	if err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began)
	old, replaced := treeOf(t, cfg.Data), 0
	for range 2 * rounds() {
		killRestore(t, elsewhere+"|"+key+"|"+cfg.Data, time.Duration(rand.Int64N(2*int64(whole))))
		if slices.Equal(treeOf(t, cfg.Data), old) {
			continue
		}
		replaced++
		checkRestored(t, cfg, len(tr.so()))
		old = treeOf(t, cfg.Data)
	}
	if _, err := Restore(t.Context(), cfg, RestoreOptions{Path: elsewhere, Keys: keys, Replace: true}); err != nil {
		t.Fatal(err)
	}
	checkRestored(t, cfg, len(tr.so()))
	if left, _ := filepath.Glob(cfg.Data + ".restoring-*"); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
	t.Logf("%d of %d were replaced before the kill; a whole restore of %d entries took %s", replaced, 2*rounds(), drill.Entries, whole)
}

func killRestore(t *testing.T, what string, after time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), restoreEnv+"="+what)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the child did not begin: %v", err)
	}
	timer := time.AfterFunc(after, func() { _ = child.Process.Kill() }) // it may have ended
	defer timer.Stop()
	var killed *exec.ExitError
	if err := child.Wait(); err != nil && (!errors.As(err, &killed) || killed.ExitCode() != -1) {
		t.Fatalf("the restore failed by itself: %v", err)
	}
}

// checkRestored starts what was restored and looks whether everything is there.
func checkRestored(t *testing.T, cfg Config, numbered int) {
	t.Helper()
	s := serve(t, cfg, nil)
	defer s.halt()
	if err := s.house.settle(t.Context(), settleTime); err != nil {
		t.Fatal(err)
	}
	if all := list[flow.Event](t, &s.caller, "/events?limit=500&q=application.name:numbered"); len(all) != numbered {
		t.Errorf("%d events are there, want %d", len(all), numbered)
	}
	checkRestoreIsAudited(t, s)
}

// treeOf is every file below a folder with its sum.
func treeOf(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, fmt.Sprintf("%s %x", path, sha256.Sum256(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
