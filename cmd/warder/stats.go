package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"warder/internal/app/inspect"
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

Exit codes: 0 it is told, 1 it could not be done or nothing could be read of a file, 2 the command line is wrong or a path of --rules gives no rule.`
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
