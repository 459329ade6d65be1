// Package tlog lets a foreign tool check the audit's log: the checker of
// transparency-dev/tessera reads the files that Warder writes.
package tlog

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"warder/internal/audit/tiled"
)

// files reads a log as it lies on disk, in the places that the layout names.
type files string

func (f files) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), filepath.FromSlash(name)))
}

func (f files) ReadCheckpoint(context.Context) ([]byte, error) { return f.read(layout.CheckpointPath) }

func (f files) ReadTile(_ context.Context, level, index uint64, p uint8) ([]byte, error) {
	return f.read(layout.TilePath(level, index, p))
}

func (f files) ReadEntryBundle(_ context.Context, index uint64, p uint8) ([]byte, error) {
	return f.read(layout.EntriesPath(index, p))
}

func hashes(bundle []byte) (all [][]byte, err error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	for _, e := range b.Entries {
		all = append(all, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return all, nil
}

func TestTesseraChecksTheLog(t *testing.T) {
	dir := t.TempDir()
	key, _, err := tiled.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := tiled.Open(filepath.Join(dir, "log"), key)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, size := range []int{1, 2, 253, 300, 1024, 65_000, 7} { // beyond 65,536 there are three levels
		var entries [][]byte
		for range size {
			entries = append(entries, fmt.Appendf(nil, `{"v":1,"id":"%d"}`, n))
			n++
		}
		if err := log.Append(entries, nil); err != nil {
			t.Fatal(err)
		}
		check := fsck.New(key.Name(), verifier, files(filepath.Join(dir, "log")), hashes, fsck.Opts{N: 1})
		if err := check.Check(t.Context()); err != nil {
			t.Fatalf("of %d entries: %v", n, err)
		}
	}
}
