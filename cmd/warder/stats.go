package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"warder/internal/app/inspect"
	"warder/internal/stage/detect"
)

type rulesStats struct {
	ruleChoice
	logChoice
	remote
	Days  int      `help:"With --server: how many days back." default:"14"`
	JSON  bool     `help:"Print one JSON object."`
	Files []string `arg:"" optional:"" help:"Logs; without any, what the Warder at --server has stored." name:"file"`
}

// Help is what --help says beside the options.
func (c *rulesStats) Help() string {
	return `Tells before a rule is switched on how often it will speak. With files, every rule is shown their records. With --server, the rules of
--rules are tried on the events that a running Warder has stored; without --rules, those that it has in force.

Exit codes: 0 it is told, 1 it could not be done or nothing could be read of a file, 2 the command line or the rules are wrong.`
}

func (c *rulesStats) Run(ctx context.Context) error {
	switch {
	case len(c.Files) > 0:
		return c.overFiles(ctx)
	case c.Server == "":
		return misuse{errors.New("name log files, or a running Warder with --server")}
	}
	return c.overStored(ctx)
}

func (c *rulesStats) overFiles(ctx context.Context) error {
	rules, err := c.load()
	if err != nil {
		return err
	}
	logs, err := c.logs(c.Files)
	if err != nil {
		return err
	}
	began := time.Now()
	summary, err := (&inspect.Hunt{Logs: logs, Rules: rules}).Run(ctx)
	endProgress()
	if err != nil {
		return err
	}
	tellProblems(summary)
	if c.JSON {
		summary.Tallies()
		if err := printJSON(summary); err != nil {
			return err
		}
		return unread(summary)
	}
	if err := summary.WritePerDay(os.Stdout); err != nil {
		return err
	}
	fmt.Println(summary.Sentence(len(logs.Files), time.Since(began)))
	return unread(summary)
}

// tried is what one or more trials on stored events gave.
type tried struct {
	Tried   int               `json:"tried"`
	Partial bool              `json:"partial"`
	Rules   []inspect.Tally   `json:"rules"`
	Refused map[string]string `json:"refused,omitempty"` // by file
}

// overStored has the server try rules on what it has stored. Each file is a trial
// of its own: one that is refused does not hold up the others.
func (c *rulesStats) overStored(ctx context.Context) error {
	all := tried{Rules: []inspect.Tally{}, Refused: map[string]string{}}
	if len(c.Rules) == 0 {
		if err := c.try(ctx, "", &all); err != nil {
			return err
		}
		return c.print(&all)
	}
	files, err := ruleFiles(c.Rules)
	if err != nil {
		return misuse{err}
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := c.try(ctx, string(text), &all); err != nil {
			if errors.As(err, new(misuse)) || errors.As(err, new(*url.Error)) { // it would be the same for every file
				return err
			}
			all.Refused[file] = err.Error()
		}
	}
	return c.print(&all)
}

func (c *rulesStats) try(ctx context.Context, text string, all *tried) error {
	now := time.Now().UTC()
	body, err := json.Marshal(map[string]any{"text": text, "from": now.AddDate(0, 0, -c.Days), "to": now})
	if err != nil {
		return err
	}
	answer, err := c.post(ctx, "/rules/try", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	var result detect.TryResult
	if err := json.Unmarshal(answer, &result); err != nil {
		return fmt.Errorf("read what the server answered: %w", err)
	}
	all.Tried = max(all.Tried, result.Tried)
	all.Partial = all.Partial || result.Partial
	for _, r := range result.Rules {
		t := inspect.Tally{ID: r.ID, Title: r.Title, Hits: r.Hits, PerDay: map[string]int{}}
		for _, d := range r.PerDay {
			if d.Hits > 0 {
				t.PerDay[d.Day] = int(d.Hits)
			}
		}
		all.Rules = append(all.Rules, t)
	}
	return nil
}

func (c *rulesStats) print(all *tried) error {
	if c.JSON {
		return printJSON(all)
	}
	if err := inspect.WritePerDay(os.Stdout, all.Rules); err != nil {
		return err
	}
	fmt.Printf("%d stored events of %d days: %d rules would have spoken\n", all.Tried, c.Days, len(all.Rules))
	if all.Partial {
		fmt.Println("There are more events than could be looked at: the newest were.")
	}
	for file, why := range all.Refused {
		fmt.Fprintf(os.Stderr, "%s: %s\n", file, why)
	}
	if len(all.Refused) > 0 {
		return fmt.Errorf("%d files of rules were not tried", len(all.Refused))
	}
	return nil
}

// ruleFiles lists the files of rules that paths name.
func ruleFiles(paths []string) (files []string, err error) {
	for _, path := range paths {
		err := filepath.WalkDir(path, func(at string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			ext := filepath.Ext(at)
			if (ext == ".yml" || ext == ".yaml") && !strings.HasSuffix(strings.TrimSuffix(at, ext), ".test") {
				files = append(files, at)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
