package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"warder/internal/kit/regular"
	"warder/internal/stage/detect"
)

// Folder is a folder of rule files. A file "placeholders.yaml" at its top gives
// values to placeholders.
type Folder struct {
	Name string // said before the file's path: "content", "user"
	FS   fs.FS
	Root string
}

// Load reads every rule of the folders. A file or document that cannot be
// loaded is listed in Failed, with the line and the cause; the others are loaded.
// An error means that a folder itself cannot be read. A rule of a later folder
// replaces one of the same id: so a hospital changes ours.
func Load(tables Tables, folders ...Folder) (*Set, error) {
	l := newLoader(tables)
	for _, folder := range folders {
		if err := l.placeholders.read(folder.FS, path.Join(folder.Root, placeholdersFile)); err != nil {
			l.fail(detect.Rule{File: path.Join(folder.Name, placeholdersFile)}, fmt.Errorf("read placeholders: %w", err))
		}
	}
	for _, folder := range folders {
		if err := l.folder(folder); err != nil {
			return nil, fmt.Errorf("load rules from %s: %w", folder.Name, err)
		}
	}
	l.filter()
	l.correlate()
	l.finish()
	return l.set, nil
}

// loader reads what files hold and puts it together at the end, as rules may
// refer to what is read after them.
type loader struct {
	set          *Set
	placeholders Placeholders
	now          string             // the folder that is being read
	entries      map[string]*entry  // by id, what was read last
	order        []*entry           // in the order of reading, replaced ones too
	names        map[string]*entry  // by name
	settled      map[string]outcome // correlations, by id
}

// entry is one document that was understood.
type entry struct {
	doc      *document
	rule     detect.Rule
	folder   string
	compiled *compiled // of an event rule
	section  section   // of a filter
	replaced bool
}

func newLoader(tables Tables) *loader {
	l := &loader{
		placeholders: Placeholders{}, entries: map[string]*entry{}, names: map[string]*entry{}, settled: map[string]outcome{},
	}
	for name, values := range tables.Placeholders {
		l.placeholders[strings.ToLower(name)] = values
	}
	tables.Placeholders = l.placeholders
	l.set = &Set{compiler: newCompiler(tables), tables: tables, origins: map[string]origin{}}
	return l
}

func (l *loader) folder(f Folder) error {
	l.now = f.Name
	return fs.WalkDir(f.FS, f.Root, func(name string, entry fs.DirEntry, err error) error {
		shown := path.Join(f.Name, strings.TrimPrefix(strings.TrimPrefix(name, f.Root), "/"))
		switch {
		case err != nil && name == f.Root:
			return err
		case err != nil:
			l.fail(detect.Rule{File: shown}, err)
			return fs.SkipDir
		case entry.IsDir() && name != f.Root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // a checkout's own affairs
		case entry.IsDir() || !isRuleFile(name) || name == path.Join(f.Root, placeholdersFile):
			return nil
		}
		text, err := regular.Read(f.FS, name, largestFile)
		if err != nil {
			l.fail(detect.Rule{File: shown}, err)
			return nil
		}
		if !describesSamples(name, text) {
			l.file(&file{shown, text})
		}
		return nil
	})
}

// isRuleFile tells rules from the tests beside them.
func isRuleFile(file string) bool {
	ext := path.Ext(file)
	return (ext == ".yml" || ext == ".yaml") && !strings.HasSuffix(strings.TrimSuffix(file, ext), ".test")
}

// describesSamples tells the descriptions of regression samples, which lie among
// the rules in checkouts of the public set. Where their authors set the tests
// aside, only what they say of the rule remains.
func describesSamples(file string, text []byte) bool {
	if path.Base(file) != "info.yml" {
		return false
	}
	for _, key := range [...]string{"regression_tests_info:", "rule_metadata:"} {
		if bytes.HasPrefix(text, []byte(key)) || bytes.Contains(text, []byte("\n"+key)) {
			return true
		}
	}
	return false
}

