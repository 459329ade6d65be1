package hospital_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"warder/internal/hospital"
)

// seeds adds the files of testdata whose names end so, and those of the
// reference hospital when it is there.
func seeds(f *testing.F, ext string) {
	for _, name := range testFiles(f) {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ext) {
				f.Add(file.Data)
			}
		}
	}
	names, _ := filepath.Glob("../../content/hospitals/reference/*" + ext)
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
}

// foreign adds the first lines of some of other projects' files, each under
// every head, when they are there: in WARDER_SHARED_DATA, or in shared/data
// beside a folder above this one.
func foreign(f *testing.F, glob string, heads ...string) {
	root := os.Getenv("WARDER_SHARED_DATA")
	for dir, _ := os.Getwd(); root == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if at := filepath.Join(dir, "shared", "data"); exists(at) {
			root = at
		}
	}
	names, _ := filepath.Glob(filepath.Join(root, glob))
	for _, name := range names[:min(len(names), 12)] {
		data, err := os.ReadFile(name)
		if err != nil || root == "" {
			continue
		}
		lines := strings.SplitAfterN(string(data[:min(len(data), 8<<10)]), "\n", 40)
		for _, head := range heads {
			f.Add([]byte(head + strings.Join(lines[:len(lines)-1], "")))
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// whole checks what must hold of any import: a model or problems, each with a
// rule and a text, and a model that exports to itself.
func whole(t *testing.T, folder fs.FS) {
	m, problems := hospital.ImportFolder(folder)
	if (m == nil) != (len(problems) > 0) {
		t.Fatalf("a model: %v, with %d problems", m != nil, len(problems))
	}
	for _, p := range problems {
		if p.Rule == "" || p.Text == "" || p.Line < 0 {
			t.Errorf("problem %+v", p)
		}
	}
	if m == nil {
		return
	}
	for _, format := range []hospital.Format{hospital.YAML, hospital.CSV} {
		var b strings.Builder
		if err := hospital.WriteZip(&b, m, format); err != nil {
			t.Fatal(err)
		}
		again, problems := hospital.ImportBytes("x.zip", []byte(b.String()))
		if len(problems) > 0 {
			t.Fatalf("%s: the export has problems: %v", format, problems)
		}
		if diff := sameModel(m, again); diff != "" {
			t.Fatalf("%s: the export differs:\n%s", format, diff)
		}
	}
}

func FuzzYAML(f *testing.F) {
	seeds(f, ".yaml")
	foreign(f, "it/log-schema-classification/*.yaml", "", "name: X\nassets:\n")
	f.Add([]byte("!")) // a null with a tag
	f.Fuzz(func(t *testing.T, data []byte) {
		whole(t, fstest.MapFS{"hospital.yaml": {Data: data}})
	})
}

func FuzzCSV(f *testing.F) {
	seeds(f, ".csv")
	foreign(f, "physical/access-control/*.csv", "", "id,kind,name,owner,tags\n", "from,to,relation,group,note\n")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"assets.csv", "dependencies.csv", "plans.csv"} {
			whole(t, fstest.MapFS{
				"hospital.yaml": {Data: []byte("name: X\nassets: [{id: s, kind: site, name: S}, {id: h, kind: host, name: H}]\n")},
				name:            {Data: data},
			})
		}
	})
}

func FuzzDrawing(f *testing.F) {
	seeds(f, ".svg")
	plans, _ := filepath.Glob("../../content/hospitals/reference/plans/*.svg")
	for _, name := range plans {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _ := hospital.ImportFolder(fstest.MapFS{
			"hospital.yaml": {Data: []byte("name: X\nassets: [{id: s, kind: site, name: S}]\nplans: [{id: p, name: P, place: s, file: p.svg}]\n")},
			"p.svg":         {Data: data},
		})
		if m == nil {
			return
		}
		for _, bad := range []string{"<script", "<!DOCTYPE", "<!ENTITY", "<foreignObject", "<image"} {
			if strings.Contains(string(data), bad) && !strings.Contains(string(data), "<!--") && !strings.Contains(string(data), "CDATA") {
				t.Errorf("a drawing with %s was let in", bad)
			}
		}
	})
}

func FuzzZip(f *testing.F) {
	for _, format := range []hospital.Format{hospital.YAML, hospital.CSV} {
		var b strings.Builder
		if err := hospital.WriteZip(&b, &hospital.Model{Name: "X", Assets: []hospital.Asset{{ID: "s", Kind: hospital.Site, Name: "S"}}}, format); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(b.String()))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, problems := hospital.ImportBytes("x.zip", data)
		if (m == nil) != (len(problems) > 0) {
			t.Errorf("a model: %v, with %d problems", m != nil, len(problems))
		}
	})
}
