package hospital_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/hospital"
)

var update = flag.Bool("update", false, "write what tests find into the files that they compare with")

// wantProblems is the section of a test file that is no file of the model.
const wantProblems = "problems"

// TestFiles imports the models of testdata/*.txtar and compares the problems.
// Each file's comment says what it shows.
func TestFiles(t *testing.T) {
	for _, name := range testFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			folder, want := split(a)
			var got strings.Builder
			for _, p := range importFolder(t, folder) {
				got.WriteString(string(p.Rule) + " " + p.String() + "\n")
			}
			if *update {
				writeProblems(t, name, a, got.String())
				return
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

func importFolder(t *testing.T, folder fstest.MapFS) []hospital.Problem {
	t.Helper()
	m, problems := hospital.ImportFolder(folder)
	if (m == nil) != (len(problems) > 0) {
		t.Errorf("a model: %v, with %d problems", m != nil, len(problems))
	}
	if m != nil {
		if _, problems := hospital.Build(m); len(problems) > 0 {
			t.Errorf("an imported model does not build: %v", problems)
		}
	}
	return problems
}

func testFiles(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	return names
}

// split takes the wanted problems out of the files of the model.
func split(a *txtar.Archive) (fstest.MapFS, string) {
	folder, want := make(fstest.MapFS), ""
	for _, f := range a.Files {
		if f.Name == wantProblems {
			want = string(f.Data)
			continue
		}
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return folder, want
}

func writeProblems(t *testing.T, name string, a *txtar.Archive, problems string) {
	t.Helper()
	files := a.Files[:0]
	for _, f := range a.Files {
		if f.Name != wantProblems {
			files = append(files, f)
		}
	}
	a.Files = append(files, txtar.File{Name: wantProblems, Data: []byte(problems)})
	if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryRuleIsTested makes sure that each rule of the reference page has a
// model in testdata that offends against it, and none is unknown to the page.
func TestEveryRuleIsTested(t *testing.T) {
	seen := map[hospital.Rule]bool{
		hospital.RuleBounds: true, // in TestBounds
	}
	for _, name := range testFiles(t) {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folder, _ := split(a)
		for _, p := range importFolder(t, folder) {
			seen[p.Rule] = true
		}
	}
	for _, r := range hospital.RuleTable() {
		if !seen[r.Rule] {
			t.Errorf("no model in testdata offends against %q", r.Rule)
		}
		delete(seen, r.Rule)
	}
	for r := range seen {
		t.Errorf("rule %q is not in RuleTable", r)
	}
}