func (l *loader) file(f *file) {
	parts := f.parts()
	if len(parts) > mostDocuments {
		l.fail(detect.Rule{File: f.name}, fmt.Errorf("has %d documents; %d are possible", len(parts), mostDocuments))
		return
	}
	found := false
	for _, p := range parts {
		docs, err := p.documents()
		found = found || len(docs) > 0 || err != nil
		for _, d := range docs {
			l.document(d)
		}
		if err != nil {
			l.fail(detect.Rule{File: f.name, Line: p.line}, err)
		}
	}
	if !found {
		l.fail(detect.Rule{File: f.name}, errors.New("holds no rule"))
	}
}

func (l *loader) document(d *document) {
	rule, err := d.rule(l.set.tables.Threats)
	e := &entry{doc: d, rule: rule, folder: l.now}
	if err == nil && !d.ours.Off {
		err = l.compile(e)
	}
	if err == nil {
		err = l.keep(e)
	}
	if err != nil {
		if rule.ID != "" {
			l.set.origins[rule.ID] = origin{d.from, d.nth} // unless a rule that it was to replace stays
		}
		l.fail(rule, err)
	}
}

func (l *loader) compile(e *entry) (err error) {
	switch e.rule.Kind {
	case detect.KindEvent:
		if e.compiled, err = l.set.compiler.compile(e.doc, e.rule); err != nil {
			return err
		}
		e.rule = e.compiled.rule
		if once := e.doc.ours.Once; once != nil {
			_, err = timespan(once.Within)
		}
		if err != nil {
			return fmt.Errorf("warder.once.within: %w", err)
		}
	case detect.KindFilter:
		e.section, err = l.set.compiler.section("filter", e.doc.filter)
		e.rule.Warning = l.set.compiler.warned(e.rule.Warning)
	}
	return err
}

// keep takes an entry in, in the place of one of the same id from an earlier
// folder.
func (l *loader) keep(e *entry) error {
	id, name := e.rule.ID, e.rule.Name
	before := l.entries[id]
	if before != nil && before.folder == e.folder {
		return fmt.Errorf("the id %s is used twice in %s: also in %s, line %d", id, e.folder, before.rule.File, before.rule.Line)
	}
	if other := l.names[name]; name != "" && other != nil && other.folder == e.folder && other != before {
		return fmt.Errorf("the name %s is used twice in %s: also in %s, line %d", name, e.folder, other.rule.File, other.rule.Line)
	}
	if before != nil {
		before.replaced = true
		l.set.Replaced = append(l.set.Replaced, detect.Replaced{Rule: before.rule, By: e.rule})
		if l.names[before.rule.Name] == before {
			delete(l.names, before.rule.Name)
		}
	}
	l.entries[id] = e
	l.order = append(l.order, e)
	if name != "" {
		l.names[name] = e
	}
	return nil
}

// find gives what an id or a name refers to: a rule that is not set aside.
func (l *loader) find(name string) *entry {
	e := l.names[name]
	if e == nil {
		e = l.entries[name]
	}
	if e == nil || e.doc.ours.Off {
		return nil
	}
	return e
}

// missing says why find found nothing.
func (l *loader) missing(name string) string {
	failed := slices.ContainsFunc(l.set.Failed, func(r detect.Rule) bool { return r.ID == name || r.Name == name })
	switch {
	case failed:
		return fmt.Sprintf("the rule %q could not be loaded", name)
	case l.names[name] != nil || l.entries[name] != nil:
		return fmt.Sprintf("the rule %q is set aside", name)
	}
	return fmt.Sprintf("there is no rule %q", name)
}

func (l *loader) fail(r detect.Rule, err error) {
	r.Error, r.Line = err.Error(), lineOf(err, r.Line)
	if r.Kind == "" {
		r.Kind = detect.KindEvent
	}
	l.set.Failed = append(l.set.Failed, r)
}

// finish lists what was loaded, in the order of reading.
func (l *loader) finish() {
	for _, e := range l.order {
		switch {
		case e.replaced:
			continue
		case e.doc.ours.Off:
			e.rule.Off = true
			l.set.off = append(l.set.off, e.rule)
		case e.compiled != nil && (e.compiled.alert || e.compiled.count):
			e.compiled.index = len(l.set.rules)
			l.set.rules = append(l.set.rules, e.compiled)
		}
		l.set.origins[e.rule.ID] = origin{e.doc.from, e.doc.nth}
	}
}
