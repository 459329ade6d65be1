//go:build unix

package sigma

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipesAmongRules finds what nobody writes to where rules and the values of
// placeholders should be: to open it would wait for ever.
func TestPipesAmongRules(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"placeholders.yaml", "x.yml"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := "title: Good\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: windows}\ndetection: {s: {A: 1}, condition: s}\n"
	if err := os.WriteFile(filepath.Join(dir, "y.yml"), []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := Load(Tables{}, Folder{Name: "r", FS: os.DirFS(dir), Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range set.Failed {
		got = append(got, r.File+": "+r.Error)
	}
	if len(got) != 2 || got[0] != "r/placeholders.yaml: read placeholders: is no regular file" || got[1] != "r/x.yml: is no regular file" {
		t.Errorf("failed: %q", got)
	}
	if len(set.Rules()) != 3 { // the two are listed too
		t.Errorf("%d rules", len(set.Rules()))
	}
}
