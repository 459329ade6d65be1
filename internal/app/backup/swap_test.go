package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What fails leaves nothing that reads as the old data directory.
func TestFailedSwapKeepsNoName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	write(t, filepath.Join(dir, "old"), "x")
	target, err := OpenTarget(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	staged, err := target.Stage()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(staged, "new"), "x")
	if err := os.Rename(dir, dir+"-away"); err != nil { // nothing to exchange it with
		t.Fatal(err)
	}
	if kept, err := target.Swap(staged, time.Now()); err == nil || kept != "" {
		t.Errorf("%q, %v; want a refusal", kept, err)
	}
	if left, _ := filepath.Glob(dir + beforeMark + "*"); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
	if _, err := os.Stat(filepath.Join(staged, "new")); err != nil {
		t.Errorf("what was staged has gone: %v", err)
	}
}
