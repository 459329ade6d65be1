package app

import (
	"context"
	"io/fs"
	"os"
	"path"
	"strings"

	"warder/internal/flow"
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
	state := l.State()
	pack, err := l.compose(l.folders())
	if err != nil {
		return nil, err
	}
	pack.State = state
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
	set, err := sigma.Load(tables, folders...)
	if err != nil {
		return nil, err
	}
	rules := &detect.Ruleset{Rules: set.Rules(), Matchers: []detect.Matcher{sigma.NewEngine(set)}, Correlations: set.Correlations}
	pack := &detect.Pack{Ruleset: rules, Explainer: set, Text: set.Text, Prints: prints(set), Counter: counter}
	pack.Tests = func(ctx context.Context, r *detect.Rule) ([]detect.RuleTest, error) {
		return testsBeside(ctx, folders, pack, r)
	}
	return pack, nil
}

// counter counts hits beside the way.
func counter(correlations []detect.Correlation) func(*flow.Hit) []detect.Found {
	c := count.NewCounter(correlations)
	return func(hit *flow.Hit) (found []detect.Found) {
		for _, r := range c.Take(hit) {
			found = append(found, detect.Found{Rule: r.Rule, Event: hit.Event})
		}
		return found
	}
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
