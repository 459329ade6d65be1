package inspect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"warder/internal/kit/regular"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/ruletest"
	"warder/internal/stage/source/recorded"
)

// infoFile describes the regression tests of a rule, in SigmaHQ's layout.
const infoFile = "info.yml"

// RegressionOptions says how regression tests are run.
type RegressionOptions struct {
	Now func() time.Time
}

// info is an info.yml.
type info struct {
	Rules []struct {
		ID    string `yaml:"id"`
		Title string `yaml:"title"`
	} `yaml:"rule_metadata"`
	Tests []infoTest `yaml:"regression_tests_info"`
}

type infoTest struct {
	Name  string `yaml:"name"`
	Type  string `yaml:"type"`
	Path  string `yaml:"path"`
	Count *int   `yaml:"match_count"` // at least one where it is not said
}

// regress runs the regression tests below a folder.
func (r *Rules) regress(ctx context.Context, folder string, o RegressionOptions, run *TestRun, tested map[string]bool) error {
	if stat, err := os.Stat(folder); err != nil || !stat.IsDir() {
		return err
	}
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() != infoFile {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.regressOne(ctx, path, o, run, tested)
	})
}

func (r *Rules) regressOne(ctx context.Context, path string, o RegressionOptions, run *TestRun, tested map[string]bool) error {
	result := TestResult{File: path, Test: "the file"}
	data, err := regular.ReadPath(path, ruletest.Largest)
	if err != nil {
		result.Detail = err.Error()
		run.add(result)
		return nil
	}
	var in info
	if err := yaml.Unmarshal(data, &in); err != nil {
		result.Detail = "read the description of the tests: " + err.Error()
		run.add(result)
		return nil
	}
	if len(in.Tests) == 0 {
		return nil // set aside by its authors
	}
	if len(in.Rules) == 0 {
		result.Detail = "rule_metadata names no rule"
		run.add(result)
		return nil
	}
	for _, rule := range in.Rules {
		tested[rule.ID] = true
		for _, test := range in.Tests {
			result := TestResult{Rule: rule.ID, Title: rule.Title, File: path, Test: test.Name}
			if err := r.regressTest(ctx, &result, test, o); err != nil {
				return err
			}
			run.add(result)
		}
	}
	return nil
}

// regressTest counts the events of a test's file that its rule meets.
func (r *Rules) regressTest(ctx context.Context, result *TestResult, test infoTest, o RegressionOptions) error {
	at := slices.IndexFunc(r.All, func(rule detect.Rule) bool { return rule.ID == result.Rule && rule.Error == "" })
	if at < 0 {
		result.Detail = "the rule is not among those that could be loaded"
		return nil
	}
	log, err := logOf(result.File, test.Path)
	if err != nil {
		result.Detail = err.Error()
		return nil
	}
	wanted, exact := 1, test.Count != nil
	if exact {
		wanted = *test.Count
	}
	if filepath.Base(log) != filepath.Base(filepath.FromSlash(test.Path)) {
		// Converters also keep events beside those that were counted.
		result.Note, exact = filepath.Base(log)+" was read in its place", wanted == 0
	}
	logs := &Logs{Files: []recorded.File{{Path: log}}, Options: recorded.Options{Now: o.Now}}
	matched, read, unreadable := 0, 0, 0
	err = scan(ctx, logs, r.pack.Ruleset.Matchers, func(rec *record) error {
		read++
		if rec.event.Unreadable() {
			unreadable++
		}
		if slices.ContainsFunc(rec.matches, func(m detect.Match) bool { return m.Rule.ID == result.Rule }) {
			matched++
		}
		return nil
	})
	if err != nil {
		return err
	}
	result.Passed = matched == wanted || matched > wanted && !exact
	if !result.Passed {
		least := ""
		if !exact {
			least = "at least "
		}
		result.Detail = fmt.Sprintf("%s%s of %s should meet the rule; of %d, %d do", least, plural(wanted, "event"), log, read, matched)
		if unreadable > 0 {
			result.Detail += fmt.Sprintf(" (%d cannot be read)", unreadable)
		}
	}
	return nil
}

// logOf finds the file of a test: its path is meant from the top of the checkout,
// but it may also lie beside its description, as itself or converted to JSON.
func logOf(infoPath, path string) (string, error) {
	path = filepath.FromSlash(path)
	dir := filepath.Dir(infoPath)
	candidates := []string{filepath.Join(dir, filepath.Base(path))}
	up, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for ; up != filepath.Dir(up); up = filepath.Dir(up) {
		candidates = append(candidates, filepath.Join(up, path))
	}
	candidates = append(candidates, strings.TrimSuffix(candidates[0], filepath.Ext(path))+".json")
	for _, at := range candidates {
		if stat, err := os.Stat(at); err == nil && stat.Mode().IsRegular() {
			return at, nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s is not there", path)
}
