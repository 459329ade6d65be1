package measure

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"warder/content"
	"warder/internal/stage/detect/sigma"
)

// TestMadeUpEvents: they are JSON, the same every time, and different from one
// another.
func TestMadeUpEvents(t *testing.T) {
	events := windowsEvents(200)
	if !slices.EqualFunc(events, windowsEvents(200), bytes.Equal) {
		t.Error("they differ from one time to the next")
	}
	seen := map[string]bool{}
	for _, line := range events {
		var m map[string]any
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if bytes.ContainsRune(line, '@') || m["TimeCreated"] == nil || seen[string(line)] {
			t.Fatalf("%s", line)
		}
		seen[string(line)] = true
	}
}

func TestRuleArchive(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	to := tar.NewWriter(z)
	const rule = "title: A\nid: a\nlogsource: {product: windows}\ndetection: {s: {EventID: 1}, condition: s}\n"
	for _, name := range []string{"./rules/a.yml", "../outside.yml"} {
		if err := to.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Size: int64(len(rule)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(rule)); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "rules.tar.gz")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := ruleFiles(name)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	if err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	}); err != nil || !slices.Equal(found, []string{"rules/a.yml"}) {
		t.Errorf("%q, %v", found, err)
	}
}

// TestOwnRulesMeetMadeUpEvents: the inputs that need no file load and scan.
func TestOwnRulesMeetMadeUpEvents(t *testing.T) {
	tables, err := sigma.ReadTables(content.FS, "mappings")
	if err != nil {
		t.Fatal(err)
	}
	set, err := sigma.Load(tables, sigma.Folder{Name: "bench", FS: content.FS, Root: "rules"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scan(sigma.NewEngine(set).NewScanner(), windowsEvents(300)); err != nil {
		t.Error(err)
	}
}
