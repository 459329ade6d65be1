package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"warder/internal/kit/fault"
)

func TestBackupHoldsTheParts(t *testing.T) {
	s := newSite(t)
	path, made := s.backup(t)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	if made.SHA256 != hex.EncodeToString(sum[:]) || made.Bytes != int64(len(file)) || made.Verified.Before(made.Made) {
		t.Errorf("it says %+v", made)
	}
	dir := t.TempDir()
	found, err := Extract(t.Context(), bytes.NewReader(file), s.keys(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if found.Head.Name != "Site" || found.Database.Ends["incident"] != 7 || found.Parts[storePart].Rows < 100 {
		t.Errorf("it holds %+v", found.Contents)
	}
	var there []string
	for _, file := range tree(t, dir) {
		name, _, _ := strings.Cut(file, " ")
		there = append(there, name)
	}
	for name, want := range map[string]bool{"audit/log/tile": true, "own-key.pem": true, "restored-config/rules.folders[0]/b/c.yml": true,
		"restored-config/http.tls.key/a.yml": true, "lock": false, "upgrades/old.db": false,
		"backups/b.age": false, "half.tmp": false, "events/emptied-7": true, "events/erasures/one": true,
		"events/quarantine/bad.parquet": true, "events/2026-11-22/07/half.tmp": false, "warder.db": false, "exchange/LOCK": false} {
		if slices.Contains(there, name) != want {
			t.Errorf("%s is there: %v, want %v; all: %v", name, !want, want, there)
		}
	}
	if _, err := os.Stat(filepath.Join(s.Data, workFolder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the snapshot of the exchange stays: %v", err)
	}
}

// A disk that is full ends a backup before it fills it, and leaves nothing.
func TestFullDiskLeavesNothing(t *testing.T) {
	s := newSite(t)
	if err := os.WriteFile(filepath.Join(s.Data, "large"), make([]byte, 40<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for calls := range 3 {
		dir, m := t.TempDir(), s.maker()
		left := calls
		m.Free = func(string) (uint64, error) {
			if left--; left < 0 {
				return reserve, nil
			}
			return 1 << 40, nil
		}
		_, err := m.Make(t.Context(), filepath.Join(dir, "b.age"))
		if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "no room") {
			t.Errorf("error %v, want that there is no room", err)
		}
		if files := tree(t, dir); len(files) != 0 {
			t.Errorf("there is %v", files)
		}
		if _, err := os.Stat(filepath.Join(s.Data, workFolder)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the snapshot of the exchange stays: %v", err)
		}
	}
}

// A backup whose context ends leaves nothing either.
func TestInterruptedBackupLeavesNothing(t *testing.T) {
	s := newSite(t)
	for _, part := range []string{filesPart, storePart, eventsPart, exchangePart, "verify"} {
		ctx, cancel := context.WithCancel(t.Context())
		dir, m := t.TempDir(), s.maker()
		m.Told = func(p Progress) {
			if p.Part == part {
				cancel()
			}
		}
		if _, err := m.Make(ctx, filepath.Join(dir, "b.age")); !errors.Is(err, context.Canceled) {
			t.Errorf("ended while %s was written: %v", part, err)
		}
		if files := tree(t, dir); len(files) != 0 {
			t.Errorf("there is %v", files)
		}
		cancel()
	}
}
