package sigma

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"warder/internal/stage/detect"
)

// Folder is a folder of rule files.
type Folder struct {
	Name string // said before the file's path: "content", "user"
	FS   fs.FS
	Root string
}

// Tables is what loading needs beside the rules themselves.
type Tables struct {
	Threats Threats
	Routes  []Route
	Aliases map[string][]string
}

// Set is what was loaded.
type Set struct {
	rules        []*compiled
	compiler     *compiler
	tables       Tables
	Correlations []detect.Correlation
	off          []detect.Rule // set aside by the hospital
	// Failed lists what could not be loaded, each with its reason.
	Failed []detect.Rule
}

// Load reads every rule of the folders. A file or document that cannot be
// loaded is listed in Failed; the others are loaded. An error means that a
// folder itself cannot be read. A rule of a later folder replaces one of the
// same id: so a hospital changes ours.
func Load(tables Tables, folders ...Folder) (*Set, error) {
	l := &loader{
		set:  &Set{compiler: newCompiler(tables.Aliases), tables: tables},
		byID: map[string]*compiled{}, names: map[string]string{}, from: map[string]string{},
	}
	for _, folder := range folders {
		if err := l.folder(folder); err != nil {
			return nil, fmt.Errorf("load rules from %s: %w", folder.Name, err)
		}
	}
	l.correlate()
	for _, id := range l.order {
		if r := l.byID[id]; r.alert || r.count {
			r.index = len(l.set.rules)
			l.set.rules = append(l.set.rules, r)
		}
	}
	return l.set, nil
}

type loader struct {
	set     *Set
	byID    map[string]*compiled
	order   []string
	names   map[string]string // rule name -> id
	from    map[string]string // id -> the folder that it was read from last
	now     string            // the folder that is being read
	waiting []waiting
}

// waiting is a correlation, read after all rules that it may name.
type waiting struct {
	doc  document
	rule detect.Rule
}

func (l *loader) folder(f Folder) error {
	l.now = f.Name
	return fs.WalkDir(f.FS, f.Root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || !isRuleFile(file) {
			return nil
		}
		shown := path.Join(f.Name, strings.TrimPrefix(strings.TrimPrefix(file, f.Root), "/"))
		data, err := fs.ReadFile(f.FS, file)
		if err != nil {
			l.fail(detect.Rule{File: shown}, err)
			return nil
		}
		l.file(shown, data)
		return nil
	})
}

// isRuleFile tells rules from the tests beside them.
func isRuleFile(file string) bool {
	ext := path.Ext(file)
	return (ext == ".yml" || ext == ".yaml") && !strings.HasSuffix(strings.TrimSuffix(file, ext), ".test")
}

func (l *loader) file(file string, data []byte) {
	docs, err := decodeAll(data)
	if err == nil && len(docs) == 0 {
		err = fmt.Errorf("holds no rule")
	}
	for i := range docs {
		l.document(file, &docs[i])
	}
	if err != nil {
		l.fail(detect.Rule{File: file}, err)
	}
}

func (l *loader) document(file string, d *document) {
	rule, err := d.rule(file, l.set.tables.Threats)
	if d.Correlation != nil {
		rule.Kind = detect.KindCorrelation
	}
	switch {
	case err != nil:
	case d.Warder.Off:
		if err = l.replace(rule.ID); err == nil {
			rule.Off = true
			l.set.off = append(l.set.off, rule)
		}
	case d.Correlation != nil:
		if err = l.replace(rule.ID); err == nil {
			l.waiting = append(l.waiting, waiting{*d, rule})
		}
	default:
		err = l.keep(d, rule)
	}
	if err != nil {
		l.fail(rule, err)
	}
}

// replace makes room for a rule that comes after one of the same id.
func (l *loader) replace(id string) error {
	if folder, seen := l.from[id]; seen && folder == l.now {
		return fmt.Errorf("the id %s is used twice in %s", id, l.now)
	}
	l.from[id] = l.now
	same := func(r detect.Rule) bool { return r.ID == id }
	l.set.off = slices.DeleteFunc(l.set.off, same)
	l.set.Correlations = slices.DeleteFunc(l.set.Correlations, func(c detect.Correlation) bool { return same(c.Rule) })
	l.waiting = slices.DeleteFunc(l.waiting, func(w waiting) bool { return same(w.rule) })
	if l.byID[id] != nil {
		delete(l.byID, id)
		l.order = slices.DeleteFunc(l.order, func(other string) bool { return other == id })
	}
	return nil
}

func (l *loader) keep(d *document, rule detect.Rule) error {
	c, err := l.set.compiler.compile(d, rule)
	if err != nil {
		return err // and a rule that it was to replace stays
	}
	var window time.Duration
	if d.Warder.Once != nil {
		if window, err = timespan(d.Warder.Once.Within); err != nil {
			return fmt.Errorf("warder.once.within: %w", err)
		}
	}
	if err := l.replace(rule.ID); err != nil {
		return err
	}
	if d.Warder.Once != nil {
		l.once(c, d.Warder.Once.By, window)
	}
	l.order = append(l.order, rule.ID)
	l.byID[rule.ID] = c
	if rule.Name != "" {
		l.names[rule.Name] = rule.ID
	}
	return nil
}

// once turns "one alert per group and time" into a correlation that the first
// hit meets.
func (l *loader) once(c *compiled, by []string, window time.Duration) {
	c.alert, c.count = false, true
	l.set.Correlations = append(l.set.Correlations, detect.Correlation{
		Rule: c.rule, Of: []string{c.rule.ID}, Type: detect.EventCount, GroupBy: by,
		Window: window, Bounds: []detect.Bound{{Op: "gte", Value: 1}},
	})
}

// correlate reads the correlations, now that all rules are known. A rule that is
// counted makes no alert by itself unless a correlation says "generate".
func (l *loader) correlate() {
	for i := range l.waiting {
		w := &l.waiting[i]
		c, err := w.doc.correlation(w.rule, l.refer)
		if err != nil {
			l.fail(w.rule, err)
			continue
		}
		l.set.Correlations = append(l.set.Correlations, c)
		for _, id := range c.Of {
			base := l.byID[id]
			if !base.count {
				base.alert = false
			}
			base.count = true
			base.alert = base.alert || w.doc.Correlation.Generate
		}
	}
}

func (l *loader) refer(name string) (string, error) {
	if id, ok := l.names[name]; ok {
		name = id
	}
	if l.byID[name] == nil {
		return "", fmt.Errorf("there is no rule %q that can be counted", name)
	}
	return name, nil
}

func (l *loader) fail(r detect.Rule, err error) {
	r.Error = err.Error()
	if r.Kind == "" {
		r.Kind = detect.KindEvent
	}
	l.set.Failed = append(l.set.Failed, r)
}

// Rules lists everything that was loaded, set aside or failed, for the board. A rule with
// a "once" section is listed once.
func (s *Set) Rules() []detect.Rule {
	var list []detect.Rule
	seen := map[string]bool{}
	for _, c := range s.rules {
		list = append(list, c.rule)
		seen[c.rule.ID] = true
	}
	for i := range s.Correlations {
		if r := s.Correlations[i].Rule; !seen[r.ID] {
			list = append(list, r)
		}
	}
	return slices.Concat(list, s.off, s.Failed)
}
