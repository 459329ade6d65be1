package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"warder/internal/app/inspect"
	"warder/internal/stage/detect"
)

type rulesCommands struct {
	Check   rulesCheck   `cmd:"" help:"Say everything that is wrong with rules, each with file and line."`
	Test    rulesTest    `cmd:"" help:"Run the tests beside rules, and SigmaHQ's regression tests."`
	Explain rulesExplain `cmd:"" help:"Say why a rule met a record or did not, predicate by predicate."`
	Stats   rulesStats   `cmd:"" help:"Hits per day and rule, over files or over what a running Warder has stored."`
}

type rulesCheck struct {
	Paths []string `arg:"" optional:"" help:"Folders or files of Sigma rules; the rules that Warder ships when none is named." name:"path"`
	JSON  bool     `help:"Print one JSON object."`
}

// Help is what --help says beside the options.
func (c *rulesCheck) Help() string {
	return `Every file that is YAML is taken for rules, but hidden ones, *.test.yml and info.yml.

Exit codes: 0 every rule can be loaded, 1 one cannot, 2 the command line is wrong.`
}

func (c *rulesCheck) Run() error {
	rules, err := inspect.LoadRules(inspect.RulesOptions{Builtin: len(c.Paths) == 0, Paths: c.Paths})
	if err != nil {
		return misuse{err}
	}
	checked := rules.Check()
	if c.JSON {
		if err := printJSON(checked); err != nil {
			return err
		}
	} else {
		for _, p := range checked.Problems {
			fmt.Println(p)
		}
		for _, p := range checked.Warnings {
			p.Text = "warning: " + p.Text
			fmt.Println(p)
		}
		for _, p := range checked.Replaced {
			fmt.Println(p)
		}
		replaced := ""
		if n := len(checked.Replaced); n > 0 {
			replaced = fmt.Sprintf(", %d replaced by others of the same id", n)
		}
		fmt.Printf("%d rules: %d good, %d bad, %d with a warning%s\n", checked.Rules, checked.Good, checked.Bad, len(checked.Warnings), replaced)
	}
	switch {
	case checked.Rules == 0:
		return misuse{errors.New("no rule is there")}
	case checked.Bad > 0:
		return fmt.Errorf("%d of %d rules cannot be loaded", checked.Bad, checked.Rules)
	}
	return nil
}

func printJSON(v any) error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

type rulesTest struct {
	Paths   []string `arg:"" optional:"" help:"Folders of rules and of regression tests; the rules that Warder ships when none is named." name:"path"`
	Rules   []string `help:"Further rules that the tests name; repeatable." placeholder:"DIR" sep:"none"`
	JSON    bool     `help:"Print one JSON object."`
	Verbose bool     `help:"Name the tests that pass too, and the rules without one." short:"v"`
}

// Help is what --help says beside the options.
func (c *rulesTest) Help() string {
	return `Two kinds of tests are run. Beside rules.yml lies rules.test.yml: hits, of which each must raise an alert of one of the file's rules, and
silences, of which none may; every rule that raises alerts needs a hit, by "rule: its title" where the file has several. In SigmaHQ's
layout (regression_data) an info.yml names a rule, a log (EVTX or JSON) and how many of its events must meet the rule.

Exit codes: 0 every test passed, 1 one did not, 2 the command line is wrong or there is no test.`
}

func (c *rulesTest) Run(ctx context.Context) error {
	rules, err := inspect.LoadRules(inspect.RulesOptions{Builtin: len(c.Paths) == 0, Paths: append(c.Rules, c.Paths...)})
	if err != nil {
		return misuse{err}
	}
	tellFailed(rules)
	run, err := rules.Test(ctx, c.Paths, inspect.RegressionOptions{Now: time.Now})
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(run); err != nil {
			return err
		}
	} else {
		c.print(run)
	}
	switch {
	case run.Failed > 0:
		return fmt.Errorf("%d of %d tests failed", run.Failed, run.Failed+run.Passed)
	case run.Passed == 0:
		return misuse{errors.New("no test is there")}
	}
	return nil
}

func (c *rulesTest) print(run *inspect.TestRun) {
	for _, r := range run.Results {
		if r.Passed && !c.Verbose {
			continue
		}
		word := "FAIL"
		if r.Passed {
			word = "pass"
		}
		at := r.File
		if r.Line > 0 {
			at = fmt.Sprintf("%s:%d", r.File, r.Line)
		}
		fmt.Printf("%s  %s (%s)\n      %s: %s\n", word, r.Title, r.Rule, at, r.Test)
		for _, more := range [...]string{r.Detail, r.Note} {
			if more != "" {
				fmt.Println("     ", more)
			}
		}
	}
	if c.Verbose {
		for _, r := range run.Untested {
			fmt.Printf("none  %s (%s)\n", r.Title, r.ID)
		}
	}
	fmt.Printf("%d tests passed, %d failed; %d rules without a test\n", run.Passed, run.Failed, run.Without)
}

type rulesExplain struct {
	ruleChoice
	logChoice
	Rule string `arg:"" help:"The rule's id, a part of its title, or a file with the rule."`
	File string `arg:"" help:"A log with the record, or - for standard input."`
	At   int    `help:"Only the record at this line, or of this number in an event log of Windows." placeholder:"N"`
	Most int    `help:"How many records are explained." default:"10"`
	JSON bool   `help:"Print one JSON object for each record."`
}

func (c *rulesExplain) Run(ctx context.Context) error {
	if info, err := os.Stat(c.Rule); err == nil && !info.IsDir() {
		c.Rules = append(c.Rules, c.Rule)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return misuse{err}
	}
	rules, err := c.load()
	if err != nil {
		return err
	}
	rule, err := c.find(rules)
	if err != nil {
		return misuse{err}
	}
	logs, err := c.logs([]string{c.File})
	if err != nil {
		return err
	}
	logs.Progress = nil
	more, err := rules.Explain(ctx, rule, inspect.ExplainOptions{Logs: logs, At: c.At, Most: c.Most}, func(e *inspect.Explained) error {
		if c.JSON {
			return printJSON(e)
		}
		return e.WriteText(os.Stdout)
	})
	if more {
		fmt.Fprintf(os.Stderr, "There are more records; --most %d explains more of them, --at N a certain one.\n", 10*c.Most)
	}
	return err
}

// find finds the rule by its name, or the first of the file that was named.
func (c *rulesExplain) find(rules *inspect.Rules) (*detect.Rule, error) {
	for i := range rules.All {
		r := &rules.All[i]
		if r.File != filepath.ToSlash(filepath.Clean(c.Rule)) {
			continue
		}
		if r.Error != "" {
			return nil, fmt.Errorf("%s:%d: %s", r.File, r.Line, r.Error)
		}
		return r, nil
	}
	return rules.Find(c.Rule)
}
