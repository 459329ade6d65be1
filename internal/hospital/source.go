package hospital

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"warder/internal/kit/regular"
)

// ImportPath reads and checks the model at a path: a folder, a zip of one, or a
// single YAML file. With one problem or more there is no model.
func ImportPath(path string) (*Model, []Problem) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if info.IsDir() {
		return ImportFolder(os.DirFS(path))
	}
	if most := defaultLimits().all; info.Size() > most {
		return nil, []Problem{{File: filepath.Base(path), Rule: RuleBounds, Text: "is larger than " + megabytes(most)}}
	}
	data, err := regular.ReadPath(path, defaultLimits().all)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return ImportBytes(filepath.Base(path), data)
}

func unreadable(path string, err error) []Problem {
	return []Problem{{File: path, Rule: RuleReadable, Text: "cannot be read: " + reason(err)}}
}

// ImportBytes reads and checks a model that came as bytes: a zip of a folder,
// or a single YAML file. The name is for the problems.
func ImportBytes(name string, data []byte) (*Model, []Problem) {
	if !bytes.HasPrefix(data, []byte("PK")) {
		return finish(LoadYAML(name, data))
	}
	folder, err := openZip(data)
	if err != nil {
		return nil, []Problem{{File: name, Rule: RuleReadable, Text: "is not a readable zip: " + err.Error()}}
	}
	return ImportFolder(folder)
}

// ImportFolder reads and checks the model in a folder. With one problem or more
// there is no model.
func ImportFolder(fsys fs.FS) (*Model, []Problem) {
	return finish(LoadFolder(fsys))
}

// finish adds the problems of the model to those of reading it.
func finish(m *Model, problems []Problem) (*Model, []Problem) {
	for _, p := range validate(m) {
		// What a file that could not be read may have held is not missing.
		if !m.origins.partial || !p.Rule.dangling() {
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return nil, sortProblems(problems)
	}
	return m, nil
}

// dangling tells whether a rule is about something that is not there.
func (r Rule) dangling() bool {
	switch r {
	case RulePlaceExists, RuleEndExists, RuleProtectionExists, RulePlanPlace, RulePlanAsset,
		RuleBuilding, RuleController, RuleNeed:
		return true
	}
	return false
}

// openZip opens a zip as the folder that holds hospital.yaml: its top, or the
// one folder that everything is packed in.
func openZip(data []byte) (fs.FS, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if most := defaultLimits().files; len(r.File) > 10*most {
		return nil, errors.New("it holds too many files")
	}
	if _, err := fs.Stat(r, headFile); err == nil {
		return r, nil
	}
	for _, f := range r.File {
		if dir, base, _ := strings.Cut(f.Name, "/"); base == headFile && fs.ValidPath(dir) {
			return fs.Sub(r, dir)
		}
	}
	return r, nil
}
