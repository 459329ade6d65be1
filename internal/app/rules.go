package app

import (
	"os"

	"warder/internal/stage/detect"
	"warder/internal/stage/detect/foreign"
	"warder/internal/stage/detect/sigma"
)

// ruleSet is every rule of every detector.
type ruleSet struct {
	all          []detect.Rule
	matchers     []detect.Matcher
	correlations []detect.Correlation
}

// loadRules reads Warder's own rules, those of the folders that the user named,
// and the tables for foreign alerts. A rule that cannot be loaded is listed with
// its reason and the rest still works.
func (h *house) loadRules() (*ruleSet, error) {
	tables, err := sigma.ReadTables(h.content, "mappings")
	if err != nil {
		return nil, err
	}
	folders := []sigma.Folder{{Name: "warder", FS: h.content, Root: "rules"}}
	for _, dir := range h.cfg.Rules.Folders {
		folders = append(folders, sigma.Folder{Name: dir, FS: os.DirFS(dir), Root: "."})
	}
	set, err := sigma.Load(tables, folders...)
	if err != nil {
		return nil, err
	}
	for _, r := range set.Failed {
		h.log.Warn("a rule could not be loaded", "file", r.File, "error", r.Error)
	}
	table, err := foreign.Read(h.content, "mappings")
	if err != nil {
		return nil, err
	}
	others := foreign.New(table)
	return &ruleSet{
		all:          append(set.Rules(), others.Rules()...),
		matchers:     []detect.Matcher{sigma.NewEngine(set), others},
		correlations: append(set.Correlations, others.Correlations()...),
	}, nil
}
