package detect

import (
	"cmp"
	"io/fs"
	"path"
	"slices"

	"warder/internal/kit/fault"
)

// Bounds of rules that are sent as files.
const (
	mostFileBytes = 16 << 20 // of all files together
	mostFolders   = 2000     // that they are in
	mostTryBody   = 24 << 20 // of the request, where line feeds and quotes are written with two characters
)

// RuleFile is a file of a folder of rules in memory. The file placeholders.yaml at
// its top gives values to placeholders, as in a folder on disk.
type RuleFile struct {
	Folder string `json:"folder,omitempty" doc:"where there are several: a rule of a later one replaces one of the same id" maxLength:"200"`
	Name   string `json:"name" doc:"path in the folder, with slashes" minLength:"1" maxLength:"512"`
	Text   string `json:"text" maxLength:"16777216"`
}

// RuleProblem is why a rule of a file cannot be loaded.
type RuleProblem struct {
	File  string `json:"file" doc:"with the folder, where one was named"`
	Line  int    `json:"line" doc:"from 1; 0 where it is not known"`
	Error string `json:"error"`
}

// justText is the folder of a text that people paste.
func justText(text string) []RuleFile { return []RuleFile{{Name: "rules.yml", Text: text}} }

// path is where the file is below all folders.
func (f *RuleFile) path() string { return path.Join(f.Folder, f.Name) }

// checkFiles refuses what cannot be a folder, or would be too large a one.
func checkFiles(files []RuleFile) error {
	size, names, folders := 0, map[string]bool{}, map[string]bool{}
	for i := range files {
		f := &files[i]
		if !fs.ValidPath(f.Name) || f.Name == "." || !fs.ValidPath(cmp.Or(f.Folder, ".")) {
			return fault.New(fault.Invalid, "%q in %q is no path of a file within a folder", f.Name, f.Folder)
		}
		name := f.path()
		if names[name] {
			return fault.New(fault.Invalid, "the file %s is there twice", name)
		}
		names[name] = true
		for dir := path.Dir(name); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
		size += len(f.Text)
		if size > mostFileBytes || len(folders) > mostFolders {
			return fault.New(fault.Invalid, "rules to be tried may have %d MiB and be in %d folders", mostFileBytes>>20, mostFolders)
		}
	}
	for name := range names {
		if folders[name] {
			return fault.New(fault.Invalid, "%s is a file and a folder", name)
		}
	}
	return nil
}

// compileFiles reads files of rules. What cannot be loaded is told, and the others
// work.
func (m *Module) compileFiles(files []RuleFile, rule string) (*Pack, []RuleProblem, error) {
	if err := checkFiles(files); err != nil {
		return nil, nil, err
	}
	pack, err := m.d.Library.Compile(files, m.current.Load())
	if err != nil {
		return nil, nil, err
	}
	problems := []RuleProblem{}
	for i := range pack.Ruleset.Rules {
		if r := &pack.Ruleset.Rules[i]; r.Error != "" {
			problems = append(problems, RuleProblem{r.File, r.Line, r.Error})
		}
	}
	slices.SortStableFunc(problems, func(a, b RuleProblem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	switch {
	case len(pack.Ruleset.Rules) == 0:
		return nil, nil, fault.New(fault.Invalid, "the files hold no rule")
	case rule != "" && pack.rule(rule) == nil:
		return nil, nil, fault.New(fault.NotFound, "the files have no rule %s", rule)
	}
	return pack, problems, nil
}
