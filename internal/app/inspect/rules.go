package inspect

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"warder/content"
	"warder/internal/app/rulebook"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma"
)

// RulesOptions says which rules are loaded.
type RulesOptions struct {
	Builtin bool     // those that Warder ships
	Paths   []string // folders and files of Sigma rules; a later one replaces rules of the same id
}

// Rules is a loaded set of rules with what meets and counts events.
type Rules struct {
	// All lists every rule, also those that could not be loaded (Error).
	All []detect.Rule

	paths   []string // as they were named
	pack    *detect.Pack
	folders []sigma.Folder
	wanted  map[string][]detect.Field // fields that hits of a rule must carry
}

// LoadRules loads rules. A rule that cannot be loaded is listed with its reason;
// an error means that a path cannot be read at all.
func LoadRules(o RulesOptions) (*Rules, error) {
	r := &Rules{paths: o.Paths}
	if o.Builtin {
		r.folders = append(r.folders, rulebook.Own(content.FS))
	}
	for _, path := range o.Paths {
		f, err := folderOf(path)
		if err != nil {
			return nil, err
		}
		r.folders = append(r.folders, f)
	}
	var err error
	if r.pack, err = rulebook.Compose(content.FS, r.folders...); err != nil {
		return nil, err
	}
	if o.Builtin {
		if err := rulebook.AddForeign(content.FS, r.pack); err != nil {
			return nil, err
		}
	}
	r.All, r.wanted = r.pack.Ruleset.Rules, detect.Wanted(r.pack.Ruleset.Correlations)
	return r, nil
}

// folderOf makes a folder of rules of a path, which may also be one file.
func folderOf(path string) (sigma.Folder, error) {
	info, err := os.Stat(path)
	if err != nil {
		return sigma.Folder{}, err
	}
	if info.IsDir() {
		return sigma.Folder{Name: path, FS: os.DirFS(path), Root: "."}, nil
	}
	dir, name := filepath.Split(filepath.Clean(path))
	dir = filepath.Clean(dir)
	return sigma.Folder{Name: dir, FS: oneFile{os.DirFS(dir), name}, Root: "."}, nil
}

// oneFile shows one file of a folder.
type oneFile struct {
	fs.FS
	name string
}

// ReadDir lists the file.
func (o oneFile) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() != o.name }), err
}

// Stat looks without opening, which may wait for ever.
func (o oneFile) Stat(name string) (fs.FileInfo, error) { return fs.Stat(o.FS, name) }

// Find returns the rule of an id, or of a part of its title that only one has.
func (r *Rules) Find(name string) (*detect.Rule, error) {
	var byTitle []*detect.Rule
	for i := range r.All {
		rule := &r.All[i]
		if rule.ID == name && rule.Error == "" {
			return rule, nil
		}
		if rule.Error == "" && strings.Contains(strings.ToLower(rule.Title), strings.ToLower(name)) {
			byTitle = append(byTitle, rule)
		}
	}
	switch len(byTitle) {
	case 0:
		return nil, fmt.Errorf("there is no rule %q; name its id, or a part of its title", name)
	case 1:
		return byTitle[0], nil
	}
	return nil, fmt.Errorf("%d rules have %q in their titles, such as %s (%s); name an id",
		len(byTitle), name, byTitle[0].Title, byTitle[0].ID)
}

// Useless lists what is wrong with each path that was named of which rules could
// not be loaded and none could: the first cause. Whoever named it expects
// something of it.
func (r *Rules) Useless() (list []RuleFault) {
	for _, path := range r.paths {
		var first *detect.Rule
		good := false
		for i := range r.All {
			switch rule := &r.All[i]; {
			case !below(path, rule.File):
			case rule.Error == "":
				good = true
			case first == nil:
				first = rule
			}
		}
		if first != nil && !good {
			list = append(list, RuleFault{File: first.File, Line: first.Line, Rule: first.ID, Title: first.Title, Text: first.Error})
		}
	}
	return list
}

// below tells whether a file is the path or lies below it. Warder's own rules lie
// below none, and the tables for foreign alerts are no file of rules.
func below(path, file string) bool {
	rel, err := filepath.Rel(path, filepath.FromSlash(file))
	return err == nil && file != "" && filepath.IsLocal(rel) && !strings.HasPrefix(file, detect.OwnFolder+"/")
}

// Loaded counts the rules that could be loaded.
func (r *Rules) Loaded() int { return len(r.All) - len(r.Failed()) }

// Failed lists the rules that could not be loaded.
func (r *Rules) Failed() (list []detect.Rule) {
	for _, rule := range r.All {
		if rule.Error != "" {
			list = append(list, rule)
		}
	}
	return list
}
