package rulebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"warder/internal/flow"
	"warder/internal/kit/regular"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/ruletest"
	"warder/internal/stage/detect/sigma"
)

// State hashes names, sizes and times of the files in the folders of the
// configuration; what cannot be read is part of the state too.
func (b *Book) State() string {
	sum := sha256.New()
	for _, f := range b.folders()[1:] { // our own are in the program
		err := fs.WalkDir(f.FS, f.Root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it went while we looked
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
			return nil
		})
		fmt.Fprintf(sum, "%q %v\n", f.Name, err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// testsBeside reads the tests in the file beside a rule and runs them.
func testsBeside(ctx context.Context, folders []sigma.Folder, pack *detect.Pack, rule *detect.Rule) ([]detect.RuleTest, error) {
	fsys, name, ok := inFolder(folders, rule.File)
	if !ok {
		return nil, nil
	}
	data, err := regular.Read(fsys, ruletest.Beside(name), ruletest.Largest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the tests of a rule: %w", err)
	}
	cases, err := ruletest.Read(data)
	if err != nil {
		return nil, err
	}
	var ids []string
	var rules []detect.Rule
	for i := range pack.Ruleset.Rules {
		if r := &pack.Ruleset.Rules[i]; r.File == rule.File && r.Error == "" {
			ids, rules = append(ids, r.ID), append(rules, *r)
		}
	}
	err = ruletest.Direct(cases, rules) // told beside the cases, which are shown all the same
	list := make([]detect.RuleTest, len(cases))
	for i := range cases {
		list[i] = detect.RuleTest{Kind: string(cases[i].Kind), Text: cases[i].Text}
		if ctx.Err() == nil {
			outcome := cases[i].Hold(ids, showTo(pack))
			list[i].Passed, list[i].Detail = &outcome.Passed, outcome.Detail
		}
	}
	return list, err
}

// showTo shows events to the rules of a pack.
func showTo(pack *detect.Pack) ruletest.Run {
	return func(events []flow.Event) (raised []ruletest.Raised) {
		pack.Show(events, func(r *detect.Rule) {
			raised = append(raised, ruletest.Raised{Rule: r.ID, Title: r.Title})
		})
		return raised
	}
}
