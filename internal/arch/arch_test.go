// Package arch holds the rules of the house as tests: who may import whom, and
// what every package must say about itself.
package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const self = "warder/"

type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
	Doc        string
}

// layer gives a package's place in the order of imports; a package may import
// its own layer only below itself, and every lower one. Unknown rooms have none.
func layer(path string) (int, bool) {
	path = strings.TrimPrefix(path, self)
	for _, l := range []struct {
		room  string
		level int
	}{
		{"internal/kit", 0}, {"internal/flow", 1}, {"internal/module", 1}, {"content", 1}, {"web", 1}, {"test/scenario", 1},
		{"internal/store", 1}, {"internal/exchange", 4}, {"internal/events", 4}, {"internal/hospital", 4}, {"internal/audit", 4},
		{"internal/stage", 5}, {"internal/capability", 5}, {"internal/api", 5},
		{"internal/app", 6}, {"cmd", 7},
	} {
		if path == l.room || strings.HasPrefix(path, l.room+"/") {
			return l.level, true
		}
	}
	return 0, false
}

// room is the part of a path whose siblings must not know one another: a stage,
// a capability, or the API.
func room(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, self), "/")
	if len(parts) >= 3 && (parts[1] == "stage" || parts[1] == "capability") {
		return strings.Join(parts[:3], "/")
	}
	if len(parts) >= 2 && parts[1] == "api" {
		return "internal/api"
	}
	return ""
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,Doc", "warder/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list the packages: %v", err)
	}
	var all []pkg
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportsRunOneWay(t *testing.T) {
	for _, p := range packages(t) {
		from, ok := layer(p.ImportPath)
		if !ok {
			if p.ImportPath != "warder/internal/arch" {
				t.Errorf("%s stands in no room of the layout: see ARCHITECTURE.md", p.ImportPath)
			}
			continue
		}
		for _, dep := range p.Imports {
			if !strings.HasPrefix(dep, self) {
				continue
			}
			to, _ := layer(dep)
			switch {
			case to > from:
				t.Errorf("%s imports %s, which stands above it: declare the interface you need and let app hand it in", p.ImportPath, dep)
			case to == from && from == 4 && room(p.ImportPath) == "" && !sameHouse(p.ImportPath, dep):
				t.Errorf("%s imports its neighbour %s: only what stands above may know both", p.ImportPath, dep)
			case to == from && from == 5 && room(p.ImportPath) != room(dep):
				t.Errorf("%s imports its sibling %s: stages and capabilities never know one another, app joins them", p.ImportPath, dep)
			}
		}
	}
}

func sameHouse(a, b string) bool {
	return strings.Split(strings.TrimPrefix(a, self), "/")[1] == strings.Split(strings.TrimPrefix(b, self), "/")[1]
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	rooms := map[string][]string{
		"github.com/danielgtaylor/huma/v2": {"warder/internal/api"},
		"github.com/cockroachdb/pebble/v2": {"warder/internal/exchange"},
		"github.com/parquet-go/parquet-go": {"warder/internal/events"},
		"modernc.org/sqlite":               {"warder/internal/store"},
		"github.com/jackc/pgx/v5":          {"warder/internal/store"},
		"github.com/alecthomas/kong":       {"warder/cmd"},
		"golang.org/x/mod":                 {"warder/internal/audit"},
		"github.com/knadh/koanf":           {"warder/internal/app"},
		"filippo.io/age":                   {"warder/internal/app", "warder/cmd"},
	}
	for _, p := range packages(t) {
		for _, dep := range p.Imports {
			for lib, allowed := range rooms {
				if strings.HasPrefix(dep, lib) && !within(p.ImportPath, allowed) {
					t.Errorf("%s imports %s, which is kept inside %s so that it can be changed in one place", p.ImportPath, dep, allowed)
				}
			}
		}
	}
}

func within(path string, rooms []string) bool {
	for _, r := range rooms {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" && p.ImportPath != "warder/internal/arch" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestNoInitFunctions(t *testing.T) {
	for _, p := range packages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(src, []byte("\nfunc init()")) {
				t.Errorf("%s has an init function: build in one straight line instead", name)
			}
		}
	}
}

// TestTheProjectSpeaksOfItselfAlone looks for absolute paths of a machine in
// what is kept.
func TestTheProjectSpeaksOfItselfAlone(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch d.Name() {
		case ".git", "node_modules", "dist", "bin":
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		if _, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly); err != nil {
			t.Errorf("%s does not parse: %v", path, err)
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, forbidden := range []string{"/home/" + "runner", "/" + "work/main", "/" + "root/go"} {
			if bytes.Contains(src, []byte(forbidden)) {
				t.Errorf("%s names a path of one machine: %s", path, forbidden)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
