package inspect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"warder/internal/flow"
	"warder/internal/kit/regular"
	"warder/internal/stage/detect"
	"warder/internal/stage/detect/ruletest"
)

// TestResult is what came of one test of a rule.
type TestResult struct {
	Rule   string `json:"rule"`
	Title  string `json:"title"`
	File   string `json:"file"` // of the test
	Line   int    `json:"line,omitempty"`
	Test   string `json:"test"` // "hit: a door is forced", or the name of a regression test
	Passed bool   `json:"passed"`
	Detail string `json:"detail,omitempty"` // what was expected and what came, where it did not pass
	Note   string `json:"note,omitempty"`
}

// TestRun is what came of all tests.
type TestRun struct {
	Results  []TestResult  `json:"results"`
	Passed   int           `json:"passed"`
	Failed   int           `json:"failed"`
	Untested []detect.Rule `json:"-"`        // rules without a test
	Without  int           `json:"untested"` // how many they are
}

func (t *TestRun) add(r TestResult) {
	t.Results = append(t.Results, r)
	if r.Passed {
		t.Passed++
	} else {
		t.Failed++
	}
}

// Test runs the tests beside the rules, and the regression tests that lie below
// the folders given, in the layout of SigmaHQ (info.yml).
func (r *Rules) Test(ctx context.Context, folders []string, o RegressionOptions) (*TestRun, error) {
	run := &TestRun{Results: []TestResult{}}
	tested := map[string]bool{}
	if err := r.testBeside(ctx, run, tested); err != nil {
		return run, err
	}
	for _, folder := range folders {
		if err := r.regress(ctx, folder, o, run, tested); err != nil {
			return run, err
		}
	}
	for _, rule := range r.All {
		if rule.Error == "" && rule.Kind != detect.KindForeign && !tested[rule.ID] {
			run.Untested = append(run.Untested, rule)
		}
	}
	run.Without = len(run.Untested)
	return run, nil
}

// testBeside runs the test file of every rule file that has one.
func (r *Rules) testBeside(ctx context.Context, run *TestRun, tested map[string]bool) error {
	byFile := map[string][]detect.Rule{}
	var files []string
	for _, rule := range r.All {
		if rule.Error != "" || rule.Kind == detect.KindForeign {
			continue
		}
		if byFile[rule.File] == nil {
			files = append(files, rule.File)
		}
		byFile[rule.File] = append(byFile[rule.File], rule)
	}
	slices.Sort(files)
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := r.beside(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			run.add(TestResult{Rule: byFile[file][0].ID, Title: byFile[file][0].Title, File: ruletest.Beside(file), Test: "the file", Detail: err.Error()})
			continue
		}
		r.hold(run, byFile[file], ruletest.Beside(file), data, tested)
	}
	return nil
}

// beside reads the test file of a rule file, from the folder that it was loaded from.
func (r *Rules) beside(file string) ([]byte, error) {
	for _, f := range r.folders {
		rest, ok := strings.CutPrefix(file, filepath.ToSlash(filepath.Clean(f.Name)))
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		name := f.Root + rest
		if f.Root == "." {
			name = strings.TrimPrefix(rest, "/")
		}
		return regular.Read(f.FS, ruletest.Beside(name), ruletest.Largest)
	}
	return regular.ReadPath(ruletest.Beside(file), ruletest.Largest)
}

func (r *Rules) hold(run *TestRun, rules []detect.Rule, file string, data []byte, tested map[string]bool) {
	ids := make([]string, len(rules))
	for i := range rules {
		ids[i] = rules[i].ID
		tested[rules[i].ID] = true
	}
	result := TestResult{Rule: rules[0].ID, Title: rules[0].Title, File: file}
	cases, err := ruletest.Read(data)
	if err != nil {
		result.Test, result.Detail = "the file", err.Error()
		run.add(result)
		return
	}
	if err := ruletest.Direct(cases, rules); err != nil {
		result.Test, result.Detail = "the file", err.Error()
		run.add(result)
	}
	for i := range cases {
		o := cases[i].Hold(ids, r.Raise)
		result.Line, result.Test = o.Case.Line, fmt.Sprintf("%s: %s", o.Case.Kind, o.Case.Name)
		result.Passed, result.Detail = o.Passed, o.Detail
		run.add(result)
	}
}

// Raise shows events to the rules, which remember nothing, and gives the alerts.
// It is a ruletest.Run.
func (r *Rules) Raise(events []flow.Event) (raised []ruletest.Raised) {
	r.pack.Show(events, func(rule *detect.Rule) {
		raised = append(raised, ruletest.Raised{Rule: rule.ID, Title: rule.Title})
	})
	return raised
}
