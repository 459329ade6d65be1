package follow

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A file that is written anew between the check and the read gives no half line.
func TestWrittenAnewUnderTheHands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("b1\n")
	tl, _, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer tl.file.Close()
	tl.offset = 3
	if err := tl.learn(); err != nil {
		t.Fatal(err)
	}
	generation := tl.generation
	if size, err := tl.check(); err != nil || size != 3 || tl.generation != generation {
		t.Fatalf("size %d, generation %s, %v", size, tl.generation, err)
	}
	write("c1 is much longer\nc2\n")
	if lines, _, err := tl.read(21, 100); !errors.Is(err, errAnew) {
		t.Fatalf("read %v, %v", lines, err)
	}
	if _, err := tl.check(); err != nil || tl.offset != 0 || tl.generation == generation {
		t.Fatalf("after the check offset %d, generation %s, %v", tl.offset, tl.generation, err)
	}
	lines, end, err := tl.read(21, 100)
	if err != nil || len(lines) != 2 || string(lines[0].data) != "c1 is much longer" || end != 21 {
		t.Errorf("read %v to %d, %v", lines, end, err)
	}
}
