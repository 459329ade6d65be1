package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing/fstest"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/count"
	"warder/internal/stage/detect/foreign"
	"warder/internal/stage/detect/sigma"
)

// library is where the rules come from: Warder's own pack, the folders that the
// configuration names, and the tables for foreign alerts.
type library struct {
	content fs.FS
	dirs    []string // of the configuration
}

var _ detect.Library = (*library)(nil)

func (l *library) folders() []sigma.Folder {
	folders := []sigma.Folder{{Name: detect.OwnFolder, FS: l.content, Root: "rules"}}
	for _, dir := range l.dirs {
		folders = append(folders, sigma.Folder{Name: dir, FS: os.DirFS(dir), Root: "."})
	}
	return folders
}

// Load reads every folder. A rule that cannot be loaded is listed with its
// reason and the rest still works.
func (l *library) Load(context.Context) (*detect.Pack, error) {
	table, err := foreign.Read(l.content, "mappings")
	if err != nil {
		return nil, err
	}
	others := foreign.New(table)
	pack, err := l.compose(l.folders())
	if err != nil {
		return nil, err
	}
	pack.Ruleset.Rules = append(pack.Ruleset.Rules, others.Rules()...)
	pack.Ruleset.Matchers = append(pack.Ruleset.Matchers, others)
	pack.Ruleset.Correlations = append(pack.Ruleset.Correlations, others.Correlations()...)
	return pack, nil
}

// compose makes a pack of the Sigma rules of some folders: for the start, for
// reading them again and for what is only tried.
func (l *library) compose(folders []sigma.Folder) (*detect.Pack, error) {
	tables, err := sigma.ReadTables(l.content, "mappings")
	if err != nil {
		return nil, err
	}
	prints := newPrints()
	read := make([]sigma.Folder, len(folders))
	for i, f := range folders {
		read[i] = sigma.Folder{Name: f.Name, FS: prints.of(f), Root: f.Root}
	}
	set, err := sigma.Load(tables, read...)
	if err != nil {
		return nil, err
	}
	rules := &detect.Ruleset{Rules: set.Rules(), Matchers: []detect.Matcher{sigma.NewEngine(set)}, Correlations: set.Correlations}
	pack := &detect.Pack{Ruleset: rules, Prints: prints.sums, Counter: func() func(*flow.Hit) []detect.Found { return counter(rules) }}
	if explainer, ok := any(set).(detect.Explainer); ok {
		pack.Explainer = explainer
	}
	pack.Text = func(rule string) ([]byte, error) {
		if t, ok := any(set).(interface{ Text(string) ([]byte, error) }); ok {
			return t.Text(rule)
		}
		return nil, fault.New(fault.NotFound, "rule %s has no text", rule)
	}
	pack.Tests = func(_ context.Context, r *detect.Rule) ([]detect.RuleTest, error) {
		return testsBeside(folders, r.File)
	}
	return pack, nil
}

// counter counts hits beside the way.
func counter(rules *detect.Ruleset) func(*flow.Hit) []detect.Found {
	c := count.NewCounter(rules.Correlations)
	return func(hit *flow.Hit) []detect.Found {
		var found []detect.Found
		for _, r := range c.Take(hit) {
			found = append(found, detect.Found{Rule: r.Rule, Event: hit.Event})
		}
		return found
	}
}

// pasted is the folder name of what people paste.
const pasted = "pasted"

// Compile reads rules from a text. Rules of base that its correlations count are
// read beside it.
func (l *library) Compile(text []byte, base *detect.Pack) (*detect.Pack, error) {
	own := fstest.MapFS{"rules.yml": {Data: text}} // nothing of it needs a test: it is a folder in memory
	folders := []sigma.Folder{{Name: pasted, FS: own, Root: "."}}
	pack, err := l.compose(folders)
	if err != nil {
		return nil, fmt.Errorf("read the pasted rules: %w", err)
	}
	return pack, nil
}

// inFolder finds the folder of a rule's file and the file's name in it.
func inFolder(folders []sigma.Folder, file string) (fs.FS, string, bool) {
	for _, f := range folders {
		if rest, ok := strings.CutPrefix(file, strings.TrimSuffix(path.Clean(f.Name), "/")+"/"); ok {
			return f.FS, path.Join(f.Root, rest), true
		}
	}
	return nil, "", false
}
