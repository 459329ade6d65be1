package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

const upgradeEnv = "WARDER_STORE_UPGRADE_TEST_FILE"

func TestUpgrades(t *testing.T) {
	for name, test := range store.UpgradeCases() {
		t.Run(name, func(t *testing.T) { storetest.EachOptions(t, test) })
	}
	t.Run("damaged", func(t *testing.T) { store.DamagedIsNotUpgraded(t, storetest.SQLite(t)) })
}

func upgrading(path string) store.Options {
	return store.Options{Path: path, Upgrades: filepath.Join(filepath.Dir(path), "upgrades")}
}

// upgradeUntilKilled is the child of TestKillWhileUpgrading.
func upgradeUntilKilled(path string) int {
	fmt.Println("begun")
	s, err := store.Open(context.Background(), upgrading(path))
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Killed at any moment of an upgrade, the tables are those of the version before
// or of this one, and the next start upgrades what is left to do.
func TestKillWhileUpgrading(t *testing.T) {
	rounds := 3
	if os.Getenv("WARDER_TORTURE") == "1" {
		rounds = 200
	}
	for range rounds {
		o := upgrading(filepath.Join(t.TempDir(), "warder.db"))
		store.Older(t, store.Options{Path: o.Path})
		for range 3 {
			killUpgrade(t, o.Path, time.Duration(rand.IntN(150))*time.Millisecond)
			if body, whole := store.Kept(t, store.Options{Path: o.Path}); body != "kept" || !whole {
				t.Fatalf("%q, whole %v", body, whole)
			}
		}
		storetest.Open(t, o)
		if body, whole := store.Kept(t, store.Options{Path: o.Path}); body != "kept" || !whole {
			t.Fatalf("%q, whole %v", body, whole)
		}
	}
}

func killUpgrade(t *testing.T, path string, after time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), upgradeEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = child.Process.Kill() }) // it may have ended
	defer timer.Stop()
	var killed *exec.ExitError
	if err := child.Wait(); err != nil && (!errors.As(err, &killed) || killed.ExitCode() != -1) {
		t.Fatalf("the upgrade failed by itself: %v", err)
	}
}
