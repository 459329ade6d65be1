package app

import (
	"os"
	"testing"

	"warder/content"
	"warder/internal/stage/detect"
)

// The state of folders differs when their files do, and only then.
func TestStateOfFolders(t *testing.T) {
	dir := t.TempDir()
	shelf := &library{content: content.FS, dirs: []string{dir}}
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
	write(t, dir, "a.yml", numberedRule)
	look("a new file", true)
	write(t, dir, "a.yml", numberedRule+"\n")
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
	pack, err := (&library{content: content.FS}).Load(t.Context())
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
