package rulebook

import (
	"os"
	"path/filepath"
	"testing"

	"warder/content"
	"warder/internal/stage/detect"
)

const (
	numberedID   = "6f1f0c0e-0000-4000-8000-000000000001"
	numberedRule = `title: Numbered
id: ` + numberedID + `
name: numbered
logsource: {product: warder}
detection:
  sel: {event.action|startswith: number.}
  condition: sel
`
	manyRule = `title: Many numbers
id: 6f1f0c0e-0000-4000-8000-000000000002
correlation: {type: event_count, rules: numbered, group-by: [host], timespan: 1h, condition: {gte: 50}}
`
)

// write puts the text into a file of a folder.
func write(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "a.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The state of folders differs when their files do, and only then.
func TestStateOfFolders(t *testing.T) {
	dir := t.TempDir()
	shelf := &Book{Content: content.FS, Dirs: []string{dir}}
	seen := map[string]string{}
	look := func(what string, changed bool) {
		t.Helper()
		state := shelf.State()
		if before, known := seen[state]; known == changed {
			t.Errorf("after %s the state is known: %v (%s)", what, known, before)
		}
		seen[state] = what
	}
	look("the beginning", true)
	look("nothing", false)
	write(t, dir, numberedRule)
	look("a new file", true)
	write(t, dir, numberedRule+"\n")
	look("a change", true)
	if err := os.Rename(dir+"/a.yml", dir+"/b.yml"); err != nil {
		t.Fatal(err)
	}
	look("a new name", true)
	look("nothing", false)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	look("the end of the folder", true)
	if _, err := shelf.Load(t.Context()); err == nil {
		t.Error("a folder that is gone is read")
	}
}

// The tests beside our own rules are shown with what came of them.
func TestOwnRulesShowTheirTests(t *testing.T) {
	pack, err := (&Book{Content: content.FS}).Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for i := range pack.Ruleset.Rules {
		r := &pack.Ruleset.Rules[i]
		if r.Kind == detect.KindForeign || files[r.File] {
			continue
		}
		files[r.File] = true
		if text, err := pack.Text(r.ID); err != nil || len(text) == 0 {
			t.Errorf("%s: text %q, %v", r.ID, text, err)
		}
		tests, err := pack.Tests(t.Context(), r)
		if err != nil || len(tests) < 2 {
			t.Errorf("%s: %d tests, %v", r.File, len(tests), err)
		}
		for _, test := range tests {
			if test.Passed == nil || !*test.Passed || test.Text == "" {
				t.Errorf("%s: %+v", r.File, test)
			}
		}
	}
	if len(files) < 30 {
		t.Errorf("%d files of rules", len(files))
	}
}
