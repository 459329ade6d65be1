// Package rulebook reads the rules that are in force: it composes the detectors'
// packages into one detect.Pack, for serving, for trying and for the command line.
//
// A rule that cannot be read is among the pack's rules with its reason, and the
// others work.
package rulebook

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

// Book is where a hospital's rules come from: Warder's own, the folders that the
// configuration names, and the tables for foreign alerts.
type Book struct {
	Content fs.FS    // folder rules, and folder mappings with the tables
	Dirs    []string // of the configuration; a later one replaces rules of the same id
}

var _ detect.Library = (*Book)(nil)

func (b *Book) folders() []sigma.Folder {
	folders := []sigma.Folder{Own(b.Content)}
	for _, dir := range b.Dirs {
		folders = append(folders, sigma.Folder{Name: dir, FS: os.DirFS(dir), Root: "."})
	}
	return folders
}

// Own is the folder of Warder's own rules.
func Own(content fs.FS) sigma.Folder {
	return sigma.Folder{Name: detect.OwnFolder, FS: content, Root: "rules"}
}

// Load implements detect.Library.
func (b *Book) Load(context.Context) (*detect.Pack, error) {
	state := b.State()
	pack, err := Compose(b.Content, b.folders()...)
	if err != nil {
		return nil, err
	}
	pack.State = state
	return pack, AddForeign(b.Content, pack)
}

// AddForeign lets other systems' alerts through beside the rules of a pack.
func AddForeign(content fs.FS, pack *detect.Pack) error {
	table, err := foreign.Read(content, "mappings")
	if err != nil {
		return err
	}
	others, set := foreign.New(table), pack.Ruleset
	set.Rules = append(set.Rules, others.Rules()...)
	set.Matchers = append(set.Matchers, others)
	set.Correlations = append(set.Correlations, others.Correlations()...)
	return nil
}

// Compose makes a pack of the Sigma rules of some folders; content holds the
// tables. An error means that a folder cannot be read.
func Compose(content fs.FS, folders ...sigma.Folder) (*detect.Pack, error) {
	tables, err := sigma.ReadTables(content, "mappings")
	if err != nil {
		return nil, err
	}
	set, err := sigma.Load(tables, folders...)
	if err != nil {
		return nil, err
	}
	rules := &detect.Ruleset{
		Rules: set.Rules(), Matchers: []detect.Matcher{sigma.NewEngine(set)}, Correlations: set.Correlations, Names: tables.Aliases,
	}
	pack := &detect.Pack{Ruleset: rules, Explainer: set, Text: set.Text, Prints: set.Prints(), Replaced: set.Replaced, Counter: counter}
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
